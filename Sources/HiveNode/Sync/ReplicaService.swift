import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import Synchronization

/// This instance's replicas as peers read and extend them: reads from the store, heads from memory, events through the
/// one writer.
struct ReplicaService: ReplicaAccess {
    let store: HiveStore
    let writer: Writer<StoreBackend>
    let board: HeadsBoard
    let backfills: BackfillBoard
    let held: HeldBoard
    private let crypto = SwiftCrypto()

    init(
        store: HiveStore,
        writer: Writer<StoreBackend>,
        board: HeadsBoard,
        backfills: BackfillBoard,
        held: HeldBoard
    ) {
        self.store = store
        self.writer = writer
        self.board = board
        self.backfills = backfills
        self.held = held
    }

    func admit(_ events: [Event], group: GroupID, from peer: InstanceID?) async throws -> AdmissionOutcome {
        let progress = AdmitProgress(events: events)
        let outcome = try await writer.performCuttable { turn, result, budget in
            let (slice, isLast) = progress.next(budget)
            let outcome = try turn.admit(slice, in: group)
            if outcome.inserted > 0 { try turn.openOwnLog(in: group, backfills: backfills) }
            let merged = progress.add(outcome)
            guard isLast else { return .unfinished(events: slice.count) }
            result.set(merged)
            return .finished(events: slice.count)
        }
        held.note(events, outcome, group: group)
        return outcome
    }

    func heads(of group: GroupID) async throws -> GroupHeads? { board.heads(of: group) }

    func events(of group: GroupID, above heads: [LogHead], maxEvents: Int, maxBytes: Int) async throws -> EventBatch {
        try await store.events(of: group, above: heads, maxEvents: maxEvents, maxBytes: maxBytes)
    }

    func events(of group: GroupID, sinceArrival: Int64, limit: Int) async throws -> EventPage {
        try await store.events(of: group, sinceArrival: sinceArrival, limit: limit)
    }

    func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws {
        try await board.waitForNews(of: group, above: heads, waitMs: waitMs)
    }

    func role(of instance: InstanceID, in group: GroupID) async throws -> MemberRole? {
        try await store.role(of: instance, in: group)
    }

    func identityKey(of instance: InstanceID, in group: GroupID) async throws -> PublicKey? {
        try await store.identityKey(of: instance, in: group)
    }

    func sharedGroups() async throws -> [SharedGroup] {
        try await store.sharedGroups(crypto).map { group in
            var group = group
            if let heads = board.heads(of: group.id) { group.heads = heads }
            return group
        }
    }
}

/// How far a batch that is admitted in several transactions has come.
private final class AdmitProgress: Sendable {
    private struct State {
        var next = 0
        var outcome = AdmissionOutcome()
    }

    private let events: [Event]
    private let state = Mutex(State())

    init(events: [Event]) {
        self.events = events
    }

    /// The next events, and whether they are the last.
    func next(_ budget: Int) -> (slice: [Event], isLast: Bool) {
        state.withLock { state in
            let start = state.next
            // What is left over is not worth a transaction of its own.
            var end = min(events.count, start + max(1, budget))
            if events.count - end < max(1, budget) / 4 { end = events.count }
            state.next = end
            return (Array(events[start..<end]), end == events.count)
        }
    }

    func add(_ part: AdmissionOutcome) -> AdmissionOutcome {
        state.withLock { state in
            state.outcome.merge(part)
            return state.outcome
        }
    }
}

extension AdmissionOutcome {
    /// Takes in what became of the next part of the same batch.
    fileprivate mutating func merge(_ part: AdmissionOutcome) {
        inserted += part.inserted
        duplicates += part.duplicates
        need = part.need + need.filter { gap in !part.need.contains { $0.origin == gap.origin } }
        unknown = Array(Set(unknown).union(part.unknown)).sorted()
        if let until = part.heldUntilMs { heldUntilMs = min(heldUntilMs ?? until, until) }
        heldEvents += part.heldEvents
        upgradeNeeded = upgradeNeeded || part.upgradeNeeded
        forks += part.forks
        rejected += part.rejected
        heads = part.heads
    }
}
