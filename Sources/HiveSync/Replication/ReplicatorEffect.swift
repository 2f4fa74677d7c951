public import HiveModel

/// What the carrier is to do.
///
/// Imperatives; the answer comes back as a `ReplicatorEvent`.
public enum ReplicatorEffect: Hashable, Sendable {
    /// Shake hands with a peer about a group, then tell `handshakeSucceeded` or `handshakeFailed`.
    case handshake(PeerID, GroupID)
    /// Read the events above `heads` from the log (at most 500 events or 4 MiB, at least one whole run), send them in
    /// one request, then tell `pushAnswered` or `pushFailed`.
    ///
    /// At most one is in flight per (peer, group). With `withEvidence` the fork proofs that `above` does not show go
    /// with it, before the events; and what introduces the instances named in `introducing`, which the peer did not
    /// know.
    case push(
        PeerID,
        GroupID,
        above: [LogHead],
        maxEvents: Int,
        withEvidence: Bool = false,
        introducing: [InstanceID] = []
    )
    /// Stream what the peer has above our own heads at the time of the call and admit it, then tell `pullAnswered` or
    /// `pullFailed`.
    ///
    /// With `waitMs` the peer may wait that long for news. `leavesOutOwnLog` says whether the heads named have the own
    /// log among them.
    case pull(PeerID, GroupID, waitMs: Int64)
    case heartbeat(PeerID)
    case schedule(ReplicatorTimer, at: Instant)
    case cancel(ReplicatorTimer)
    /// For people: status never decides whether to try.
    case report(PeerReport)
    /// Equal heads, different roots.
    case diverged(PeerID, GroupID, ours: Hash256, theirs: Hash256)
    /// Equal heads and equal roots, after they had differed.
    case converged(PeerID, GroupID)
}

/// The state of one peer and group, for status pages and tables.
public struct PeerReport: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable { case pending, active, backfilling, error, unreachable }

    public var peer: PeerID
    /// Nil = of the peer as a whole.
    public var group: GroupID?
    public var status: Status
    /// A sentence, where there is something to say.
    public var reason: String?
    public var failures: Int
    /// Events we hold that the peer has not acknowledged; nil while unknown.
    public var lag: Int64?
    public var rttMs: Int64?
    /// A contact in either direction succeeded just now.
    public var isContact: Bool

    public init(
        peer: PeerID,
        group: GroupID?,
        status: Status,
        reason: String?,
        failures: Int,
        lag: Int64?,
        rttMs: Int64?,
        isContact: Bool
    ) {
        self.peer = peer
        self.group = group
        self.status = status
        self.reason = reason
        self.failures = failures
        self.lag = lag
        self.rttMs = rttMs
        self.isContact = isContact
    }
}
