import HiveModel

/// What answers and failures do to a link.
extension PeerLink {
    mutating func pushAnswered(_ answer: PushAnswer, _ ours: [LogHead], _ turn: inout Turn) {
        guard case .inFlight(let flight) = push else { return }
        push = .idle
        isPushDue = true
        trouble = LinkTrouble()
        credits = answer.credits
        let heads = answer.heads.inOrder
        replace(heads, learned: flight.learned)
        noteUntaken(heads, answer, flight, ours, &turn)
        handed.removeAll { head in flight.handed.contains { $0.origin == head.origin } }
        handed += flight.handed
        // Heads may name what can't be sent just now: asking for it again at once would be a circle.
        emptyPushes = answer.sentEvents > 0 || !flight.handed.isEmpty ? 0 : emptyPushes + 1
        if emptyPushes > 0 { push = .waiting(.answered(until: turn.after(turn.backoffMs(failures: emptyPushes)))) }
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
            // Events that came and could not be admitted come again: without progress in what is lacking, that is a
            // circle. One such pull is fair: a limit may fall between two logs.
            let lacking = heads.beyond(ours)
            let gained = lacking.contains { ours.head(of: $0.origin) != flight.from.head(of: $0.origin) }
            fruitlessPulls = gained || lacking.isEmpty ? 0 : fruitlessPulls + 1
            if fruitlessPulls > 1 {
                pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: fruitlessPulls - 1))))
            }
            return
        }
        let hasGained = ours.contains { $0 != flight.from.head(of: $0.origin) }
        fruitlessPulls = hasGained || flight.waitMs == 0 ? 0 : fruitlessPulls + 1
        defer { countOwnLogPull(ours, &turn) }
        countUnserved(heads.beyond(ours), ours)
        let wanted = wanted(ours: ours, settings: turn.settings)
        let pulls = unserved.filter { log in wanted.contains { $0.origin == log.origin } }.map(\.pulls).max() ?? 0
        if pulls > 1 {
            isPullDue = true
            pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: pulls - 1))))
        } else if fruitlessPulls > 0, turn.now.ms - flight.since.ms < flight.waitMs / 2 {
            // The peer does not wait for news, or tells again what can't be taken: don't ask in a circle.
            pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: min(fruitlessPulls, 4)))))
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
            let held = ours.head(of: head.origin)
            let before = unserved.first { $0.origin == head.origin && $0.held == held }
            return UnservedLog(origin: head.origin, held: held, pulls: (before?.pulls ?? 0) + 1)
        }
    }
}

extension Place {
    /// Before the first event of any log.
    static let start = Place(epoch: 0, seq: 0)
}
