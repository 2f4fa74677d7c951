import HiveModel
import HiveSync
import Synchronization

/// How far this instance holds each open group, as last told by its node.
final class KnownHeads: Sendable {
    private let heads = Mutex<[GroupID: GroupHeads]>([:])

    func put(_ group: GroupID, _ newest: GroupHeads) {
        heads.withLock { $0[group] = newest }
    }

    func remove(_ group: GroupID) {
        heads.withLock { $0[group] = nil }
    }

    func of(_ group: GroupID) -> GroupHeads? {
        heads.withLock { $0[group] }
    }
}
