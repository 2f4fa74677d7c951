import HiveModel

/// What people are told of a link; it never decides whether to try.
extension PeerLink {
    /// Reports where the status, its reason or the failures changed, and now and then where only contact or lag did.
    mutating func report(_ ours: GroupHeads, _ state: PeerState, _ turn: inout Turn) {
        let isContact = state.lastContact == turn.now
        let lag = picture.map { ours.heads.lag(of: $0) }
        let report = PeerReport(
            peer: peer,
            group: group,
            status: status(state, turn.settings),
            reason: trouble.last?.message ?? trouble.note,
            failures: trouble.failures,
            lag: lag,
            rttMs: state.rttMs,
            isContact: isContact
        )
        guard report.isWorthTelling(after: lastReport, at: lastReportAt, turn) else { return }
        lastReport = report
        lastReportAt = turn.now
        turn.effects.append(.report(report))
    }

    private func status(_ state: PeerState, _ settings: ReplicatorSettings) -> PeerReport.Status {
        if let troubled = trouble.status(settings) { return troubled }
        switch phase {
        case .unmet, .greeting:
            // A peer that only dials in is met when it calls.
            return state.entry.isDialable || picture == nil ? .pending : .active
        case .backfilling: return state.entry.isDialable || picture == nil ? .backfilling : .active
        case .active: return .active
        }
    }
}

extension PeerState {
    mutating func report(_ turn: inout Turn) {
        let report = PeerReport(
            peer: entry.id,
            group: nil,
            status: heartbeatTrouble.status(turn.settings) ?? (entry.hasSession ? .active : .pending),
            reason: heartbeatTrouble.last?.message,
            failures: heartbeatTrouble.failures,
            lag: nil,
            rttMs: rttMs,
            isContact: lastContact == turn.now
        )
        guard report.isWorthTelling(after: lastReport, at: lastReportAt, turn) else { return }
        lastReport = report
        lastReportAt = turn.now
        turn.effects.append(.report(report))
    }
}

extension LinkTrouble {
    /// Nil where the failures are too few to show.
    func status(_ settings: ReplicatorSettings) -> PeerReport.Status? {
        if failures >= settings.errorAfterFailures { return .error }
        if failures >= settings.unreachableAfterFailures, last?.kind == .unreachable { return .unreachable }
        return nil
    }
}

extension PeerReport {
    fileprivate func isWorthTelling(after last: PeerReport?, at lastAt: Instant?, _ turn: Turn) -> Bool {
        guard let last, let lastAt else { return true }
        if status != last.status || reason != last.reason || failures != last.failures { return true }
        guard isContact || lag != last.lag else { return false }
        return turn.now.ms >= lastAt.ms + turn.settings.contactReportMs
    }
}
