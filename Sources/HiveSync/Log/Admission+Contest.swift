import HiveModel

extension Admission {
    /// Takes events of one instance that do not simply continue what stands: other chains, openings that close below
    /// it, events beyond a cut, gaps.
    ///
    /// Checks them as any other, and decides what stands where they can change it.
    ///
    /// - Parameter offered: by place.
    mutating func contest(
        _ offered: ArraySlice<Event>,
        wallMs: Int64,
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        guard let origin = offered.first?.header.origin else { return }
        var contest = Contest(
            origin: origin,
            tip: try tip(of: origin, in: state),
            terms: try terms(of: origin, in: state),
            proofs: try state.proofs(of: origin),
            pin: try pin(of: origin, in: state),
            keepsAll: origin == own
        )
        let chains = try chains(of: offered, &contest, in: &state, &outcome)
        let wall = try wall(for: origin, atMs: wallMs, policy: state.group()?.policy)
        for chain in chains {
            guard let start = try start(of: chain, contest, in: state, &outcome) else { continue }
            let run = LogRun(chain, after: start, group: group, wall: wall)
            let check = run.check(key: start.key, crypto)
            for (event, isVerified) in zip(run.events, check.isVerified) {
                contest.accept(KeptEvent(event: event, isVerified: isVerified))
            }
            if let refused = check.refused { outcome.rejected.append(refused) }
            switch run.end {
            case .exhausted: break
            case .otherPlace:
                // The chain was made by what each event names before it.
                outcome.reject(chain[chain.startIndex + run.events.count], "It names an event of another place.")
            case .malformed(let refused): outcome.rejected.append(refused)
            case .held(let untilMs): outcome.hold(chain.count - run.events.count, untilMs: untilMs)
            }
        }
        guard !contest.accepted.isEmpty else { return }
        if contest.mayChangeWhatStands {
            try decide(origin, adding: contest.accepted, into: &state, &outcome)
        } else {
            try keep(contest.accepted, of: origin, into: &state, &outcome)
        }
    }

    /// Sorts what is offered into chains, each to be checked as one run; leaves out what is held, and what is cut and
    /// of no use.
    private mutating func chains(
        of offered: ArraySlice<Event>,
        _ contest: inout Contest,
        in state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws -> [ArraySlice<Event>] {
        var chains: [[Event]] = []
        var ends: [Hash256: Int] = [:]
        for event in offered {
            let header = event.header
            if try state.eventHash(origin: contest.origin, place: header.place) == event.hash {
                outcome.duplicates += 1
                continue
            }
            try learnAside(from: event, in: &state)
            // A second copy in one batch.
            if ends[event.hash] != nil { continue }
            // Where something is waited for, this batch may complete it, and the rest goes on from there.
            if contest.terms.awaited.isEmpty, let cut = try cut(of: header.place, contest, in: state) {
                outcome.note(cut, of: contest.origin)
                continue
            }
            if try state.keptEvent(of: contest.origin, hash: event.hash) != nil {
                outcome.duplicates += 1
                continue
            }
            if let prev = header.prev, let index = ends.removeValue(forKey: prev) {
                chains[index].append(event)
                ends[event.hash] = index
            } else {
                ends[event.hash] = chains.count
                chains.append([event])
            }
        }
        return chains.map { $0[...] }
    }

    /// What a chain continues, wherever that is held; nil, with the reason in the outcome, where it isn't.
    private func start(
        of chain: ArraySlice<Event>,
        _ contest: Contest,
        in state: State,
        _ outcome: inout AdmissionOutcome
    ) throws -> RunStart? {
        guard let first = chain.first else { return nil }
        guard first.header.place.seq > 1, let prev = first.header.prev else {
            guard let opening = try opening(first, in: state, &outcome) else { return nil }
            return RunStart(tip: nil, key: opening.log.signingKey)
        }
        let place = Place(epoch: first.header.place.epoch, seq: first.header.place.seq - 1)
        guard let before = try event(prev, at: place, contest, in: state),
            let key = try logKey(of: before, contest, in: state)
        else {
            outcome.miss(contest.origin, contest.tip.flatMap { $0.place < place ? $0.head(of: contest.origin) : nil })
            return nil
        }
        return RunStart(tip: LogTip(before), key: key)
    }

    /// An event by its hash: standing, kept aside, or accepted just now.
    private func event(_ hash: Hash256, at place: Place, _ contest: Contest, in state: State) throws -> Event? {
        if let accepted = contest.accepted(hash) { return accepted }
        if try state.eventHash(origin: contest.origin, place: place) == hash {
            return try state.event(origin: contest.origin, place: place)
        }
        return try state.keptEvent(of: contest.origin, hash: hash)?.event
    }

    /// The key of the log an event is in: of the standing one, or of the opening its chain leads back to.
    private func logKey(of event: Event, _ contest: Contest, in state: State) throws -> PublicKey? {
        var current = event
        while true {
            let place = current.header.place
            if try state.eventHash(origin: contest.origin, place: place) == current.hash {
                return try state.logKey(origin: contest.origin, epoch: place.epoch)
            }
            guard place.seq > 1, let prev = current.header.prev else { return LogOpening(current)?.log.signingKey }
            let before = Place(epoch: place.epoch, seq: place.seq - 1)
            guard let next = try self.event(prev, at: before, contest, in: state) else { return nil }
            current = next
        }
    }

    /// What keeps an event at `place` from standing, where it is known already and the event of no other use.
    private func cut(of place: Place, _ contest: Contest, in state: State) throws -> LogCut? {
        if contest.keepsAll || contest.terms.awaits(place) { return nil }
        if let pin = contest.effectivePin, place <= pin.pin.place { return .pin(pin) }
        if let proof = contest.proofs.first(where: { $0.place.epoch == place.epoch }),
            proof.place.seq == 1 || contest.terms.end.map({ $0.epoch == place.epoch && place >= $0 }) ?? false
        {
            return .fork(proof)
        }
        guard let tip = contest.tip, place.epoch < tip.place.epoch else { return nil }
        let opening = try state.event(origin: contest.origin, place: Place(epoch: tip.place.epoch, seq: 1))
        return opening.map { .opening($0) }
    }

    /// Keeps aside what doesn't stand and may be needed, and notes why the rest is not taken.
    mutating func keep(
        _ events: [KeptEvent],
        of origin: InstanceID,
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        let contest = Contest(
            origin: origin,
            tip: try tip(of: origin, in: state),
            terms: try terms(of: origin, in: state),
            proofs: try state.proofs(of: origin),
            pin: try pin(of: origin, in: state),
            keepsAll: origin == own
        )
        for kept in events {
            let place = kept.event.header.place
            if try state.eventHash(origin: origin, place: place) == kept.event.hash { continue }
            if let cut = try cut(of: place, contest, in: state) {
                outcome.note(cut, of: origin)
                continue
            }
            // What follows a waiting opening is sent again once that stands.
            if contest.keepsAll || contest.terms.awaits(place) || place.seq == 1 {
                try state.keepAside(kept)
                try learnAnywhere(from: EventPayload(of: kept.event), kept.event, in: &state)
            }
            if let pin = contest.effectivePin, contest.terms.awaited.isEmpty,
                contest.tip.map({ place.epoch > $0.place.epoch }) ?? true
            {
                outcome.note(.pin(pin), of: origin)
                continue
            }
            outcome.miss(origin, contest.missesOnlyLater ? contest.tip?.head(of: origin) : nil)
        }
    }
}

/// What is known of one instance while events of it are settled that do not simply continue what stands.
private struct Contest {
    let origin: InstanceID
    let tip: LogTip?
    let terms: LogTerms
    let proofs: [ForkProof]
    let pin: OwnerTransfer?
    /// This instance itself: it keeps all of its own, to repeat it.
    let keepsAll: Bool
    /// Checked and not in the log, in order.
    private(set) var accepted: [KeptEvent] = []
    private var indexes: [Hash256: Int] = [:]

    init(
        origin: InstanceID,
        tip: LogTip?,
        terms: LogTerms,
        proofs: [ForkProof],
        pin: OwnerTransfer?,
        keepsAll: Bool
    ) {
        self.origin = origin
        self.tip = tip
        self.terms = terms
        self.proofs = proofs
        self.pin = pin
        self.keepsAll = keepsAll
    }

    mutating func accept(_ event: KeptEvent) {
        indexes[event.event.hash] = accepted.count
        accepted.append(event)
    }

    func accepted(_ hash: Hash256) -> Event? { indexes[hash].map { accepted[$0].event } }

    /// The pin, where its chain is held.
    var effectivePin: OwnerTransfer? { pin.flatMap { terms.awaited.contains($0.pin) ? nil : $0 } }

    /// Whether what is awaited may simply continue what stands.
    var missesOnlyLater: Bool {
        guard let tip else { return false }
        return terms.awaited.contains { $0.place.epoch == tip.place.epoch && $0.place > tip.place }
    }

    var mayChangeWhatStands: Bool {
        guard let tip else { return true }
        return accepted.contains { kept in
            let place = kept.event.header.place
            return place.seq == 1 || terms.awaited.contains { $0.hash == kept.event.hash }
                || place.epoch == tip.place.epoch && (terms.end.map { place < $0 } ?? true)
        }
    }
}
