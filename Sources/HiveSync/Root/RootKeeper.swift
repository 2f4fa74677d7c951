import HiveModel

/// The state root of a transaction: read at its first change, changed in memory, written once at its end.
struct RootKeeper {
    private var loaded: StateRoot?
    private var isChanged = false
    private var row = CanonicalRow()

    /// Empty until loaded or changed.
    var buckets: StateRoot { loaded ?? StateRoot() }

    mutating func add(_ entity: Entity, _ crypto: some Hashing, _ state: some FoldState) throws {
        try load(from: state)
        row.write(entity)
        loaded?.add(crypto.sha256(row.bytes), bucket: row.bucket(crypto))
        isChanged = true
    }

    mutating func remove(_ entity: Entity, _ crypto: some Hashing, _ state: some FoldState) throws {
        try load(from: state)
        row.write(entity)
        loaded?.remove(crypto.sha256(row.bytes), bucket: row.bucket(crypto))
        isChanged = true
    }

    mutating func load(from state: some FoldState) throws {
        if loaded == nil { loaded = try state.stateRoot() }
    }

    /// Begins with nothing materialised.
    mutating func reset() {
        loaded = StateRoot()
        isChanged = true
    }

    mutating func store(in state: inout some FoldState) throws {
        guard isChanged, let loaded else { return }
        try state.putStateRoot(loaded)
        isChanged = false
    }
}
