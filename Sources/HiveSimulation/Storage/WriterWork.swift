import HiveModel
import HiveSync

/// One thing a node's writer does in a transaction; kept in its journal, so that it can be done again.
enum WriterWork: Sendable {
    case admit([Event])
    case introduce([Introduction])
    /// What a peer handed over beside events.
    case take(LogEvidence)
    case write(LocalWrite)
    /// Opens the node's next log, signed with the key of that number.
    case open(lowest: Int64, reason: String, keyNumber: UInt64)
    /// Opens a new epoch where one is due, signed with the key of that number, and repeats what does not stand.
    case recover(keyNumber: UInt64)
    /// Closes the log at its head and goes on with the key of that number.
    case rotate(keyNumber: UInt64)
    /// Begins a new epoch before the own events that lie ahead of the clock.
    case resetClock(keyNumber: UInt64)
    /// Folds everything anew.
    case refold
}

/// What became of it.
enum WriterResult: Sendable {
    case admitted(AdmissionOutcome)
    case introduced([InstanceID])
    case written(Event)
    /// By the node itself: openings and repeats.
    case recovered([Event])
    /// A sentence.
    case refused(String)
    case refolded
}

/// One committed transaction.
struct JournalEntry: Sendable {
    var works: [WriterWork]
    var wallMs: Int64
}
