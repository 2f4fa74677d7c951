import HiveModel
import OrderedCollections

/// Heartbeats and timers.
extension Replicator {
    mutating func heartbeatAnswered(
        _ peer: PeerID,
        _ summary: HeartbeatSummary,
        rttMs: Int64,
        _ turn: inout Turn
    ) {
        guard case .inFlight = peers[peer]?.heartbeat else { return }
        peers[peer]?.heartbeat = .off
        peers[peer]?.rttMs = max(0, rttMs)
        peers[peer]?.entry.reachesUs = summary.reachesYou
        peers[peer]?.called()
        compare(peer, summary, &turn)
        contact(peer, &turn)
    }

    mutating func heartbeatFailed(_ peer: PeerID, _ failure: PeerFailure, _ turn: inout Turn) {
        guard var state = peers[peer], case .inFlight(let session) = state.heartbeat else { return }
        state.called(failure)
        state.heartbeatFailed(failure, session: session, &turn)
        peers[peer] = state
        settle(peer, &turn)
    }

    mutating func heartbeatReceived(_ instance: InstanceID, _ summary: HeartbeatSummary, _ turn: inout Turn) {
        for peer in peers(of: instance) {
            peers[peer]?.entry.reachesUs = true
            compare(peer, summary, &turn)
            contact(peer, &turn)
        }
    }

    private mutating func compare(_ peer: PeerID, _ summary: HeartbeatSummary, _ turn: inout Turn) {
        for item in summary.groups {
            if groups[item.group]?.digest == item.headsDigest { ownLogAgreed(summary.instance, item.group) }
            withLink(peer, item.group, &turn) { link, _, ours, turn in
                if item.headsDigest == ours.digest {
                    link.agreed(ours, theirRoot: item.stateRoot, &turn)
                } else {
                    link.differed()
                }
            }
        }
    }

    /// A timer fired; one that was cancelled or replaced meanwhile is ignored.
    mutating func fired(_ timer: ReplicatorTimer, _ turn: inout Turn) {
        switch timer.kind {
        case .heartbeat(let peer):
            guard case .scheduled(let armed) = peers[peer]?.heartbeat, armed.timer == timer else { return }
            peers[peer]?.sendHeartbeat(&turn)
        case .retry(let peer, let group):
            guard peers[peer]?.links[group]?.retryTimer?.timer == timer else { return }
            peers[peer]?.links[group]?.retryTimer = nil
            settle(peer, group, &turn)
        case .gather(let peer, let group):
            guard case .gathering(let armed) = peers[peer]?.links[group]?.push, armed.timer == timer else { return }
            peers[peer]?.links[group]?.push = .idle
            peers[peer]?.links[group]?.isPushDue = true
            settle(peer, group, &turn)
        }
    }
}
