import Synchronization

/// Lets one piece of work per name run at a time; others of that name wait their turn.
final class OneAtATime: Sendable {
    private struct Waiter {
        var id: UInt64
        var go: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var waiting: [String: [Waiter]] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Throws `CancellationError` where the task is cancelled while it waits.
    func alone<Value: Sendable>(_ name: String, _ work: () async throws -> Value) async throws -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { (go: CheckedContinuation<Bool, Never>) in
                let isFree = state.withLock { state in
                    if Task.isCancelled { return Bool?.none }
                    guard state.waiting[name] != nil else {
                        state.waiting[name] = []
                        return true
                    }
                    state.waiting[name]?.append(Waiter(id: id, go: go))
                    return false
                }
                switch isFree {
                case true?: go.resume(returning: true)
                case nil: go.resume(returning: false)
                case false?: break
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiting[name]?.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting[name]?.remove(at: index)
            }
            waiter?.go.resume(returning: false)
        }
        guard hasTurn else { throw CancellationError() }
        defer { release(name) }
        return try await work()
    }

    private func release(_ name: String) {
        let next = state.withLock { state -> Waiter? in
            guard var waiters = state.waiting[name], !waiters.isEmpty else {
                state.waiting[name] = nil
                return nil
            }
            let next = waiters.removeFirst()
            state.waiting[name] = waiters
            return next
        }
        next?.go.resume(returning: true)
    }
}
