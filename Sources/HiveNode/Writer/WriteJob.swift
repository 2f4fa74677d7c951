import Synchronization

/// One thing to do inside a transaction of the writer, and whom to tell how it ended.
///
/// A step may run again from the same position where its transaction was given up: it keeps nothing but what it wrote
/// in the transaction and what it put down for its position.
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

    /// How many events earlier transactions took in.
    var position = 0
    /// From a position on does as much as a budget of events allows; the whole where the job can't be cut.
    let step: @Sendable (Turn, _ position: Int, _ budget: Int) throws -> Progress
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
