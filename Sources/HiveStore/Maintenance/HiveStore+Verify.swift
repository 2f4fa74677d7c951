public import HiveModel
public import HivePorts
import HiveSync

extension HiveStore {
    /// Folds a group's stored log from nothing, in memory, and compares state root, rows and counters with what is
    /// stored; every hash and chain is checked on the way, and the signatures that must be good.
    ///
    /// Works on a snapshot and blocks no writer. Takes memory for the group's whole log.
    /// - Parameter onProgress: told the number of events read so far, and of all.
    public func verify<Crypto: CryptoSuite>(
        _ group: GroupID,
        _ crypto: Crypto,
        onProgress: (@Sendable (_ done: Int64, _ total: Int64) -> Void)? = nil
    ) async throws -> VerifyResult {
        let options = options
        return try await read { reader in
            // Statements that write are prepared too; a reader's connection can't run them.
            let core = try WriterCore(connection: reader.db, options: options)
            let number = try GroupReads.number(of: group, reader) ?? 0
            let total = try GroupReads.eventCount(number, reader)
            let verification = Verification(state: try core.state(for: group), core: core, crypto: crypto)
            return try verification.result { onProgress?($0, total) }
        }
    }
}

/// One comparison of a stored group with its log.
private struct Verification<Crypto: CryptoSuite> {
    private let stored: SQLiteState
    private let core: WriterCore
    private let crypto: Crypto

    private static var differencesMax: Int { 20 }
    private static var pageSize: Int { 500 }

    init(state: SQLiteState, core: WriterCore, crypto: Crypto) {
        self.stored = state
        self.core = core
        self.crypto = crypto
    }

    func result(_ tell: (Int64) -> Void) throws -> VerifyResult {
        var chain = ChainCheck(group: stored.groupID, crypto: crypto)
        let (folded, events) = try fold(&chain, tell)
        var entities: Int64 = 0
        folded.forEachEntity { _ in entities += 1 }
        let storedRoot = try stored.stateRoot().value(crypto)
        let foldedRoot = folded.stateRoot().value(crypto)
        let rowsRoot = try stored.recomputedRoot(crypto).value(crypto)
        var differences = try chain.faults(heads: stored.heads(), keys: stored)
        if rowsRoot != foldedRoot { differences += try differingRows(folded) }
        if storedRoot != rowsRoot { differences.append("The stored root is not that of the stored rows.") }
        differences += try wrongCounters()
        return VerifyResult(
            group: stored.groupID,
            events: events,
            entities: entities,
            storedRoot: storedRoot,
            foldedRoot: foldedRoot,
            isEqual: differences.isEmpty && storedRoot == foldedRoot,
            differences: Array(differences.prefix(Self.differencesMax))
        )
    }

    private func fold(
        _ chain: inout ChainCheck<Crypto>,
        _ tell: (Int64) -> Void
    ) throws -> (state: MemoryState, events: Int64) {
        var memory = MemoryState()
        var (last, count): (RowNumber, Int64) = (0, 0)
        while true {
            let page = try stored.events(of: nil, after: last, limit: Self.pageSize)
            guard let end = page.last else { break }
            for found in page {
                try chain.take(found.event, keys: stored)
                _ = memory.append(found.event, isVerified: true)
            }
            count += Int64(page.count)
            tell(count)
            last = end.arrival
        }
        for event in try stored.poison() { memory.markPoison(event) }
        var fold = Fold<MemoryState, Crypto>(group: stored.groupID, crypto: crypto)
        try fold.refold(&memory)
        try fold.finish(&memory)
        return (memory, count)
    }

    private func differingRows(_ folded: MemoryState) throws -> [String] {
        let newline = UInt8(ascii: "\n")
        let ours = try stored.canonicalDump().split(separator: newline)
        let theirs = try folded.canonicalDump().split(separator: newline)
        var differences: [String] = []
        var (left, right) = (ours[...], theirs[...])
        while differences.count < Self.differencesMax, !left.isEmpty || !right.isEmpty {
            switch (left.first, right.first) {
            case (let stored?, let folded?) where stored == folded:
                left.removeFirst()
                right.removeFirst()
            case (let stored?, let folded?) where stored.lexicographicallyPrecedes(folded):
                differences.append("Stored, but not from the log: \(Self.text(stored)).")
                left.removeFirst()
            case (let stored?, nil):
                differences.append("Stored, but not from the log: \(Self.text(stored)).")
                left.removeFirst()
            case (_, let folded?):
                differences.append("From the log, but not stored: \(Self.text(folded)).")
                right.removeFirst()
            case (nil, nil): break
            }
        }
        return differences
    }

    private static func text(_ row: ArraySlice<UInt8>) -> String {
        row.count > 300 ? String(decoding: row.prefix(300), as: UTF8.self) + "…" : String(decoding: row, as: UTF8.self)
    }

    private func wrongCounters() throws -> [String] {
        try CounterSQL.checks.compactMap { check in
            let statement = try core.prepare(check.sql)
            for index in 1...check.parameters { statement.bind(index, stored.number) }
            guard try statement.step(), statement.int(0) > 0 else { return nil }
            return "\(statement.int(0)) \(check.what) differ from a recount."
        }
    }
}
