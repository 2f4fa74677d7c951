enum HiveNodeSeed {}
