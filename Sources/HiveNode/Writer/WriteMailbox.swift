import DequeModule
import Dispatch
import HivePorts
import Synchronization

/// Where local commands and remote batches wait for the one writer.
///
/// Any thread appends, the writer's thread takes.
///
/// Local jobs go first; a remote job that was cut goes back to the front of its queue.
final class WriteMailbox<Turn>: Sendable {
    struct Limits: Sendable {
        /// Local jobs in one transaction.
        var localJobsPerTransaction = 256
        /// Local jobs that may wait; more are refused as unavailable.
        var localJobsMax = 20_000
        /// Remote batches that may wait; more are refused as unavailable.
        var remoteJobsMax = 256
    }

    /// What the writer finds when it looks.
    enum Content {
        /// Local jobs; none where only remote ones wait.
        case jobs(local: [WriteJob<Turn>])
        /// Nothing came in the time given.
        case nothing
        /// Closed and empty: the writer ends.
        case closed
    }

    private struct State {
        var local: Deque<WriteJob<Turn>> = []
        var remote: Deque<WriteJob<Turn>> = []
        var isClosed = false
        var isWriterWaiting = false
    }

    private let limits: Limits
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    // MARK: Any thread

    func append(_ job: WriteJob<Turn>, isRemote: Bool) {
        let refusal: HiveError? = state.withLock { state in
            guard !state.isClosed else { return HiveError(.unavailable, "This instance is stopping.") }
            guard (isRemote ? state.remote.count : state.local.count) < limit(isRemote) else {
                return HiveError(.unavailable, "Too many writes are waiting: try again in a moment.")
            }
            if isRemote { state.remote.append(job) } else { state.local.append(job) }
            return nil
        }
        if let refusal { job.settle(refusal) } else { ring() }
    }

    /// Lets the writer finish what waits and takes nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    private func limit(_ isRemote: Bool) -> Int { isRemote ? limits.remoteJobsMax : limits.localJobsMax }

    private func ring() {
        let isWaiting = state.withLock { state in
            defer { state.isWriterWaiting = false }
            return state.isWriterWaiting
        }
        if isWaiting { bell.signal() }
    }

    /// Jobs that wait, of both kinds.
    var waiting: Int { state.withLock { $0.local.count + $0.remote.count } }

    var waitingLocal: Int { state.withLock { $0.local.count } }

    // MARK: The writer's thread

    /// Waits for work, for ever where `patienceMs` is nil.
    func take(patienceMs: Int?) -> Content {
        while true {
            let found: Content? = state.withLock { state in
                let content = Self.drain(&state, max: limits.localJobsPerTransaction)
                if content == nil { state.isWriterWaiting = true }
                return content
            }
            if let found { return found }
            guard let patienceMs else {
                bell.wait()
                continue
            }
            guard bell.wait(timeout: .now() + .milliseconds(patienceMs)) == .timedOut else { continue }
            // A ring may have come between the timeout and here; then its signal is taken, so that none is left over.
            let isStillWaiting = state.withLock { state in
                defer { state.isWriterWaiting = false }
                return state.isWriterWaiting
            }
            if isStillWaiting { return .nothing }
            bell.wait()
        }
    }

    func takeRemote() -> WriteJob<Turn>? {
        state.withLock { $0.remote.popFirst() }
    }

    /// Puts back what was cut, before everything else.
    func putBack(_ job: WriteJob<Turn>) {
        state.withLock { $0.remote.prepend(job) }
    }

    private static func drain(_ state: inout State, max: Int) -> Content? {
        guard !state.local.isEmpty || !state.remote.isEmpty else { return state.isClosed ? .closed : nil }
        let count = min(max, state.local.count)
        let local = Array(state.local.prefix(count))
        state.local.removeFirst(count)
        return .jobs(local: local)
    }
}
