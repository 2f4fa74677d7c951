enum HiveModelTestsSeed {}
