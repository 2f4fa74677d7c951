import HiveModel

extension Admission {
    /// Admits what one instance's logs can take of what is offered.
    ///
    /// What continues the standing log is appended here; whatever else comes is settled by `contest`.
    mutating func admit(
        _ log: OfferedLog,
        wallMs: Int64,
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        var index = log.events.startIndex
        while index < log.events.endIndex {
            let event = log.events[index]
            let tip = try tip(of: log.origin, in: state)
            if let tip, event.header.place <= tip.place,
                try state.eventHash(origin: log.origin, place: event.header.place) == event.hash
            {
                outcome.duplicates += 1
                index += 1
                continue
            }
            let start: RunStart
            switch try self.start(at: event, after: tip, in: state, &outcome) {
            case .refused: return
            case .contested: return try contest(log.events[index...], wallMs: wallMs, into: &state, &outcome)
            case .run(let found): start = found
            }
            let terms = try terms(of: log.origin, in: state)
            let wall = try wall(for: log.origin, atMs: wallMs, policy: start.policy ?? state.group()?.policy)
            let run = LogRun(terms.standing(log.events[index...]), after: start, group: group, wall: wall)
            let check = run.check(key: start.key, crypto)
            let count = try record(run.events, check.isVerified, terms, of: log.origin, into: &state, &outcome)
            index += count
            // What was waited for has come: the log may be another one now.
            if count < check.isVerified.count { continue }
            if let refused = check.refused {
                outcome.rejected.append(refused)
                return
            }
            guard continues(after: run.end, of: log, at: index, &outcome) else { return }
        }
    }

    /// What an instance's events are held against.
    ///
    /// This instance's own are taken back whatever their time: a database restored from before a clock accident could
    /// not mend what it may not hold. `resetClock` follows.
    func wall(for origin: InstanceID, atMs wallMs: Int64, policy: GroupPolicy?) -> WallClock {
        WallClock(ms: origin == own ? Int64.max : wallMs, policy: policy)
    }

    /// Records a checked run, at most up to the end of a chain that was waited for.
    ///
    /// Returns how many events.
    private mutating func record(
        _ events: ArraySlice<Event>,
        _ isVerified: [Bool],
        _ terms: LogTerms,
        of origin: InstanceID,
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws -> Int {
        var count = 0
        var hasCome = false
        for (event, isVerified) in zip(events, isVerified) where !hasCome {
            try record(event, isVerified: isVerified, into: &state)
            count += 1
            hasCome = !terms.awaited.isEmpty && terms.awaited.contains { $0.hash == event.hash }
        }
        outcome.inserted += count
        guard count > 0 else { return 0 }
        try advance(to: events[events.startIndex + count - 1], in: state)
        if hasCome { try decide(origin, adding: [], into: &state, &outcome) }
        return count
    }

    /// Why the run ended, and whether the log goes on after it.
    private func continues(
        after end: LogRun.End,
        of log: OfferedLog,
        at index: Int,
        _ outcome: inout AdmissionOutcome
    ) -> Bool {
        switch end {
        case .exhausted, .otherPlace: return true
        case .malformed(let refused):
            outcome.rejected.append(refused)
            return false
        case .held(let untilMs):
            outcome.hold(log.events.endIndex - index, untilMs: untilMs)
            return false
        }
    }
}

/// What a run continues, and the key that signs it.
struct RunStart {
    /// Nil where the run begins a log.
    var tip: LogTip?
    var key: PublicKey
    /// Of the group that the run founds.
    var policy: GroupPolicy?
}

extension LogTerms {
    /// What of `events` is not cut by a proof.
    func standing(_ events: ArraySlice<Event>) -> ArraySlice<Event> {
        guard let end else { return events }
        return events.prefix { $0.header.place.epoch != end.epoch || $0.header.place < end }
    }
}

extension AdmissionOutcome {
    mutating func reject(_ event: Event, _ reason: String) {
        rejected.append(Rejection(origin: event.header.origin, place: event.header.place, reason: reason))
    }

    mutating func hold(_ count: Int, untilMs: Int64) {
        heldUntilMs = min(heldUntilMs ?? untilMs, untilMs)
        heldEvents += count
    }

    /// Notes what keeps events of `origin` from standing; once.
    mutating func note(_ cut: LogCut, of origin: InstanceID) {
        guard !(cuts[origin] ?? []).contains(cut) else { return }
        cuts[origin, default: []].append(cut)
    }

    /// Notes that earlier events of `origin` are missing; once.
    mutating func miss(_ origin: InstanceID, _ held: LogHead?) {
        guard !need.contains(where: { $0.origin == origin }) else { return }
        need.append(Gap(origin: origin, held: held))
    }
}
