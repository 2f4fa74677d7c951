enum HiveAPITestsSeed {}
