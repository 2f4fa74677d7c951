import Synchronization

/// One thing to do inside a transaction of the writer, and whom to tell how it ended.
struct WriteJob<Turn>: Sendable {
    /// What came of one step.
    enum Progress: Sendable {
        /// The job is done, after so many events.
        case finished(events: Int)
        /// The budget was used up; the rest goes into a later transaction.
        case unfinished(events: Int)

        var events: Int {
            switch self {
            case .finished(let events), .unfinished(let events): events
            }
        }
    }

    /// Does as much as a budget of events allows; the whole where the job can't be cut.
    let step: @Sendable (Turn, _ budget: Int) throws -> Progress
    /// Called once, after the commit or with what went wrong.
    ///
    /// MUST NOT block.
    let settle: @Sendable ((any Error)?) -> Void
}

/// Carries a job's result from the transaction to the commit.
final class JobResult<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ new: Value) { value.withLock { $0 = new } }

    func take() -> Value? {
        value.withLock { held in
            defer { held = nil }
            return held
        }
    }
}
