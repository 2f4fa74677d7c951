import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveWire
import Synchronization

/// This instance's replicas as peers read and extend them: reads from the store, heads from memory, events through the
/// one writer.
struct ReplicaService: ReplicaAccess {
    let store: HiveStore
    let own: InstanceID
    let writer: Writer<StoreBackend>
    let board: HeadsBoard
    let backfills: BackfillBoard
    let held: HeldBoard
    let clocks: ClockWatch
    private let crypto = SwiftCrypto()

    init(
        store: HiveStore,
        own: InstanceID,
        writer: Writer<StoreBackend>,
        board: HeadsBoard,
        backfills: BackfillBoard,
        held: HeldBoard,
        clocks: ClockWatch
    ) {
        self.store = store
        self.own = own
        self.writer = writer
        self.board = board
        self.backfills = backfills
        self.held = held
        self.clocks = clocks
    }

    func admit(
        _ events: [Event],
        beside evidence: LogEvidence,
        group: GroupID,
        from peer: InstanceID?
    ) async throws -> AdmissionOutcome {
        let parts = AdmittedParts()
        let outcome = try await writer.performCuttable { turn, result, position, budget in
            let end = Self.end(of: events, from: position, budget)
            let part = Array(events[position..<end])
            try turn.watchOwnLog(part, in: group)
            let outcome = try turn.admit(part, beside: position == 0 ? evidence : LogEvidence(), in: group)
            if outcome.inserted > 0 { try turn.openOwnLog(in: group, backfills: backfills) }
            parts.put(outcome, at: position)
            guard end == events.count else { return .unfinished(events: end - position) }
            result.set(parts.merged)
            return .finished(events: end - position)
        }
        held.note(events, outcome, group: group)
        return outcome
    }

    /// Where the next part of a batch ends; a rest that is not worth a transaction of its own goes along.
    private static func end(of events: [Event], from position: Int, _ budget: Int) -> Int {
        let end = min(events.count, position + max(1, budget))
        return events.count - end < max(1, budget) / 4 ? events.count : end
    }

    func heard(serverTimeMs: Int64, from peer: InstanceID) { clocks.heard(serverTimeMs: serverTimeMs, from: peer) }

    func heads(of group: GroupID) async throws -> GroupHeads? { board.heads(of: group) }

    func events(
        of group: GroupID,
        above heads: [LogHead],
        sendsOwnLog: Bool,
        maxEvents: Int,
        maxBytes: Int
    ) async throws -> EventBatch {
        try await store.events(
            of: group,
            above: heads,
            leavingOut: sendsOwnLog ? nil : own,
            maxEvents: maxEvents,
            maxBytes: maxBytes
        )
    }

    func evidence(of group: GroupID, above heads: [LogHead]) async throws -> LogEvidence {
        try await store.evidence(of: group, above: heads)
    }

    func introductions(of instances: [InstanceID], in group: GroupID) async throws -> [Introduction] {
        try await writer.perform { turn in
            try turn.state(of: group).introductions(of: instances, countMax: WireLimits.introductionsMax / 2)
        }
    }

    func lostEvents(of origin: InstanceID, in group: GroupID, maxBytes: Int) async throws -> EventBatch {
        try await store.lostEvents(of: origin, in: group, maxBytes: maxBytes)
    }

    func heldHash(at head: LogHead, in group: GroupID) async throws -> Hash256? {
        try await store.heldHash(at: head, in: group)
    }

    func events(of group: GroupID, sinceArrival: Int64, limit: Int) async throws -> EventPage {
        try await store.events(of: group, sinceArrival: sinceArrival, limit: limit)
    }

    func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws {
        try await board.waitForNews(of: group, above: heads, waitMs: waitMs)
    }

    func repair(_ group: GroupID) async throws -> Bool {
        let before = board.heads(of: group)?.stateRoot
        let after = try await writer.perform { turn in
            try turn.refold(group)
            // The transaction's end tells the new root of every group it touched.
            return try turn.admission(of: group) { try $0.stateRoot(of: try turn.state(of: group)) }
        }
        return after != before
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

/// What became of the parts of a batch that is admitted in several transactions.
private final class AdmittedParts: Sendable {
    /// By position.
    private let parts = Mutex<[(position: Int, outcome: AdmissionOutcome)]>([])

    /// A part that is admitted again takes the place of what became of it in the transaction given up.
    func put(_ outcome: AdmissionOutcome, at position: Int) {
        parts.withLock { parts in
            parts.removeAll { $0.position >= position }
            parts.append((position, outcome))
        }
    }

    var merged: AdmissionOutcome {
        parts.withLock { parts in
            var merged = AdmissionOutcome()
            for part in parts { merged.merge(part.outcome) }
            return merged
        }
    }
}
