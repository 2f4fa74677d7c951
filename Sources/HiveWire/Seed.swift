enum HiveWireSeed {}
