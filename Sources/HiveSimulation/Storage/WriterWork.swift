import HiveModel
import HiveSync

/// One thing a node's writer does in a transaction; kept in its journal, so that it can be done again.
enum WriterWork: Sendable {
    case admit([Event])
    case introduce([Introduction])
    case write(LocalWrite)
    /// Opens the node's next log, signed with the key of that number.
    case open(lowest: Int64, reason: String, keyNumber: UInt64)
    /// Folds everything anew.
    case refold
}

/// What became of it.
enum WriterResult: Sendable {
    case admitted(AdmissionOutcome)
    case introduced([InstanceID])
    case written(Event)
    /// A sentence.
    case refused(String)
    case refolded
}

/// One committed transaction.
struct JournalEntry: Sendable {
    var works: [WriterWork]
    var wallMs: Int64
}
