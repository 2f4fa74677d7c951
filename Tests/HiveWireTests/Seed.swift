enum HiveWireTestsSeed {}
