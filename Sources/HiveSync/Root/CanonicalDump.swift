public import HiveModel

extension FoldState {
    /// The replicated state as text: the canonical rows in order of their bytes, a line feed after each.
    ///
    /// Equal events give equal bytes on every replica.
    public func canonicalDump() throws -> [UInt8] {
        var rows: [[UInt8]] = []
        var row = CanonicalRow()
        try forEachEntity { entity in
            row.write(entity)
            rows.append(row.bytes)
        }
        rows.sort { $0.lexicographicallyPrecedes($1) }
        var dump: [UInt8] = []
        dump.reserveCapacity(rows.reduce(0) { $0 + $1.count + 1 })
        for row in rows {
            dump.append(contentsOf: row)
            dump.append(UInt8(ascii: "\n"))
        }
        return dump
    }

    /// The state root's buckets, from everything materialised instead of from what changed.
    public func recomputedRoot(_ crypto: some Hashing) throws -> StateRoot {
        var root = StateRoot()
        var row = CanonicalRow()
        try forEachEntity { entity in
            row.write(entity)
            root.add(crypto.sha256(row.bytes), bucket: row.bucket(crypto))
        }
        return root
    }
}
