enum HiveStoreSeed {}
