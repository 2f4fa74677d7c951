import HiveModel
import OrderedCollections

extension Replicator {
    /// How each peer fares just now, and each of its groups: exact, where reports come now and then.
    ///
    /// In the order of peers, each as a whole first.
    public func currentReports() -> [PeerReport] {
        peers.values.flatMap { state in
            [state.report(settings, isContact: false)]
                + state.links.values.compactMap { link in
                    groups[link.group].map { link.report($0, state, settings, isContact: false) }
                }
        }
    }
}

/// What people are told of a link; it never decides whether to try.
extension PeerLink {
    func report(
        _ ours: GroupHeads,
        _ state: PeerState,
        _ settings: ReplicatorSettings,
        isContact: Bool
    ) -> PeerReport {
        PeerReport(
            peer: peer,
            group: group,
            status: status(state, settings),
            reason: trouble.last?.message ?? trouble.note,
            failures: trouble.failures,
            lag: picture.map { ours.heads.lag(of: $0) },
            rttMs: state.rttMs,
            isContact: isContact
        )
    }

    /// Reports where the status, its reason or the failures changed, and now and then where only contact or lag did.
    mutating func report(_ ours: GroupHeads, _ state: PeerState, _ turn: inout Turn) {
        let report = report(ours, state, turn.settings, isContact: state.lastContact == turn.now)
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
    func report(_ settings: ReplicatorSettings, isContact: Bool) -> PeerReport {
        PeerReport(
            peer: entry.id,
            group: nil,
            status: heartbeatTrouble.status(settings) ?? (entry.hasSession ? .active : .pending),
            reason: heartbeatTrouble.last?.message,
            failures: heartbeatTrouble.failures,
            lag: nil,
            rttMs: rttMs,
            isContact: isContact
        )
    }

    mutating func report(_ turn: inout Turn) {
        let report = report(turn.settings, isContact: lastContact == turn.now)
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
