import HiveSync

/// What a run came to.
public struct SimulationResult: Sendable {
    public enum Verdict: Int32, Sendable {
        case fine = 0
        /// An invariant did not hold.
        case wrong = 10
        /// Healed nodes did not come to hold the same in time.
        case stuck = 11
    }

    public var seed: UInt64
    public var options: SimulationOptions
    public internal(set) var violations: [Violation] = []
    public internal(set) var coverage = Coverage()
    /// The same for one seed and one set of options, in every process and build.
    public internal(set) var traceHash: UInt64 = 0
    /// The canonical dumps of the nodes at rest; empty where a run did not come that far.
    public internal(set) var dumps: [[UInt8]] = []
    /// Events made, in all logs.
    public internal(set) var events = 0
    /// Virtual milliseconds from healing to equal heads.
    public internal(set) var convergedAfterMs: Int64 = 0
    /// Virtual milliseconds in all.
    public internal(set) var lastedMs: Int64 = 0

    init(seed: UInt64, options: SimulationOptions) {
        self.seed = seed
        self.options = options
    }

    public var verdict: Verdict {
        guard let first = violations.first else { return .fine }
        return first.invariant.isLiveness ? .stuck : .wrong
    }

    mutating func take<Store, Crypto>(_ cluster: Cluster<Store, Crypto>) {
        violations = cluster.violations
        coverage = cluster.coverage
        traceHash = cluster.trace.hash
        events = cluster.ledger.made.count
        lastedMs = cluster.now.ms
    }

    /// One line that reproduces the run.
    public func line(commit: String) -> String {
        "hive-sim --seed \(seed) --options \(options) # commit \(commit)"
    }
}
