import HiveModel
import HiveSync
import Synchronization

/// How far this instance holds each open group, as last told by its node.
final class KnownHeads: Sendable {
    private let heads = Mutex<[GroupID: GroupHeads]>([:])
    private let arrivals = Mutex<[GroupID: Int64]>([:])

    func put(_ group: GroupID, _ newest: GroupHeads) {
        heads.withLock { $0[group] = newest }
    }

    func remove(_ group: GroupID) {
        heads.withLock { $0[group] = nil }
        arrivals.withLock { $0[group] = nil }
    }

    /// The newest arrival number, as of the last time the store was asked for it.
    func put(_ group: GroupID, arrival: Int64) {
        arrivals.withLock { $0[group] = arrival }
    }

    /// For people who read the messages; nothing is decided by it.
    func arrival(of group: GroupID) -> Int64 {
        arrivals.withLock { $0[group] ?? 0 }
    }

    func of(_ group: GroupID) -> GroupHeads? {
        heads.withLock { $0[group] }
    }
}
