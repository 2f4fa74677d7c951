enum HiveImportSeed {}
