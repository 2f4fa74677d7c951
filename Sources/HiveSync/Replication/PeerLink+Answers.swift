import HiveModel

/// What answers and failures do to a link.
extension PeerLink {
    mutating func pushAnswered(_ answer: PushAnswer, _ ours: [LogHead], _ turn: inout Turn) {
        guard case .inFlight(let flight) = push else { return }
        let above = flight.above
        push = .idle
        trouble = LinkTrouble()
        credits = answer.credits
        let heads = answer.heads.inOrder
        replace(heads, learned: flight.learned)
        // Its own log may have grown meanwhile: only what was offered counts as taken.
        let offered = ours.beyond(above)
        let tookSome = offered.contains {
            (heads.place(of: $0.origin) ?? .start) > (above.place(of: $0.origin) ?? .start)
        }
        if tookSome || heads.covers(ours) {
            fruitlessPushes = 0
            isPushDue = true
            return
        }
        fruitlessPushes += 1
        if fruitlessPushes == 1, !heads.covers(above) {
            // It holds less than was believed: start again from there.
            isPushDue = true
        } else {
            trouble.note = Self.note(answer)
            push = .waiting(.answered(until: turn.after(turn.backoffMs(failures: fruitlessPushes))))
        }
    }

    mutating func pushFailed(_ failure: PeerFailure, _ state: inout PeerState, _ turn: inout Turn) {
        guard case .inFlight(let flight) = push else { return }
        push = .idle
        isPushDue = true
        if let wait = failed(failure, session: flight.session, &state, &turn) { push = .waiting(wait) }
    }

    mutating func pullAnswered(_ answer: PullAnswer, _ ours: [LogHead], _ turn: inout Turn) {
        guard case .inFlight(let flight) = pull else { return }
        pull = .idle
        trouble = LinkTrouble()
        let heads = answer.heads.inOrder
        replace(heads, learned: flight.learned)
        if case .backfilling(nil) = phase { phase = .backfilling(heads) }
        if answer.hasMore {
            isPullDue = true
            fruitlessPulls = answer.receivedEvents > 0 ? 0 : fruitlessPulls + 1
            if fruitlessPulls > 0 {
                pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: fruitlessPulls))))
            }
            return
        }
        fruitlessPulls = 0
        countUnserved(heads.beyond(ours), ours)
        let wanted = wanted(ours: ours, settings: turn.settings)
        let pulls = unserved.filter { log in wanted.contains { $0.origin == log.origin } }.map(\.pulls).max() ?? 0
        if pulls > 1 {
            isPullDue = true
            pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: pulls - 1))))
        } else if flight.waitMs > 0, answer.receivedEvents == 0, turn.now.ms - flight.since.ms < flight.waitMs / 2 {
            // The peer does not wait for news: don't ask in a circle.
            pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: 1))))
        }
    }

    mutating func pullFailed(_ failure: PeerFailure, _ state: inout PeerState, _ turn: inout Turn) {
        guard case .inFlight(let flight) = pull else { return }
        pull = .idle
        isPullDue = true
        if let wait = failed(failure, session: flight.session, &state, &turn) { pull = .waiting(wait) }
    }

    mutating func greetingFailed(_ failure: PeerFailure, _ turn: inout Turn) {
        guard isGreeting else { return }
        trouble.failures += 1
        trouble.last = failure
        phase = .unmet(wait(after: failure, &turn))
    }

    /// Counts a failure.
    ///
    /// Nil: go on at once (by a new handshake, where the token was refused).
    private mutating func failed(
        _ failure: PeerFailure,
        session: UInt64,
        _ state: inout PeerState,
        _ turn: inout Turn
    ) -> LinkWait? {
        switch failure.kind {
        case .unauthorized:
            // The refusal of a token that was replaced meanwhile says nothing about the new one.
            guard session == state.session else { return nil }
            trouble.failures += 1
            trouble.last = failure
            state.entry.hasSession = false
            phase = .unmet(trouble.failures > 1 ? wait(after: failure, &turn) : nil)
            return nil
        case .forbidden:
            trouble.failures += 1
            trouble.last = failure
            hasMet = false
            phase = .unmet(wait(after: failure, &turn))
            return nil
        case .unreachable, .refused, .busy, .faulty, .local:
            // Both lanes fail with the same cause: that is one failure, and one wait.
            if let joined = failureWait, joined.until > turn.now { return joined }
            trouble.failures += 1
            trouble.last = failure
            return wait(after: failure, &turn)
        }
    }

    /// The wait of a lane whose last call failed.
    private var failureWait: LinkWait? {
        guard trouble.failures > 0 else { return nil }
        if case .waiting(let wait) = push { return wait }
        if case .waiting(let wait) = pull { return wait }
        return nil
    }

    private func wait(after failure: PeerFailure, _ turn: inout Turn) -> LinkWait {
        switch failure.kind {
        case .unreachable:
            return .unreachable(until: turn.after(turn.backoffMs(failures: trouble.failures)))
        case .busy(let retryAfterMs) where retryAfterMs > 0:
            let delay = min(retryAfterMs, turn.settings.busyLongestMs)
            return .answered(until: turn.after(delay + turn.random.below(delay / 4 + 1)))
        case .unauthorized, .forbidden, .refused, .busy, .faulty, .local:
            return .answered(until: turn.after(turn.backoffMs(failures: trouble.failures)))
        }
    }

    /// Counts the pulls that did not bring what the peer reports; any progress of ours starts over.
    private mutating func countUnserved(_ missing: [LogHead], _ ours: [LogHead]) {
        unserved = missing.map { head in
            let held = ours.place(of: head.origin)
            let before = unserved.first { $0.origin == head.origin && $0.held == held }
            return UnservedLog(origin: head.origin, held: held, pulls: (before?.pulls ?? 0) + 1)
        }
    }

    private static func note(_ answer: PushAnswer) -> String {
        if let until = answer.heldUntilMs {
            return "the peer holds events back until its clock reaches \(until) ms"
        }
        guard let first = answer.unknown.first else { return "the peer does not take the events it is offered" }
        return "the peer does not know \(first.rawValue) yet"
    }
}

extension Place {
    /// Before the first event of any log.
    fileprivate static let start = Place(epoch: 0, seq: 0)
}
