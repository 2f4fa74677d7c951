enum HiveTestKitSeed {}
