import HiveCrypto
import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// Groups in memory behind the real admission: what a node's storage is to the sync shell.
final class PeeringReplica: ReplicaAccess {
    private struct State {
        var groups: [GroupID: MemoryState] = [:]
        var isBroken = false
        var admissions = 0
    }

    private let state = Mutex(State())
    private let listener = Mutex<(@Sendable (GroupID, GroupHeads) -> Void)?>(nil)
    private let crypto = SwiftCrypto()

    /// Called after each commit.
    func listen(_ listener: @escaping @Sendable (GroupID, GroupHeads) -> Void) {
        self.listener.withLock { $0 = listener }
    }

    func open(_ group: GroupID) {
        state.withLock { $0.groups[group, default: MemoryState()] = $0.groups[group] ?? MemoryState() }
    }

    /// Admissions fail from now on, as with a full disk.
    func breakDown(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    /// Calls of `admit` that reached storage.
    var admissions: Int { state.withLock { $0.admissions } }

    func eventCount(_ group: GroupID) -> Int { state.withLock { $0.groups[group]?.eventCount ?? 0 } }

    @discardableResult
    func write(
        _ events: [Event],
        beside evidence: LogEvidence = LogEvidence(),
        _ group: GroupID
    ) throws -> AdmissionOutcome {
        let (outcome, heads) = try state.withLock { state -> (AdmissionOutcome, GroupHeads) in
            guard !state.isBroken else { throw HiveError(.unavailable, "The disk is full: free some space.") }
            state.admissions += 1
            var memory = state.groups[group] ?? MemoryState()
            var admission = Admission<MemoryState, SwiftCrypto>(group: group, crypto: crypto)
            var outcome = try admission.admit(evidence, wallMs: 4_000_000_000_000, into: &memory)
            outcome.merge(try admission.admit(events, wallMs: 4_000_000_000_000, into: &memory))
            try admission.finish(&memory)
            state.groups[group] = memory
            return (outcome, Self.heads(of: memory, crypto))
        }
        if outcome.inserted > 0 { listener.withLock { $0 }?(group, heads) }
        return outcome
    }

    func repair(_ group: GroupID) -> Bool { false }

    func admit(
        _ events: [Event],
        beside evidence: LogEvidence,
        group: GroupID,
        from peer: InstanceID?
    ) async throws -> AdmissionOutcome {
        try write(events, beside: evidence, group)
    }

    func introductions(of instances: [InstanceID], in group: GroupID) async throws -> [Introduction] {
        try state.withLock { try $0.groups[group]?.introductions(of: instances, countMax: 128) ?? [] }
    }

    func evidence(of group: GroupID, above heads: [LogHead]) async throws -> LogEvidence {
        state.withLock { state in
            guard let memory = state.groups[group] else { return LogEvidence() }
            var evidence = LogEvidence(transfers: memory.transfers().map(\.payload))
            for head in memory.heads() {
                let theirs = heads.first { $0.origin == head.origin }
                if LogEvidence.isOwed(ours: head, theirs: theirs) { evidence.proofs += memory.proofs(of: head.origin) }
            }
            return evidence
        }
    }

    func lostEvents(of origin: InstanceID, in group: GroupID, maxBytes: Int) async throws -> EventBatch {
        let lost = try state.withLock { try $0.groups[group]?.lostEvents(of: origin) ?? [] }
        return EventBatch(
            lines: lost.flatMap { $0.wireBytes() + [0x0A] },
            count: lost.count,
            hasMore: false,
            reached: []
        )
    }

    func heldHash(at head: LogHead, in group: GroupID) async throws -> Hash256? {
        try state.withLock { try $0.groups[group]?.heldHash(at: head) }
    }

    func heads(of group: GroupID) async throws -> GroupHeads? {
        state.withLock { state in state.groups[group].map { Self.heads(of: $0, crypto) } }
    }

    func events(
        of group: GroupID,
        above heads: [LogHead],
        sendsOwnLog: Bool,
        maxEvents: Int,
        maxBytes: Int
    ) async throws -> EventBatch {
        let all = state.withLock { $0.groups[group]?.events(of: nil, after: 0, limit: .max - 1) ?? [] }
        var reached = heads
        var batch = EventBatch(lines: [], count: 0, hasMore: false, reached: [])
        for event in all.map(\.event) {
            let index = reached.firstIndex { $0.origin == event.header.origin }
            if let index, reached[index].place >= event.header.place { continue }
            guard batch.count < maxEvents, batch.lines.count < maxBytes else {
                batch.hasMore = true
                break
            }
            event.writeWire(into: &batch.lines)
            batch.lines.append(0x0A)
            batch.count += 1
            let head = LogHead(origin: event.header.origin, place: event.header.place, hash: event.hash)
            if let index { reached[index] = head } else { reached.append(head) }
        }
        batch.reached = reached
        return batch
    }

    func events(of group: GroupID, sinceArrival: Int64, limit: Int) async throws -> EventPage {
        let (page, count) = state.withLock { state in
            let memory = state.groups[group] ?? MemoryState()
            return (memory.events(of: nil, after: sinceArrival, limit: limit), memory.eventCount)
        }
        var lines: [UInt8] = []
        for stored in page {
            stored.event.writeWire(into: &lines)
            lines.append(0x0A)
        }
        let next = page.last?.arrival ?? sinceArrival
        return EventPage(lines: lines, count: page.count, nextSeq: next, hasMore: next < count, incarnation: "life-1")
    }

    func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws {
        let end = ContinuousClock.now + .milliseconds(waitMs)
        while ContinuousClock.now < end {
            let batch = try await events(
                of: group,
                above: heads,
                sendsOwnLog: true,
                maxEvents: 1,
                maxBytes: 1
            )
            if batch.count > 0 { return }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func role(of instance: InstanceID, in group: GroupID) async throws -> MemberRole? {
        state.withLock { $0.groups[group]?.members().first { $0.instance == instance }?.role }
    }

    func identityKey(of instance: InstanceID, in group: GroupID) async throws -> PublicKey? {
        state.withLock { $0.groups[group]?.identityKey(of: instance) }
    }

    func sharedGroups() async throws -> [SharedGroup] {
        state.withLock { state in
            state.groups.keys.sorted().compactMap { id in
                guard let memory = state.groups[id] else { return nil }
                return SharedGroup(
                    id: id,
                    hiveName: memory.group()?.hive.name ?? "joining",
                    groupName: memory.group()?.groupName ?? "",
                    heads: Self.heads(of: memory, crypto),
                    localSeq: Int64(memory.eventCount)
                )
            }
        }
    }

    private static func heads(of memory: MemoryState, _ crypto: SwiftCrypto) -> GroupHeads {
        let heads = memory.heads()
        return GroupHeads(
            heads: heads,
            digest: HeadsDigest.of(heads, crypto),
            stateRoot: memory.stateRoot().value(crypto)
        )
    }
}
