import HiveModel
import HivePeering
import HivePorts
import HiveSync
import Synchronization

/// The way from the node's other parts to the peering service, which needs them to be built first; without one
/// (commands that run without a server) nothing is told and calls to peers are refused.
final class PeeringHandle: CommitListener {
    private let held = Mutex<PeeringService?>(nil)

    func attach(_ service: PeeringService) { held.withLock { $0 = service } }

    var service: PeeringService? { held.withLock { $0 } }

    /// The service, for what needs another machine.
    func required() throws -> PeeringService {
        guard let service else {
            throw HiveError(
                .unavailable,
                "No server runs here, so that no peer can be called: start openhive serve --sync."
            )
        }
        return service
    }

    func peerConfigured(_ record: PeerRecord) { service?.peerConfigured(record) }

    func committed(_ commit: Committed) {
        guard let service else { return }
        for (group, heads) in commit.heads { service.committed(group, heads) }
    }
}
