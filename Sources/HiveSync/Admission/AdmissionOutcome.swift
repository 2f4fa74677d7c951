public import HiveModel

/// What became of a batch of events offered to one group (protocol, section 4).
public struct AdmissionOutcome: Hashable, Sendable {
    /// A log's end that was refused, and why.
    public struct Rejection: Hashable, Sendable {
        public var origin: InstanceID
        public var place: Place
        /// A sentence.
        public var reason: String

        public init(origin: InstanceID, place: Place, reason: String) {
            self.origin = origin
            self.place = place
            self.reason = reason
        }
    }

    /// Where a log is held up to, while later events of it were offered; nil head = nothing is held.
    public struct Gap: Hashable, Sendable {
        public var origin: InstanceID
        public var held: LogHead?

        public init(origin: InstanceID, held: LogHead?) {
            self.origin = origin
            self.held = held
        }
    }

    public var inserted = 0
    public var duplicates = 0
    public var need: [Gap] = []
    public var unknown: [InstanceID] = []
    /// Milliseconds since 1970 from which the earliest held event can be admitted.
    public var heldUntilMs: Int64?
    public var heldEvents = 0
    /// A log waits for a newer version of this program.
    public var upgradeNeeded = false
    /// Forks proved by what was offered and held.
    public var proved: [ForkProof] = []
    /// Proofs taken that were handed over.
    public var provedElsewhere = 0
    /// What keeps events offered from standing, for the reply; one of a kind and instance.
    public var cuts: [InstanceID: [LogCut]] = [:]
    /// Logs of which something that stood was taken away, in the order it happened.
    public var cutLogs: [InstanceID] = []
    public var rejected: [Rejection] = []
    /// The durable heads of all logs after the batch.
    public var heads: [LogHead] = []

    public init() {}
}
