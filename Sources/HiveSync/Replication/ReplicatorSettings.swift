/// Every interval and bound of the `Replicator`.
///
/// Times in milliseconds.
public struct ReplicatorSettings: Hashable, Sendable {
    /// Between two heartbeats to one peer, give or take 10 %.
    public var heartbeatMs: Int64
    /// How long events gather before a push.
    public var gatherMs: Int64
    /// So many gathered events are pushed without waiting longer.
    public var gatherEvents: Int64
    /// Most events of one push; the peer's credits may lower it.
    public var pushEventsMax: Int64
    /// The first delay after a failure; each further failure doubles it, give or take 25 %.
    public var retryFirstMs: Int64
    /// The longest delay after failures.
    ///
    /// Trying never ends.
    public var retryLongestMs: Int64
    /// The longest a peer's `Retry-After` is honoured.
    public var busyLongestMs: Int64
    /// How soon after its last attempt a contact may make a failing call be tried again.
    public var contactRetryMs: Int64
    /// So many failures in a row without an answer show as `unreachable`.
    public var unreachableAfterFailures: Int
    /// So many failures in a row of any kind show as `error`.
    public var errorAfterFailures: Int
    /// How long a pull may wait at the peer for news, where it does not reach this instance.
    public var longPollMs: Int64
    /// How long an event a peer told of may be on its way by push before it is pulled (at least four round trips).
    public var advertisedMs: Int64
    /// After so many pulls that did not bring what a peer reports, the report is ignored.
    public var unservedPulls: Int
    /// How long pushes to a peer rest while it pulls from here, where its pull does not end.
    public var servingMs: Int64
    /// How long pushes rest after a served pull that left something for the next one.
    public var betweenPullsMs: Int64
    /// How long pushes rest after a served pull, for the peer to store what it was sent.
    public var afterPullMs: Int64
    /// A contact that changes nothing else is reported at most so often.
    public var contactReportMs: Int64

    public init(
        heartbeatMs: Int64 = 30_000,
        gatherMs: Int64 = 5,
        gatherEvents: Int64 = 64,
        pushEventsMax: Int64 = 500,
        retryFirstMs: Int64 = 1_000,
        retryLongestMs: Int64 = 60_000,
        busyLongestMs: Int64 = 600_000,
        contactRetryMs: Int64 = 1_000,
        unreachableAfterFailures: Int = 3,
        errorAfterFailures: Int = 10,
        longPollMs: Int64 = 25_000,
        advertisedMs: Int64 = 200,
        unservedPulls: Int = 3,
        servingMs: Int64 = 60_000,
        betweenPullsMs: Int64 = 2_000,
        afterPullMs: Int64 = 250,
        contactReportMs: Int64 = 1_000
    ) {
        self.heartbeatMs = heartbeatMs
        self.gatherMs = gatherMs
        self.gatherEvents = gatherEvents
        self.pushEventsMax = pushEventsMax
        self.retryFirstMs = retryFirstMs
        self.retryLongestMs = retryLongestMs
        self.busyLongestMs = busyLongestMs
        self.contactRetryMs = contactRetryMs
        self.unreachableAfterFailures = unreachableAfterFailures
        self.errorAfterFailures = errorAfterFailures
        self.longPollMs = longPollMs
        self.advertisedMs = advertisedMs
        self.unservedPulls = unservedPulls
        self.servingMs = servingMs
        self.betweenPullsMs = betweenPullsMs
        self.afterPullMs = afterPullMs
        self.contactReportMs = contactReportMs
    }
}
