import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// How far each group is held, in memory: written by commits, read by peers' calls, and awaited by long pulls.
final class HeadsBoard: CommitListener {
    private struct Waiter {
        var group: GroupID
        var above: [LogHead]
        var bell: AsyncStream<Void>.Continuation
    }

    private struct State {
        var heads: [GroupID: GroupHeads] = [:]
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    func heads(of group: GroupID) -> GroupHeads? { state.withLock { $0.heads[group] } }

    func put(_ heads: GroupHeads, of group: GroupID) {
        let bells = state.withLock { state in
            state.heads[group] = heads
            return state.waiters.values
                .filter { $0.group == group && Self.hasNews(heads, above: $0.above) }
                .map(\.bell)
        }
        for bell in bells { bell.yield() }
    }

    func committed(_ commit: Committed) {
        for (group, heads) in commit.heads { put(heads, of: group) }
    }

    /// Returns when something above `heads` is held, or after `waitMs`.
    func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws {
        let (bells, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number: Int? = state.withLock { state in
            if let held = state.heads[group], Self.hasNews(held, above: heads) { return nil }
            defer { state.nextWaiter += 1 }
            state.waiters[state.nextWaiter] = Waiter(group: group, above: heads, bell: bell)
            return state.nextWaiter
        }
        guard let number else { return }
        defer { state.withLock { _ = $0.waiters.removeValue(forKey: number) } }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in bells { return }
            }
            tasks.addTask { try await Task.sleep(for: .milliseconds(waitMs)) }
            _ = try await tasks.next()
            tasks.cancelAll()
        }
    }

    private static func hasNews(_ held: GroupHeads, above heads: [LogHead]) -> Bool {
        !heads.inOrder.covers(held.heads)
    }
}
