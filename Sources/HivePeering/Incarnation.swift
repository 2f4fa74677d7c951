import HivePorts
import Synchronization

/// The random id of this database's life, asked for once.
final class Incarnation: Sendable {
    private let known = Mutex<String?>(nil)

    func value(_ replica: any ReplicaAccess) async throws -> String {
        if let value = known.withLock({ $0 }) { return value }
        guard let group = try await replica.sharedGroups().first else { return "none" }
        let page = try await replica.events(of: group.id, sinceArrival: group.localSeq, limit: 1)
        known.withLock { $0 = page.incarnation }
        return page.incarnation
    }
}
