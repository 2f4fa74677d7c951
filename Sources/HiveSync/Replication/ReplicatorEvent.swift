public import HiveModel

/// Milliseconds since the node started; never wall time.
public struct Instant: Hashable, Comparable, Sendable {
    public var ms: Int64

    public init(ms: Int64) {
        self.ms = ms
    }

    public static func < (left: Self, right: Self) -> Bool { left.ms < right.ms }
}

/// The local id of a peer entry (`sync_peer_configs.id`).
public struct PeerID: Hashable, Comparable, Sendable {
    public let rawValue: String

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How far a replica holds a group: all of its heads, by instance id, and their digest.
public struct GroupHeads: Hashable, Sendable {
    public var heads: [LogHead]
    /// SHA-256 of the JCS of `{instance_id: [epoch, seq, hash]}` (protocol, section 6).
    public var digest: Hash256
    /// Nil while a re-fold runs in steps.
    public var stateRoot: Hash256?

    public init(heads: [LogHead], digest: Hash256, stateRoot: Hash256?) {
        self.heads = heads
        self.digest = digest
        self.stateRoot = stateRoot
    }
}

/// What happened, told to the `Replicator` by its carrier.
///
/// Past participles; none asks for anything.
public enum ReplicatorEvent: Sendable {
    /// A peer was configured, learnt, loaded at start, or its entry changed.
    case peerConfigured(PeerEntry)
    case peerForgotten(PeerID)
    /// A group of this instance is shared or joined and takes part in sync from now on.
    case groupOpened(GroupID, GroupHeads)
    case groupClosed(GroupID)
    /// A transaction was committed; the group's heads are now these.
    case committed(GroupID, GroupHeads)

    case handshakeSucceeded(PeerID, GroupID, peer: InstanceID, heads: [LogHead], reachesUs: Bool = true)
    case handshakeFailed(PeerID, GroupID, PeerFailure)

    /// A push was answered.
    case pushAnswered(PeerID, GroupID, PushAnswer)
    case pushFailed(PeerID, GroupID, PeerFailure)

    /// A pull ended: what came was admitted before this is told.
    case pullAnswered(PeerID, GroupID, PullAnswer)
    case pullFailed(PeerID, GroupID, PeerFailure)

    case heartbeatAnswered(PeerID, HeartbeatSummary, rttMs: Int64)
    case heartbeatFailed(PeerID, PeerFailure)

    /// The other side called us: proof that it lives, and how far it is.
    case heartbeatReceived(InstanceID, HeartbeatSummary)
    /// It named heads it holds: with a push, or by sending events.
    ///
    /// Told BEFORE those events are admitted, so that they are not offered back to it.
    case headsReported(InstanceID, GroupID, [LogHead])
    /// It began to pull from us and named its heads.
    ///
    /// Pushes to it rest until `pullServed`.
    case pullStarted(InstanceID, GroupID, heads: [LogHead])
    /// The answer to its pull ended.
    ///
    /// `sent`: its heads once it has stored what was written to the connection. Told at every end, cut connections
    /// included.
    case pullServed(InstanceID, GroupID, sent: [LogHead], hasMore: Bool)

    /// A peer said how far it holds this instance's own log: in answer to a handshake, a push or a pull, or calling.
    ///
    /// Told with each of its heads, after what came with them was admitted. `head` is nil where it holds nothing of the
    /// log. `held` is the hash of what is held here at that place: the one of `head` where that event is held, standing
    /// or aside, else of the event that stands there; nil = none.
    case ownLogReported(InstanceID, GroupID, head: LogHead?, held: Hash256?)

    /// Somebody wants a pull from every peer now, whatever was tried before.
    case resyncRequested(GroupID)

    case timerFired(ReplicatorTimer)
}

/// A peer as configured: where it is and what is shared with it.
public struct PeerEntry: Hashable, Sendable {
    public var id: PeerID
    /// Nil until a handshake has told.
    public var instance: InstanceID?
    /// Whether an endpoint to dial is known; a peer that can only dial in has none.
    public var isDialable: Bool
    /// Whether a token for calling it is held (a handshake succeeded before).
    public var hasSession: Bool
    /// Whether the peer can and will dial this instance, as it said last.
    ///
    /// Where it does not, news of it is awaited by a pull that waits there.
    public var reachesUs: Bool
    /// The groups shared with it.
    public var groups: [GroupID]

    public init(
        id: PeerID,
        instance: InstanceID?,
        isDialable: Bool,
        hasSession: Bool,
        reachesUs: Bool = true,
        groups: [GroupID]
    ) {
        self.id = id
        self.instance = instance
        self.isDialable = isDialable
        self.hasSession = hasSession
        self.reachesUs = reachesUs
        self.groups = groups
    }
}

/// Why a call to a peer failed.
public struct PeerFailure: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// No connection, timeout, broken answer.
        case unreachable
        /// 401: the token is not known there (any more): shake hands again.
        case unauthorized
        /// 403: not a member there, or the invite or secret was refused.
        case forbidden
        /// 404, 409, 410 and other 4xx: it answered, and refused.
        case refused
        /// 429 or 503: try again after the given time.
        case busy(retryAfterMs: Int64)
        /// 5xx.
        case faulty
        /// The fault is here (own disk, own database).
        case local
    }

    public var kind: Kind
    /// A sentence for people.
    public var message: String

    public init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }
}

/// The reply to a push, as the sender sees it.
public struct PushAnswer: Hashable, Sendable {
    /// The receiver's durable heads after the push.
    public var heads: [LogHead]
    /// Instances the receiver does not know yet and wants introduced.
    public var unknown: [InstanceID]
    /// Milliseconds since 1970 until which a log waits for the receiver's clock; nil = nothing is held.
    public var heldUntilMs: Int64?
    /// Events that may be sent in the next second.
    public var credits: Int64
    public var sentEvents: Int
    /// How far the events that were sent reach; empty where the carrier does not tell.
    ///
    /// With it, a log the peer does not take holds up no other.
    public var sent: [LogHead]

    public init(
        heads: [LogHead],
        unknown: [InstanceID],
        heldUntilMs: Int64?,
        credits: Int64,
        sentEvents: Int,
        sent: [LogHead] = []
    ) {
        self.heads = heads
        self.unknown = unknown
        self.heldUntilMs = heldUntilMs
        self.credits = credits
        self.sentEvents = sentEvents
        self.sent = sent
    }
}

/// How a pull ended.
public struct PullAnswer: Hashable, Sendable {
    /// The peer's heads as its last line named them.
    public var heads: [LogHead]
    public var receivedEvents: Int
    /// The peer stopped at a limit and has more.
    public var hasMore: Bool

    public init(heads: [LogHead], receivedEvents: Int, hasMore: Bool) {
        self.heads = heads
        self.receivedEvents = receivedEvents
        self.hasMore = hasMore
    }
}

/// What a heartbeat says of each shared group.
public struct HeartbeatSummary: Hashable, Sendable {
    public struct Group: Hashable, Sendable {
        public var group: GroupID
        public var headsDigest: Hash256
        public var stateRoot: Hash256?

        public init(group: GroupID, headsDigest: Hash256, stateRoot: Hash256?) {
            self.group = group
            self.headsDigest = headsDigest
            self.stateRoot = stateRoot
        }
    }

    public var instance: InstanceID
    /// By group id.
    public var groups: [Group]
    /// The sender's wall clock, milliseconds since 1970.
    public var serverTimeMs: Int64
    /// In a reply: whether the sender can and will dial whom it answers.
    public var reachesYou: Bool

    public init(instance: InstanceID, groups: [Group], serverTimeMs: Int64, reachesYou: Bool = true) {
        self.instance = instance
        self.groups = groups
        self.serverTimeMs = serverTimeMs
        self.reachesYou = reachesYou
    }
}

/// A timer of the `Replicator`; a late fire of a cancelled one is ignored.
public struct ReplicatorTimer: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case heartbeat(PeerID)
        /// Retry of handshake, push or pull after a failure.
        case retry(PeerID, GroupID)
        /// The 5 ms in which events gather before a push.
        case gather(PeerID, GroupID)
    }

    public var kind: Kind
    /// Distinguishes a timer from an earlier one of the same kind.
    public var generation: UInt64

    public init(kind: Kind, generation: UInt64) {
        self.kind = kind
        self.generation = generation
    }
}
