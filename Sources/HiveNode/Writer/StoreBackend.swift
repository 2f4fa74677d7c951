import HiveModel
import HivePorts
import HiveStore
import HiveSync
import Synchronization

/// The writer's store: one `HiveStore.write` for what the mailbox held.
final class StoreBackend: WriteBackend {
    typealias Turn = WriteTurn
    typealias Receipt = Committed

    private let store: HiveStore
    private let local: LocalInstance
    private let nowMs: @Sendable () -> Int64
    private let backfills: BackfillBoard
    private let listeners = Mutex<[any CommitListener]>([])
    /// Whether the store was told that a backfill is under way.
    private let isBackfilling = Mutex(false)
    /// When replies were last forgotten, milliseconds since 1970.
    private let repliesPrunedMs = Mutex<Int64>(0)
    private static let repliesPrunedEveryMs: Int64 = 600_000

    init(
        store: HiveStore,
        local: LocalInstance,
        backfills: BackfillBoard,
        nowMs: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.backfills = backfills
        self.local = local
        self.nowMs = nowMs
    }

    /// Adds somebody to tell of commits, before the writer starts.
    func addListener(_ listener: any CommitListener) { listeners.withLock { $0.append(listener) } }

    func transaction(_ body: (WriteTurn) throws -> Void) throws -> Committed {
        try noteBackfill()
        let (receipt, endedBackfills) = try store.write { transaction in
            let turn = WriteTurn(transaction: transaction, local: local, nowMs: nowMs())
            try body(turn)
            let heads = try turn.finish()
            let committed = Committed(
                heads: heads,
                changes: try transaction.changes(),
                ownLogs: turn.memory.ownLogs,
                newestMs: try transaction.clock().last.ms
            )
            return (committed, turn.memory.endedBackfills)
        }
        for group in endedBackfills { backfills.end(group) }
        return receipt
    }

    func savepoint(_ turn: WriteTurn, _ body: () throws -> Void) throws {
        let before = turn.memory
        turn.isIsolated = true
        defer { turn.isIsolated = false }
        var transaction = turn.transaction
        do {
            try transaction.savepoint(body)
        } catch {
            turn.memory = before
            throw Self.told(error)
        }
    }

    /// Faults of the disk are `.unavailable` and fail the transaction; what else the store or the fold throws is a
    /// fault of this program, and of the one job.
    private static func told(_ error: any Error) -> HiveError {
        (HiveStore.described(error) as? HiveError) ?? HiveError(.internalFault, "A write failed: \(error)")
    }

    /// While a group is received the write-ahead log may grow, which saves writing pages twice.
    private func noteBackfill() throws {
        let isUnderWay = backfills.isAnyUnderWay
        let isNews = isBackfilling.withLock { told in
            defer { told = isUnderWay }
            return told != isUnderWay
        }
        if isNews { try store.setBackfilling(isUnderWay) }
    }

    func announce(_ receipt: Committed) {
        guard !receipt.isEmpty else { return }
        for listener in listeners.withLock({ $0 }) { listener.committed(receipt) }
    }

    var isReceivingMuch: Bool { backfills.isAnyUnderWay }

    func tidy() throws -> Bool {
        try noteBackfill()
        if try store.indexPending(limit: 2_000) > 0 { return true }
        if try store.scrubSearch() { return true }
        try store.pruneChanges()
        try pruneReplies()
        return false
    }

    private func pruneReplies() throws {
        let now = nowMs()
        let isDue = repliesPrunedMs.withLock { last in
            guard now - last >= Self.repliesPrunedEveryMs else { return false }
            last = now
            return true
        }
        if isDue { try store.write { try $0.pruneReplies(before: now - ReplyShelf.keptMs) } }
    }
}

/// What a transaction changed, told after its commit.
struct Committed: Sendable {
    /// The heads of every group touched.
    var heads: [(group: GroupID, heads: GroupHeads)]
    /// Oldest first.
    var changes: [RecordedChange]
    /// Groups in which something of the own log may have to be mended.
    var ownLogs: [(group: GroupID, mark: OwnLogMark)] = []
    /// What this instance's hybrid clock shows then, milliseconds since 1970.
    var newestMs: Int64

    var isEmpty: Bool { heads.isEmpty && changes.isEmpty }
}

/// Somebody who wants to know of commits.
///
/// Called on the writer's thread, in the order of commits: MUST NOT block.
protocol CommitListener: Sendable {
    func committed(_ commit: Committed)
}
