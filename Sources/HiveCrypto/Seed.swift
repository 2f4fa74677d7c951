enum HiveCryptoSeed {}
