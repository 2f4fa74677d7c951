import HiveHTTP
import HiveModel
import HivePorts
import HiveSync

/// Carrying out the calls; each ends with exactly one event told to the replicator.
extension PeeringService {
    func carryOut(_ call: PeerCall) async {
        switch call {
        case .handshake(let peer, let group): await shakeHands(peer, group)
        case .push(let peer, let group, let above, let maxEvents):
            await push(peer, group, above: above, maxEvents: maxEvents)
        case .pull(let peer, let group, let waitMs): await pull(peer, group, waitMs: waitMs)
        case .heartbeat(let peer): await sendHeartbeat(peer)
        }
    }

    private func shakeHands(_ peer: PeerID, _ group: GroupID) async {
        tell(.handshakeFailed(peer, group, PeerFailure(kind: .local, message: "not built yet")))
    }

    private func push(_ peer: PeerID, _ group: GroupID, above: [LogHead], maxEvents: Int) async {
        tell(.pushFailed(peer, group, PeerFailure(kind: .local, message: "not built yet")))
    }

    private func pull(_ peer: PeerID, _ group: GroupID, waitMs: Int64) async {
        tell(.pullFailed(peer, group, PeerFailure(kind: .local, message: "not built yet")))
    }

    private func sendHeartbeat(_ peer: PeerID) async {
        tell(.heartbeatFailed(peer, PeerFailure(kind: .local, message: "not built yet")))
    }
}
