enum HiveNodeTestsSeed {}
