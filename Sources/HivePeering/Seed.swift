enum HivePeeringSeed {}
