public import HiveModel

extension Admission {
    /// Opens a new epoch where one is due, closing exactly what stands, and repeats in it what doesn't stand.
    ///
    /// Does nothing where the log is whole. Repeats bear `re`, the original, and `at`, its clock.
    /// - Parameter author: signs with the key of the new epoch, or of the newest where none is due.
    /// - Throws: `LocalWriteError` where no epoch is due and the key is not the newest log's.
    @discardableResult
    public mutating func recover(
        by author: EventAuthor<some Signer, some Hashing>,
        identity: some Signer,
        reason: String = "recovered",
        wallMs: Int64,
        into state: inout State
    ) throws -> [WrittenEvent] {
        let own = try ownLog(of: author.instance, in: state)
        var written: [WrittenEvent] = []
        if own.needsEpoch {
            written.append(
                try open(by: author, identity: identity, reason: reason, wallMs: wallMs, into: &state)
            )
        }
        written += try repeatEvents(own.lost, by: author, keepsTime: true, wallMs: wallMs, into: &state)
        return written
    }

    /// Closes the log at its head, or at an earlier place of its own log, and opens the next epoch: rotation of the
    /// key, or a stolen one.
    ///
    /// What lies beyond `end` does not stand any more, and `recover` doesn't repeat it: the thief wrote it.
    /// - Parameter end: the last event known to be one's own; nil = the head.
    /// - Throws: `LocalWriteError` where `end` is not in the standing log.
    @discardableResult
    public mutating func rotate(
        closingAt end: Fence? = nil,
        by author: EventAuthor<some Signer, some Hashing>,
        identity: some Signer,
        wallMs: Int64,
        into state: inout State
    ) throws -> WrittenEvent {
        guard let last = try end ?? tip(of: author.instance, in: state)?.fence else {
            throw LocalWriteError(code: .noLog, description: "This instance has no log in \(group.rawValue) yet.")
        }
        guard try state.eventHash(origin: author.instance, place: last.place) == last.hash else {
            throw LocalWriteError(
                code: .noSuchPlace,
                description: "Event \(last.place.seq) of epoch \(last.place.epoch) is another one, or not there."
            )
        }
        return try open(
            by: author,
            identity: identity,
            closing: closed(of: author.instance, at: last, in: state),
            reason: end == nil ? "rotated" : OwnLog.stolenKey,
            wallMs: wallMs,
            into: &state
        )
    }

    /// Takes back the clock of this instance, whose own events lie so far ahead that peers hold them (protocol,
    /// section 3): a new epoch closes before the first of them, the clock starts from the wall, and they are repeated
    /// without `at`.
    ///
    /// A log that lies ahead from its first event on is left out whole. What this instance pinned as an owner, and the
    /// genesis, can't be taken back. Does nothing, and returns nothing, where nothing else of its own lies ahead.
    ///
    /// To be called again for as long as own events lie ahead: what others wrote from the same future no longer moves
    /// this clock, but a clock that is still wrong does.
    @discardableResult
    public mutating func resetClock(
        by author: EventAuthor<some Signer, some Hashing>,
        identity: some Signer,
        reason: String = "clock accident",
        wallMs: Int64,
        into state: inout State
    ) throws -> [WrittenEvent] {
        let wall = WallClock(ms: wallMs, policy: try state.group()?.policy)
        let pin = try pin(of: author.instance, in: state)?.pin
        let isPinHeld = try pin.map { try state.eventHash(origin: author.instance, place: $0.place) == $0.hash }
        let pinned = isPinHeld == true ? pin?.place : nil
        var before: Event?
        var ahead: [Event] = []
        try state.forEachEvent(of: author.instance) { event in
            let isPinned = pinned.map { event.header.place <= $0 } ?? false
            if !isPinned, !ahead.isEmpty || wall.isPassed(by: event) {
                ahead.append(event)
            } else {
                before = event
            }
        }
        guard !ahead.isEmpty else { return [] }
        let end = before.map { Fence(place: $0.header.place, hash: $0.hash) }
        let closed = try end.map { try self.closed(of: author.instance, at: $0, in: state) } ?? []
        clock = try clockStart(asOf: wall, before, than: author.instance, in: state)
        var written = [
            try open(
                by: author,
                identity: identity,
                closing: closed,
                reason: reason,
                wallMs: wallMs,
                into: &state
            )
        ]
        let repeats = ahead.filter { $0.header.place.seq > 1 }
        written += try repeatEvents(repeats, by: author, keepsTime: false, wallMs: wallMs, into: &state)
        return written
    }

    // MARK: Inside

    /// A clock at the latest that others' logs, and this one up to `last`, show of what does not lie ahead itself.
    ///
    /// Others may have written from the same future, and will take it back.
    private func clockStart(
        asOf wall: WallClock,
        _ last: Event?,
        than instance: InstanceID,
        in state: State
    ) throws -> HybridClock {
        var clock = HybridClock()
        if let last, !wall.isPassed(by: last) { clock.observe(last.header.time) }
        for head in try state.heads() where head.origin != instance {
            guard let event = try state.event(origin: head.origin, place: head.place) else { continue }
            guard wall.isPassed(by: event) else {
                clock.observe(event.header.time)
                continue
            }
            try state.forEachEvent(of: head.origin) { event in
                if !wall.isPassed(by: event) { clock.observe(event.header.time) }
            }
        }
        return clock
    }

    private mutating func repeatEvents(
        _ events: [Event],
        by author: EventAuthor<some Signer, some Hashing>,
        keepsTime: Bool,
        wallMs: Int64,
        into state: inout State
    ) throws -> [WrittenEvent] {
        var written: [WrittenEvent] = []
        for event in events {
            var refs = event.header.refs
            refs.re = refs.re ?? event.id
            let time = event.header.stamp.time
            if keepsTime {
                var clock = try loadClock(state)
                clock.observe(time)
                self.clock = clock
            }
            let again = LocalWrite(
                type: event.header.type,
                payload: event.payload,
                refs: refs,
                at: keepsTime ? time : nil
            )
            written.append(try write(again, by: author, wallMs: wallMs, into: &state))
        }
        return written
    }

    /// How an opening names the epochs that end in `last`.
    func closed(of origin: InstanceID, at last: Fence, in state: State) throws -> [ClosedEpoch] {
        let end = ClosedEpoch(last: last.place, hash: last.hash)
        guard let first = try state.event(origin: origin, place: Place(epoch: last.place.epoch, seq: 1)),
            let opening = LogOpening(first)
        else { return [end] }
        return opening.closed + [end]
    }

    /// Writes the opening of the next epoch and lets it decide what stands.
    mutating func open(
        by author: EventAuthor<some Signer, some Hashing>,
        identity: some Signer,
        lowest: Int64 = 1,
        closing closed: [ClosedEpoch],
        reason: String,
        wallMs: Int64,
        into state: inout State
    ) throws -> WrittenEvent {
        let highest = try highestEpoch(of: author.instance, state.keptEvents(of: author.instance), in: state)
        var clock = try loadClock(state)
        let event = author.opening(
            group: group,
            epoch: max(highest + 1, lowest),
            closed: closed,
            reason: reason,
            identity: identity,
            time: clock.next(wallMs: wallMs)
        )
        self.clock = clock
        var outcome = AdmissionOutcome()
        try decide(author.instance, adding: [KeptEvent(event: event, isVerified: true)], into: &state, &outcome)
        try settleCuts(&state, &outcome)
        openedEpochs[author.instance] = event.header.place.epoch
        return WrittenEvent(event: event, arrival: lastArrival, verdict: .ignored)
    }
}

extension WallClock {
    /// Whether an event lies so far ahead of this clock that it would be held.
    func isPassed(by event: Event) -> Bool { event.header.time.ms - driftMs > ms }
}
