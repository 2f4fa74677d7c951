enum HiveHTTPSeed {}
