enum HiveStoreTestsSeed {}
