import HiveModel

/// What a link does next, given its state: called after everything that happened to it.
extension PeerLink {
    mutating func advance(_ ours: GroupHeads, _ state: PeerState, _ turn: inout Turn) {
        noteBackfill(ours.heads, turn.settings)
        if state.entry.isDialable {
            endWaits(ours.heads, turn)
            if isMet, !state.entry.hasSession { phase = .unmet(nil) }
            switch phase {
            case .unmet(let wait):
                if wait == nil, !state.isGreeting { greet(&turn) }
            case .greeting:
                break
            case .backfilling, .active:
                advancePull(ours.heads, state, &turn)
                advancePush(ours.heads, state, &turn)
            }
            armRetry(&turn)
        }
    }

    /// Backfilling ends when what the peer reported at first contact is held, but for what it does not serve.
    private mutating func noteBackfill(_ ours: [LogHead], _ settings: ReplicatorSettings) {
        guard case .backfilling(let target?) = phase else { return }
        if ours.covers(servable(target, ours: ours, settings: settings)) { phase = .active }
    }

    private mutating func greet(_ turn: inout Turn) {
        phase = .greeting
        lastAttempt = turn.now
        turn.effects.append(.handshake(peer, group))
    }

    private mutating func endWaits(_ ours: [LogHead], _ turn: Turn) {
        if case .unmet(let wait?) = phase, wait.until <= turn.now { phase = .unmet(nil) }
        if case .waiting(let wait) = push, wait.until <= turn.now {
            push = .idle
            isPushDue = true
        }
        if case .waiting(let wait) = pull, wait.until <= turn.now {
            pull = .idle
            if case .expected = wait, !ours.covers(servable(expected, ours: ours, settings: turn.settings)) {
                isPullDue = true
            }
        }
        if let until = servingUntil, until <= turn.now { servingUntil = nil }
        for index in untaken.indices {
            guard let until = untaken[index].until, until <= turn.now else { continue }
            untaken[index].until = nil
            isPushDue = true
        }
    }

    private mutating func advancePull(_ ours: [LogHead], _ state: PeerState, _ turn: inout Turn) {
        guard case .idle = pull else { return }
        if isPullDue {
            startPull(from: ours, waitMs: 0, state, &turn)
        } else if !state.entry.reachesUs, picture != nil {
            startPull(from: ours, waitMs: turn.settings.longPollMs, state, &turn)
        } else {
            expected = wanted(ours: ours, settings: turn.settings)
            guard !expected.isEmpty else { return }
            let delay = max(turn.settings.advertisedMs, 4 * (state.rttMs ?? 0))
            pull = .waiting(.expected(until: turn.after(delay)))
        }
    }

    private mutating func startPull(from ours: [LogHead], waitMs: Int64, _ state: PeerState, _ turn: inout Turn) {
        isPullDue = false
        lastAttempt = turn.now
        pull = .inFlight(PullFlight(since: turn.now, from: ours, waitMs: waitMs, session: state.session))
        turn.effects.append(.pull(peer, group, waitMs: waitMs))
    }

    private mutating func advancePush(_ ours: [LogHead], _ state: PeerState, _ turn: inout Turn) {
        switch push {
        case .inFlight, .waiting: return
        case .idle, .gathering: break
        }
        guard let picture else { return }
        let above = leavingOut(picture, ours)
        let lag = ours.lag(of: above)
        let cuts = owedCuts(ours)
        guard lag > 0 || !cuts.isEmpty else {
            stopGathering(&turn)
            isPushDue = false
            return
        }
        guard servingUntil == nil else { return stopGathering(&turn) }
        if isPushDue || lag >= turn.settings.gatherEvents {
            startPush(above: above, believed: picture, handing: cuts, state, &turn)
        } else if case .idle = push {
            let at = turn.after(turn.settings.gatherMs)
            push = .gathering(turn.schedule(.gather(peer, group), at: at))
        }
    }

    private mutating func startPush(
        above: [LogHead],
        believed: [LogHead],
        handing cuts: [LogHead],
        _ state: PeerState,
        _ turn: inout Turn
    ) {
        stopGathering(&turn)
        var most = turn.settings.pushEventsMax
        switch credits {
        case nil: break
        case .some(1...): most = min(most, credits ?? most)
        case .some:
            // No events are taken within this second: a small request in the next one asks anew.
            credits = turn.settings.gatherEvents
            push = .waiting(.answered(until: turn.after(1_000)))
            return
        }
        isPushDue = false
        lastAttempt = turn.now
        push = .inFlight(PushFlight(above: above, believed: believed, handed: cuts, session: state.session))
        turn.effects.append(
            .push(
                peer,
                group,
                above: above,
                maxEvents: Int(most),
                withEvidence: !cuts.isEmpty,
                introducing: untaken.filter { $0.isUnknown && $0.until == nil }.map(\.origin)
            )
        )
    }

    private mutating func stopGathering(_ turn: inout Turn) {
        guard case .gathering(let timer) = push else { return }
        turn.cancel(timer)
        push = .idle
    }

    /// One timer stands for the next end of any wait.
    private mutating func armRetry(_ turn: inout Turn) {
        let next = nextEnd()
        guard next != retryTimer?.at else { return }
        turn.cancel(retryTimer)
        retryTimer = next.map { turn.schedule(.retry(peer, group), at: $0) }
    }

    private func nextEnd() -> Instant? {
        switch phase {
        case .unmet(let wait): return wait?.until
        case .greeting: return nil
        case .backfilling, .active: break
        }
        var ends: [Instant] = []
        if case .waiting(let wait) = push { ends.append(wait.until) }
        if case .waiting(let wait) = pull { ends.append(wait.until) }
        if let servingUntil { ends.append(servingUntil) }
        ends += untaken.compactMap(\.until)
        return ends.min()
    }
}
