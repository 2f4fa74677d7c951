import HiveModel
import HiveStore

/// Who was a member once.
extension ReplicaService {
    func removal(of instance: InstanceID, in group: GroupID) async throws -> Event? {
        try await store.removal(of: instance, in: group)
    }
}
