public import HiveModel
public import HiveSync

/// This instance's replicas as the sync protocol reads and extends them; HiveNode implements it over mailbox and store.
public protocol ReplicaAccess: Sendable {
    /// Admits remote events: verified, folded and durable when this returns (protocol, section 4). Throws
    /// `HiveError(.unavailable)` where this machine can't store them; nothing of the batch is acknowledged then.
    ///
    /// What came beside the events is taken before them.
    func admit(
        _ events: [Event],
        beside evidence: LogEvidence,
        group: GroupID,
        from peer: InstanceID?
    ) async throws -> AdmissionOutcome

    /// Nil where this instance has no such group.
    func heads(of group: GroupID) async throws -> GroupHeads?

    /// The events above `heads`, logs in the order owner, admins, members, each run ending at a verified event; all of
    /// a log of which `heads` name another event than stands here (`LogSending`).
    /// - Parameter sendsOwnLog: false leaves out the log of this instance.
    func events(
        of group: GroupID,
        above heads: [LogHead],
        sendsOwnLog: Bool,
        maxEvents: Int,
        maxBytes: Int
    ) async throws -> EventBatch

    /// The fork proofs that `heads` do not show, and all transfers of ownership.
    func evidence(of group: GroupID, above heads: [LogHead]) async throws -> LogEvidence

    /// What leads from the owner to `instances`, for a peer that does not know them; at most a few hundred steps.
    func introductions(of instances: [InstanceID], in group: GroupID) async throws -> [Introduction]

    /// What `origin` wrote and does not stand here, nor anything that repeats it, with what it follows: wire lines, as
    /// many as fit.
    func lostEvents(of origin: InstanceID, in group: GroupID, maxBytes: Int) async throws -> EventBatch

    /// The hash of what is held at the place of `head`: its own where that event is held, standing or aside, else that
    /// of the event that stands there; nil = none.
    func heldHash(at head: LogHead, in group: GroupID) async throws -> Hash256?

    /// The events after an arrival number of this incarnation.
    func events(of group: GroupID, sinceArrival: Int64, limit: Int) async throws -> EventPage

    /// Returns when something above `heads` is held or after `waitMs`.
    func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws

    /// The role of an instance in a group now; nil where it is no member.
    func role(of instance: InstanceID, in group: GroupID) async throws -> MemberRole?

    /// The identity key of an instance known in a group.
    func identityKey(of instance: InstanceID, in group: GroupID) async throws -> PublicKey?

    /// The shared and joined groups, by id.
    func sharedGroups() async throws -> [SharedGroup]

    /// A peer told its wall clock, milliseconds since 1970, just now.
    func heard(serverTimeMs: Int64, from peer: InstanceID)

    /// The event that ended the membership of an instance that is none now; nil where nothing is known of one.
    func removal(of instance: InstanceID, in group: GroupID) async throws -> Event?

    /// Makes the rows of a group anew from its log; whether that changed its state root.
    func repair(_ group: GroupID) async throws -> Bool
}

extension ReplicaAccess {
    public func heard(serverTimeMs: Int64, from peer: InstanceID) {}

    public func removal(of instance: InstanceID, in group: GroupID) async throws -> Event? { nil }
}

extension ReplicaAccess {
    /// Admits events that nothing came beside.
    public func admit(_ events: [Event], group: GroupID, from peer: InstanceID?) async throws -> AdmissionOutcome {
        try await admit(events, beside: LogEvidence(), group: group, from: peer)
    }
}

/// A group that takes part in sync.
public struct SharedGroup: Hashable, Sendable {
    public var id: GroupID
    public var hiveName: String
    public var groupName: String
    public var heads: GroupHeads
    /// The arrival number of the newest event.
    public var localSeq: Int64

    public init(id: GroupID, hiveName: String, groupName: String, heads: GroupHeads, localSeq: Int64) {
        self.id = id
        self.hiveName = hiveName
        self.groupName = groupName
        self.heads = heads
        self.localSeq = localSeq
    }
}

/// Events in wire form, one JSON object a line.
public struct EventBatch: Sendable {
    /// NDJSON: each event's wire form followed by a newline.
    public var lines: [UInt8]
    public var count: Int
    /// There is more above the last event.
    public var hasMore: Bool
    /// The heads that were given, moved up to the last event of each log in this batch: what the next batch is above.
    public var reached: [LogHead]

    public init(lines: [UInt8], count: Int, hasMore: Bool, reached: [LogHead]) {
        self.lines = lines
        self.count = count
        self.hasMore = hasMore
        self.reached = reached
    }
}

/// A page by arrival number.
public struct EventPage: Sendable {
    public var lines: [UInt8]
    public var count: Int
    public var nextSeq: Int64
    public var hasMore: Bool
    /// The random id of this database's life; arrival numbers of another mean nothing.
    public var incarnation: String

    public init(lines: [UInt8], count: Int, nextSeq: Int64, hasMore: Bool, incarnation: String) {
        self.lines = lines
        self.count = count
        self.nextSeq = nextSeq
        self.hasMore = hasMore
        self.incarnation = incarnation
    }
}

/// Peers, sessions and invites as kept in the database.
public protocol SyncStore: Sendable {
    func peers() async throws -> [PeerRecord]
    func peer(id: PeerID) async throws -> PeerRecord?
    /// Inserts or replaces by id; a taken endpoint throws `HiveError(.conflict)`.
    func putPeer(_ peer: PeerRecord) async throws
    /// Changes an entry as it stands in the store, whatever else changes it meanwhile; nil where it is gone.
    func changePeer(id: PeerID, _ change: @escaping @Sendable (inout PeerRecord) -> Void) async throws -> PeerRecord?
    func removePeer(id: PeerID) async throws

    /// Which instance presents the token with this SHA-256; nil where none does.
    func instance(tokenHash: [UInt8]) async throws -> InstanceID?
    /// Replaces the token the instance presents to us.
    func putSession(instance: InstanceID, tokenHash: [UInt8], identityKey: PublicKey) async throws
    /// The SHA-256 of the token the instance presents to us; nil where it has none.
    func tokenHash(of instance: InstanceID) async throws -> [UInt8]?

    func invites() async throws -> [InviteRecord]
    func invite(id: String) async throws -> InviteRecord?
    func putInvite(_ invite: InviteRecord) async throws
    func removeInvite(id: String) async throws
}

/// One peer entry (`sync_peer_configs`).
public struct PeerRecord: Hashable, Sendable {
    public var id: PeerID
    public var name: String
    /// Ends in `/sync/v1`; nil for a peer that can only dial in.
    public var syncEndpoint: String?
    /// Hive names here.
    public var sharedHives: [String]
    public var groups: [GroupID]
    public var instance: InstanceID?
    public var identityKey: PublicKey?
    /// The token we present to it; never shown.
    public var syncToken: String?
    /// Whether the peer can and will dial this instance, as it said last.
    public var reachesUs: Bool
    /// `manual` (the operator's word), or where the endpoint was learnt: `handshake`, `hub` or `gossip`.
    public var source: String
    /// Hops that a peer learnt by gossip may still be passed on.
    public var gossipTTL: Int64
    /// Who told of it first, where it was learnt by gossip.
    public var discoveredVia: InstanceID?
    /// Its newest signed record as JSON (`SignedPeerRecord`); nil where none was heard.
    public var announcement: [UInt8]?
    /// `pending`, `active`, `backfilling`, `error` or `unreachable`; for people only.
    public var status: String
    public var lastError: String?
    public var failureCount: Int64
    public var lastHeartbeatAtMs: Int64?
    public var lastSyncAtMs: Int64?
    public var createdAtMs: Int64
    public var updatedAtMs: Int64

    /// Whether the endpoint is the operator's word; else the rules for learnt addresses bind (protocol, section 8).
    public var isManual: Bool { source == "manual" }

    /// Whether the endpoint moves with what the instance says of itself; the operator's word and a hub's stand.
    public var isLearnt: Bool { source == "handshake" || source == "gossip" }

    public init(
        id: PeerID,
        name: String,
        syncEndpoint: String?,
        sharedHives: [String],
        groups: [GroupID],
        instance: InstanceID? = nil,
        identityKey: PublicKey? = nil,
        syncToken: String? = nil,
        reachesUs: Bool = true,
        source: String = "manual",
        gossipTTL: Int64 = 0,
        discoveredVia: InstanceID? = nil,
        announcement: [UInt8]? = nil,
        status: String = "pending",
        lastError: String? = nil,
        failureCount: Int64 = 0,
        lastHeartbeatAtMs: Int64? = nil,
        lastSyncAtMs: Int64? = nil,
        createdAtMs: Int64,
        updatedAtMs: Int64
    ) {
        self.id = id
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.sharedHives = sharedHives
        self.groups = groups
        self.instance = instance
        self.identityKey = identityKey
        self.syncToken = syncToken
        self.reachesUs = reachesUs
        self.source = source
        self.gossipTTL = gossipTTL
        self.discoveredVia = discoveredVia
        self.announcement = announcement
        self.status = status
        self.lastError = lastError
        self.failureCount = failureCount
        self.lastHeartbeatAtMs = lastHeartbeatAtMs
        self.lastSyncAtMs = lastSyncAtMs
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
    }
}

/// An invite as its issuer keeps it: the secret itself is shown once and stored as SHA-256.
public struct InviteRecord: Hashable, Sendable {
    public var id: String
    public var group: GroupID
    public var hiveName: String
    public var role: MemberRole
    /// 32 bytes.
    public var secretHash: [UInt8]
    public var usesLeft: Int64
    public var maxUses: Int64
    public var createdAtMs: Int64
    public var expiresAtMs: Int64

    public init(
        id: String,
        group: GroupID,
        hiveName: String,
        role: MemberRole,
        secretHash: [UInt8],
        usesLeft: Int64,
        maxUses: Int64,
        createdAtMs: Int64,
        expiresAtMs: Int64
    ) {
        self.id = id
        self.group = group
        self.hiveName = hiveName
        self.role = role
        self.secretHash = secretHash
        self.usesLeft = usesLeft
        self.maxUses = maxUses
        self.createdAtMs = createdAtMs
        self.expiresAtMs = expiresAtMs
    }
}

/// What the responder of a handshake asks of its node, in one transaction: redeem the proof, emit `instance_added`
/// where the caller is no member yet, remember its session and peer entry.
public protocol JoinDesk: Sendable {
    func admitJoiner(_ request: JoinRequest) async throws -> JoinGrant

    /// A peer showed an `instance_removed` about itself or about this instance; nobody has checked it yet.
    func takeRemoval(_ removal: Event, of group: GroupID) async throws
}

extension JoinDesk {
    public func takeRemoval(_ removal: Event, of group: GroupID) async throws {}
}

/// A joiner that has proved its identity and what it brings to be let in.
public struct JoinRequest: Hashable, Sendable {
    public enum Proof: Hashable, Sendable {
        /// The invite's id and the SHA-256 of its secret.
        case invite(id: String, secretHash: [UInt8])
        /// The configured handshake secret was proved.
        case handshakeSecret
        /// Already a member: only a new session is wanted. Or it brought nothing else.
        case membership
        /// Its endpoint is configured here as a peer for the hive, and it answered a call back there.
        case configuredPeer
    }

    public var instance: InstanceID
    public var identityKey: PublicKey
    public var name: String
    /// Nil where a group name was given instead.
    public var group: GroupID?
    public var groupName: String?
    public var syncEndpoint: String?
    public var proof: Proof
    /// SHA-256 of the token the joiner will present to us.
    public var tokenHash: [UInt8]
    /// The token we shall present to the joiner.
    public var tokenForJoiner: String?
    /// Whence the call came.
    public var address: String?

    public init(
        instance: InstanceID,
        identityKey: PublicKey,
        name: String,
        group: GroupID?,
        groupName: String?,
        syncEndpoint: String?,
        proof: Proof,
        tokenHash: [UInt8],
        tokenForJoiner: String?,
        address: String? = nil
    ) {
        self.instance = instance
        self.identityKey = identityKey
        self.name = name
        self.group = group
        self.groupName = groupName
        self.syncEndpoint = syncEndpoint
        self.proof = proof
        self.tokenHash = tokenHash
        self.tokenForJoiner = tokenForJoiner
        self.address = address
    }
}

public struct JoinGrant: Hashable, Sendable {
    public var group: GroupID
    public var groupName: String
    public var heads: [LogHead]
    /// The arrival number of our newest event.
    public var currentSeq: Int64
    public var role: MemberRole
    public var fromEpoch: Int64
    /// Whether this instance has an endpoint of the joiner that it may dial.
    public var isDialable: Bool
    /// The key our own newest log in the group is signed with; nil = none was written yet.
    public var signingKey: PublicKey?

    public init(
        group: GroupID,
        groupName: String,
        heads: [LogHead],
        currentSeq: Int64,
        role: MemberRole,
        fromEpoch: Int64,
        isDialable: Bool,
        signingKey: PublicKey? = nil
    ) {
        self.group = group
        self.groupName = groupName
        self.heads = heads
        self.currentSeq = currentSeq
        self.role = role
        self.fromEpoch = fromEpoch
        self.isDialable = isDialable
        self.signingKey = signingKey
    }
}

/// What this instance says of itself to others.
public protocol InstanceIdentity: Sendable {
    var instance: InstanceID { get }
    var identityKey: PublicKey { get }
    var name: String { get }
    /// Ends in `/sync/v1`; nil where the instance can only dial out.
    var syncEndpoint: String? { get }
    /// Signs with the identity key.
    func sign(_ message: [UInt8]) -> [UInt8]
}
