enum HiveAPISeed {}
