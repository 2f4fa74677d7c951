import HiveModel
import HiveSync
import Synchronization

/// The newest report of every peer and group, and what of it the store does not know yet.
final class PeerReports: Sendable {
    struct Key: Hashable, Sendable {
        var peer: PeerID
        var group: GroupID?
    }

    /// What tables show of a peer: its worst group, its newest contact.
    struct Summary: Hashable, Sendable {
        var peer: PeerID
        var status: PeerReport.Status
        var reason: String?
        var failures: Int
        var lastContactMs: Int64?
    }

    private struct State {
        var reports: [Key: PeerReport] = [:]
        var contacts: [PeerID: Int64] = [:]
        var changed: Set<PeerID> = []
        var diverged: Set<Key> = []
    }

    private let state = Mutex(State())

    func take(_ report: PeerReport, nowMs: Int64) {
        state.withLock { state in
            state.reports[Key(peer: report.peer, group: report.group)] = report
            if report.isContact { state.contacts[report.peer] = nowMs }
            state.changed.insert(report.peer)
        }
    }

    func noteDivergence(_ peer: PeerID, _ group: GroupID) {
        state.withLock { state in
            state.diverged.insert(Key(peer: peer, group: group))
            state.changed.insert(peer)
        }
    }

    func noteAgreement(_ peer: PeerID, _ group: GroupID) {
        state.withLock { state in
            guard state.diverged.remove(Key(peer: peer, group: group)) != nil else { return }
            state.changed.insert(peer)
        }
    }

    func forget(_ peer: PeerID) {
        state.withLock { state in
            state.reports = state.reports.filter { $0.key.peer != peer }
            state.diverged = state.diverged.filter { $0.peer != peer }
            state.contacts[peer] = nil
            state.changed.remove(peer)
        }
    }

    /// When the peer was last in contact, milliseconds since 1970.
    func lastContactMs(of peer: PeerID) -> Int64? {
        state.withLock { $0.contacts[peer] }
    }

    /// The peers whose reports changed since the last call, each summed up.
    func takeChanged() -> [Summary] {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed.sorted().compactMap { Self.summary(of: $0, state) }
        }
    }

    private static func summary(of peer: PeerID, _ state: State) -> Summary? {
        let reports = state.reports.values.filter { $0.peer == peer }
            .sorted { ($0.group?.rawValue ?? "") < ($1.group?.rawValue ?? "") }
        guard var worst = reports.first else { return nil }
        for report in reports where rank(report.status) > rank(worst.status) { worst = report }
        let isDiverged = state.diverged.contains { $0.peer == peer }
        return Summary(
            peer: peer,
            status: isDiverged ? .error : worst.status,
            reason: isDiverged ? "DIVERGED: equal heads, different states" : worst.reason,
            failures: reports.map(\.failures).max() ?? 0,
            lastContactMs: state.contacts[peer]
        )
    }

    private static func rank(_ status: PeerReport.Status) -> Int {
        switch status {
        case .active: 0
        case .backfilling: 1
        case .pending: 2
        case .unreachable: 3
        case .error: 4
        }
    }
}
