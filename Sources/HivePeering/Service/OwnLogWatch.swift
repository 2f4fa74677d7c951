import HiveModel
import HivePorts
import HiveSync

/// Tells the replicator how far peers hold this instance's own log, wherever they name their heads.
struct OwnLogWatch: Sendable {
    let own: InstanceID
    let replica: any ReplicaAccess
    let tell: @Sendable (ReplicatorEvent) -> Void

    /// A peer named all its heads.
    ///
    /// Call it when what came with them is admitted. Where the store can't be read nothing is told: what was known
    /// stays.
    func heard(_ heads: [LogHead], from peer: InstanceID, in group: GroupID) async {
        guard let head = heads.first(where: { $0.origin == own }) else {
            return tell(.ownLogReported(peer, group, head: nil, held: nil))
        }
        do {
            let ours = try await replica.heads(of: group)?.heads.first { $0.origin == own }
            let isSame = ours?.place == head.place && ours?.hash == head.hash
            let held = isSame ? head.hash : try await replica.heldHash(at: head, in: group)
            tell(.ownLogReported(peer, group, head: head, held: held))
        } catch {
            return
        }
    }
}
