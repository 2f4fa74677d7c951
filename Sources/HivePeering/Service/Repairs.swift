import HiveModel
import Synchronization

/// Which groups are being folded again because a peer showed another state, and which were in vain.
final class Repairs: Sendable {
    /// A fold that changed nothing is not tried again for so long: the fault lies with the other side.
    static let afterVainMs: Int64 = 3_600_000

    private struct State {
        var running: Set<GroupID> = []
        var vain: [GroupID: Int64] = [:]
    }

    private let state = Mutex(State())

    /// False where one runs, or the last was in vain a short while ago.
    func begin(_ group: GroupID, nowMs: Int64) -> Bool {
        state.withLock { state in
            if let last = state.vain[group], nowMs < last + Self.afterVainMs, nowMs >= last { return false }
            return state.running.insert(group).inserted
        }
    }

    func ended(_ group: GroupID, hasChanged: Bool, nowMs: Int64) {
        state.withLock { state in
            state.running.remove(group)
            state.vain[group] = hasChanged ? nil : nowMs
        }
    }

    func failed(_ group: GroupID) { state.withLock { _ = $0.running.remove(group) } }
}
