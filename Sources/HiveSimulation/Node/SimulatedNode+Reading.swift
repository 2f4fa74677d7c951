import HiveModel
import HiveSync

/// Events in wire form, and how far they reach.
struct WireBatch {
    var lines: [UInt8] = []
    var count = 0
    /// The heads of whoever takes all of it.
    var reached: [LogHead]
    var hasMore = false
}

/// The replica as peers are sent it.
extension SimulatedNode {
    /// The events above `heads`: the owner's log first, then the others by instance id; each run ends at an event whose
    /// signature was checked or made here.
    ///
    /// A log of which the caller holds another chain is sent from its beginning.
    /// - Parameter caller: to whom the own log is not sent while its gate is closed.
    func batch(
        above heads: [LogHead],
        for caller: InstanceID,
        maxEvents: Int,
        maxBytes: Int = 2 << 20,
        _ group: GroupID
    ) throws -> WireBatch {
        let ours = self.heads.heads.filter { $0.origin != instance || replicator.sendsOwnLog(to: caller, in: group) }
        var batch = WireBatch(reached: heads.inOrder)
        try store.read { state in
            let owner = try state.group()?.owner.key.instance
            let missing = ours.filter { $0.origin == owner } + ours.filter { $0.origin != owner }
            for head in missing {
                let theirs = heads.first { $0.origin == head.origin }
                let sending = LogSending(
                    ours: head,
                    theirs: theirs,
                    hash: try theirs.flatMap { try state.eventHash(origin: head.origin, place: $0.place) },
                    isAside: try theirs.map { try state.keptEvent(of: head.origin, hash: $0.hash) != nil } ?? false,
                    knowsCut: try state.proofs(of: head.origin).contains { $0.hash == theirs?.cut }
                )
                var (held, isPaged): (Place?, Bool)
                switch sending {
                case .nothing: continue
                case .above(let place): (held, isPaged) = (place, true)
                // What another chain is compared with is not moved by a part of this one.
                case .whole: (held, isPaged) = (nil, theirs == nil && head.origin != caller)
                }
                let (events, bytes) = isPaged ? (maxEvents, maxBytes) : (Int.max, Int.max)
                guard try append(head, above: held, events, bytes, state, &batch) else {
                    batch.hasMore = true
                    return
                }
            }
        }
        return batch
    }

    /// Appends what lies above `held` of one instance's logs; false where there is more than fits.
    private func append(
        _ head: LogHead,
        above held: Place?,
        _ maxEvents: Int,
        _ maxBytes: Int,
        _ state: Store.State,
        _ batch: inout WireBatch
    ) throws -> Bool {
        let held = held ?? Place(epoch: 0, seq: 0)
        guard held < head.place else { return true }
        var whole = (bytes: batch.lines.count, count: batch.count)
        var reached: LogHead?
        defer {
            batch.lines.removeSubrange(whole.bytes...)
            batch.count = whole.count
            if let reached { batch.reached = batch.reached.merged(with: [reached]) }
        }
        for last in try ends(of: head, in: state) where last.epoch >= held.epoch {
            var place = Place(epoch: last.epoch, seq: last.epoch == held.epoch ? held.seq + 1 : 1)
            while place.seq <= last.seq {
                let isFull = batch.count >= maxEvents || batch.lines.count >= maxBytes
                guard !isFull || whole.count == 0 else { return false }
                guard let event = try state.event(origin: head.origin, place: place) else { return true }
                lines.write(event, into: &batch.lines)
                batch.count += 1
                if try Store.isVerified(origin: head.origin, place: place, in: state) {
                    whole = (batch.lines.count, batch.count)
                    reached = LogHead(origin: head.origin, place: place, hash: event.hash)
                }
                place.seq += 1
            }
        }
        return true
    }

    /// The last place of each epoch held of an instance, ascending: what the newest opening closes, and its head.
    private func ends(of head: LogHead, in state: Store.State) throws -> [Place] {
        guard head.place.epoch > 1,
            let first = try state.event(origin: head.origin, place: Place(epoch: head.place.epoch, seq: 1)),
            case .epochOpened(let opened) = EventPayload(of: first)
        else { return [head.place] }
        return opened.closed.map(\.last).sorted() + [head.place]
    }

    /// What goes before events.
    func evidence(above heads: [LogHead], among instances: [InstanceID]) throws -> LogEvidence {
        try store.read { state in
            var evidence = LogEvidence()
            for origin in instances {
                let theirs = heads.first { $0.origin == origin }
                guard LogEvidence.isOwed(ours: try state.head(of: origin), theirs: theirs) else { continue }
                evidence.proofs += try state.proofs(of: origin)
            }
            evidence.transfers = try state.transfers().map(\.payload)
            return evidence
        }
    }

    /// What leads to each member's being known: its addition, and the first event of its writer's log.
    func introductions() throws -> [Introduction] {
        try store.read { state in
            var found: [Introduction] = []
            for member in try state.members() {
                guard let addition = member.addedBy, let event = try Self.event(addition, of: member, in: state) else {
                    continue
                }
                let first = Place(epoch: event.header.place.epoch, seq: 1)
                guard let opening = try state.event(origin: event.header.origin, place: first) else { continue }
                found.append(Introduction(addition: event, opening: opening))
            }
            return found
        }
    }

    private static func event(_ id: EventID, of member: MemberRow, in state: Store.State) throws -> Event? {
        try state.acts(ActKey(roster: member.instance)).first { $0.id == id }
    }

    /// Heads as told to a peer: without the own log while the peer has to give that back from its beginning.
    func reported(_ heads: [LogHead], to peer: InstanceID, _ group: GroupID) -> [LogHead] {
        replicator.leavesOutOwnLog(to: peer, in: group) ? heads.filter { $0.origin != instance } : heads
    }

    func isMember(_ instance: InstanceID) throws -> Bool {
        try store.read { state in try state.members().contains { $0.instance == instance } }
    }
}

extension [Event] {
    /// The furthest event of each log among these: what their sender certainly holds.
    var furthestOfEachLog: [LogHead] {
        map { LogHead(origin: $0.header.origin, place: $0.header.place, hash: $0.hash) }.inOrder
    }
}
