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
        maxBytes: Int = 2 << 20
    ) throws -> WireBatch {
        let ours = self.heads.heads.filter { $0.origin != instance || gate.isOpen(to: caller) }
        var batch = WireBatch(reached: heads.inOrder)
        try store.read { state in
            let owner = try state.group()?.owner.key.instance
            let missing = ours.filter { $0.origin == owner } + ours.filter { $0.origin != owner }
            for head in missing {
                let theirs = heads.first { $0.origin == head.origin }
                let ours = try theirs.flatMap { try state.eventHash(origin: head.origin, place: $0.place) }
                // A log told from its beginning is told whole: what it is compared with is not moved by a part of it.
                let isWhole = theirs == nil ? head.origin == caller : ours != nil && ours != theirs?.hash
                let held = isWhole ? nil : theirs?.place
                let most = isWhole ? Int.max : maxEvents
                guard try append(head, above: held, most, isWhole ? Int.max : maxBytes, state, &batch) else {
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
                // What a cut has made the last may never have been checked by itself.
                if try Store.isVerified(origin: head.origin, place: place, in: state)
                    || place == head.place && isSigned(event, in: state)
                {
                    whole = (batch.lines.count, batch.count)
                    reached = LogHead(origin: head.origin, place: place, hash: event.hash)
                }
                place.seq += 1
            }
        }
        return true
    }

    private func isSigned(_ event: Event, in state: Store.State) throws -> Bool {
        guard let key = try state.logKey(origin: event.header.origin, epoch: event.header.place.epoch) else {
            return false
        }
        return event.isSigned(by: key, crypto)
    }

    /// The last place of each epoch held of an instance, ascending: what the newest opening closes, and its head.
    private func ends(of head: LogHead, in state: Store.State) throws -> [Place] {
        guard head.place.epoch > 1,
            let first = try state.event(origin: head.origin, place: Place(epoch: head.place.epoch, seq: 1)),
            case .epochOpened(let opened) = EventPayload(of: first)
        else { return [head.place] }
        return opened.closed.map(\.last).sorted() + [head.place]
    }

    /// What goes before events: the proofs the caller's heads don't show, all transfers with a pin, and the caller's
    /// own events that are kept aside here.
    func handedOver(to caller: InstanceID, heads: [LogHead], among instances: [InstanceID]) throws -> HandedOver {
        try store.read { state in
            var handed = HandedOver()
            for origin in instances {
                let proofs = try state.proofs(of: origin)
                guard !proofs.isEmpty else { continue }
                let theirs = heads.first { $0.origin == origin }
                let ours = try state.head(of: origin)
                if ours == nil || theirs?.cut != ours?.cut || theirs == nil { handed.proofs += proofs }
            }
            handed.transfers = try state.transfers().map(\.payload).filter { !$0.isEmpty }
            handed.kept = try state.lostEvents(of: caller)
            return handed
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
