enum HiveImportTestsSeed {}
