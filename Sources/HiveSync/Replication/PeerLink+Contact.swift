import HiveModel

/// What signs of life do to a link.
extension PeerLink {
    var isWaitingForContact: Bool {
        if case .unmet(.unreachable?) = phase { return true }
        if case .waiting(.unreachable) = push { return true }
        if case .waiting(.unreachable) = pull { return true }
        return false
    }

    /// The peer lives: what failed for want of an answer is tried again at once, but not more often than
    /// `contactRetryMs`, since a peer may reach us where we can't reach it.
    mutating func contacted(_ turn: Turn) {
        if trouble.last?.kind == .unreachable { trouble = LinkTrouble(note: trouble.note) }
        let earliest = Instant(ms: max(turn.now.ms, (lastAttempt?.ms ?? 0) + turn.settings.contactRetryMs))
        func shortened(_ wait: LinkWait) -> LinkWait {
            guard case .unreachable(let until) = wait else { return wait }
            return .unreachable(until: min(until, earliest))
        }
        if case .unmet(let wait?) = phase { phase = .unmet(shortened(wait)) }
        if case .waiting(let wait) = push { push = .waiting(shortened(wait)) }
        if case .waiting(let wait) = pull { pull = .waiting(shortened(wait)) }
    }

    /// A heartbeat said that the peer holds exactly what we hold.
    mutating func agreed(_ ours: GroupHeads, theirRoot: Hash256?, _ turn: inout Turn) {
        picture = ours.heads
        unserved = []
        untaken = []
        handed = []
        if case .backfilling = phase { phase = .active }
        guard let ourRoot = ours.stateRoot, let theirRoot else { return }
        guard ourRoot != theirRoot else {
            if divergedAt != nil { turn.effects.append(.converged(peer, group)) }
            divergedAt = nil
            return
        }
        guard divergedAt != ours.digest else { return }
        divergedAt = ours.digest
        turn.effects.append(.diverged(peer, group, ours: ourRoot, theirs: theirRoot))
    }

    /// A heartbeat said that the peer holds something else than we do: ask it.
    mutating func differed() {
        handed = []
        switch pull {
        case .inFlight: break
        case .idle: isPullDue = true
        case .waiting(.expected):
            pull = .idle
            isPullDue = true
        case .waiting(.unreachable), .waiting(.answered): isPullDue = true
        }
    }

    /// The peer pulls from us: what it lacks comes to it that way.
    mutating func pullStarted(_ heads: [LogHead], _ ours: [LogHead], _ turn: Turn) {
        grow(heads)
        guard !heads.covers(ours) else { return }
        servingUntil = turn.after(turn.settings.servingMs)
    }

    mutating func pullServed(_ sent: [LogHead], hasMore: Bool, _ turn: Turn) {
        grow(sent)
        guard servingUntil != nil else { return }
        servingUntil = turn.after(hasMore ? turn.settings.betweenPullsMs : turn.settings.afterPullMs)
    }

    /// Forget what was tried in vain and pull now.
    mutating func resync() {
        unserved = []
        handed = []
        fruitlessPulls = 0
        isPullDue = true
        if case .waiting = pull { pull = .idle }
        if case .unmet = phase { phase = .unmet(nil) }
    }
}
