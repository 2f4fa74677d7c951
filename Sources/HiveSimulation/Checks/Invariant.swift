/// What must hold, by the names of section 13 of the protocol; the last few are the simulator's own.
public enum Invariant: String, CaseIterable, Sendable {
    case contiguousLogs = "contiguous logs"
    case intactChains = "intact chains"
    case noForgedEvent = "no forged event"
    case acknowledgedSurvivesCrash = "an acknowledged event survives a crash"
    case nothingAcknowledgedIsLost = "nothing acknowledged is lost while any replica holds it"
    case equalHeadsAtRest = "equal heads at rest"
    case equalHeadsMeanEqualState = "equal heads mean equal roots and byte-equal dumps"
    case incrementalEqualsFresh = "incremental state = fold from nothing"
    case orderAndRepetition = "order and repetition don't matter"
    case countersEqualRecount = "counters equal recounts"
    case noEffectWithoutAuthority = "no effect without R0 and authority"
    case fencesRespected = "fences respected"
    case tombstonesFinal = "valid tombstones final"
    case clockBounds = "clock bounds"
    case forkIsContained = "a fork is contained to its log"
    case logGrowth = "log growth = number of distinct events"
    case bounded = "buffers, sockets and timers bounded"
    case convergesInTime = "after healing, convergence within a bound"
    case fewSends = "sends per event near the minimum"
    /// A message made here can't be read by its own codec.
    case codecReadsItself = "a message can be read"
    /// The engine threw: a fault of this machine, though the machine was well.
    case noInternalFault = "no fault without cause"
    /// An event of an honest node was refused where nothing can have made it wrong.
    case honestIsNeverRefused = "nothing honest is refused"

    /// Whether it says that something did not happen in time, and not that something wrong did.
    public var isLiveness: Bool {
        switch self {
        case .convergesInTime, .equalHeadsAtRest: true
        default: false
        }
    }
}

/// An invariant that did not hold.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
    public var invariant: Invariant
    /// Nil = of the cluster as a whole.
    public var node: Int?
    /// Virtual milliseconds since the start.
    public var atMs: Int64
    public var detail: String

    public var description: String {
        "\(invariant.rawValue): \(node.map { "n\($0): " } ?? "")\(detail) (at \(atMs) ms)"
    }
}
