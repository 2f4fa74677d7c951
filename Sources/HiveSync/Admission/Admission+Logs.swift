import HiveModel

extension Admission {
    /// Admits what one instance's logs can take of what is offered.
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
            if let tip, event.header.place <= tip.place {
                guard try take(held: event, in: state, &outcome) else { return }
                index += 1
                continue
            }
            guard let start = try start(at: event, after: tip, in: state, &outcome) else { return }
            let wall = WallClock(ms: wallMs, policy: try start.policy ?? state.group()?.policy)
            let run = LogRun(log.events[index...], after: start, group: group, wall: wall)
            let check = run.check(key: start.key, crypto)
            for (offset, isVerified) in check.isVerified.enumerated() {
                try record(log.events[index + offset], isVerified: isVerified, into: &state)
            }
            index += check.isVerified.count
            outcome.inserted += check.isVerified.count
            if !check.isVerified.isEmpty { try advance(to: log.events[index - 1], in: state) }
            if let refused = check.refused {
                outcome.rejected.append(refused)
                return
            }
            guard try continues(after: run.end, of: log, at: index, in: &state, &outcome) else { return }
        }
    }

    /// An event at or below the head: a duplicate, a fork, or beyond where its epoch was closed.
    ///
    /// False stops the log.
    private func take(held event: Event, in state: State, _ outcome: inout AdmissionOutcome) throws -> Bool {
        let (origin, place) = (event.header.origin, event.header.place)
        guard let hash = try state.eventHash(origin: origin, place: place) else {
            outcome.reject(event, "It lies beyond the place at which its epoch was closed.")
            return false
        }
        guard hash == event.hash else {
            outcome.forks.append(LogHead(origin: origin, place: place, hash: event.hash))
            return false
        }
        outcome.duplicates += 1
        return true
    }

    /// Why the run ended, and whether the log goes on after it.
    private mutating func continues(
        after end: LogRun.End,
        of log: OfferedLog,
        at index: Int,
        in state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws -> Bool {
        switch end {
        case .exhausted, .otherPlace: return true
        case .malformed(let refused):
            outcome.rejected.append(refused)
            return false
        case .fork(let head):
            outcome.forks.append(head)
            return false
        case .held(let untilMs):
            outcome.heldUntilMs = min(outcome.heldUntilMs ?? untilMs, untilMs)
            outcome.heldEvents += log.events.endIndex - index
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

extension AdmissionOutcome {
    mutating func reject(_ event: Event, _ reason: String) {
        rejected.append(Rejection(origin: event.header.origin, place: event.header.place, reason: reason))
    }
}
