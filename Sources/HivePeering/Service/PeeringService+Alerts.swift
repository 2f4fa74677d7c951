import HiveModel
import HivePorts
import HiveSync
import Logging

/// What an operator has to know of peers, and the repair of a state that differs (protocol, section 6).
extension PeeringService {
    func take(_ report: PeerReport) {
        reports.take(report, nowMs: clock.wallMs())
        let subject = AlertSubject(.peerError, group: report.group, peer: report.peer)
        switch report.status {
        case .error:
            let reason = report.reason ?? "it has not answered for long"
            alerts.raise(subject, "\(name(of: report.peer)): \(reason). Try: openhive peers test")
        case .active, .backfilling: alerts.clear(subject)
        case .pending, .unreachable: break
        }
    }

    /// Equal heads and equal states again.
    func converged(_ peer: PeerID, _ group: GroupID) {
        reports.noteAgreement(peer, group)
        alerts.clear(AlertSubject(.diverged, group: group, peer: peer))
    }

    /// Equal heads, different states: this instance's rows are made anew from its log.
    func diverged(_ peer: PeerID, _ group: GroupID, ours: Hash256, theirs: Hash256) {
        reports.noteDivergence(peer, group)
        logger.error(
            "equal heads, different states",
            metadata: [
                "peer.id": .string(peer.rawValue), "group.id": .string(group.rawValue),
                "root.ours": .string(ours.hex), "root.theirs": .string(theirs.hex),
            ]
        )
        alerts.raise(
            AlertSubject(.diverged, group: group, peer: peer),
            "\(name(of: peer)) holds the same events and shows another state: the log is being read anew here."
        )
        order(.repair(peer, group))
    }

    func repair(_ peer: PeerID, _ group: GroupID) async {
        guard repairs.begin(group, nowMs: clock.wallMs()) else { return }
        do {
            let hasChanged = try await replica.repair(group)
            repairs.ended(group, hasChanged: hasChanged, nowMs: clock.wallMs())
            let name = name(of: peer)
            let subject = AlertSubject(.diverged, group: group, peer: peer)
            alerts.raise(
                subject,
                hasChanged
                    ? "Rows here were not what the log says and were made anew from it; \(name) is compared at the next "
                        + "heartbeat. Look at this machine's disk and memory, and run openhive doctor."
                    : "\(name) holds the same events and shows another state. The rows here are what the log says: run "
                        + "openhive verify there, and compare the versions of both."
            )
            // The next heartbeat shows whether that was it.
            if hasChanged { order(.heartbeat(peer)) }
        } catch {
            repairs.failed(group)
            logger.error(
                "a state that differs could not be repaired",
                metadata: ["group.id": .string(group.rawValue), "error": .string("\(error)")]
            )
        }
    }

    private func name(of peer: PeerID) -> String {
        directory.record(peer).map { "Peer \($0.name)" } ?? "A peer"
    }
}
