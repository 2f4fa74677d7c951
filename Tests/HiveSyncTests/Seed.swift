enum HiveSyncTestsSeed {}
