public import HiveModel
public import HiveSync

/// Sync administration behind `/api/v1/sync` (groups, invites, peers); HiveNode implements it.
///
/// All calls need admin rights, which the caller checks. Unknown ids throw `HiveError(.notFound)`.
public protocol SyncAdmin: GroupGovernance {
    /// The same, of which `createInvite`, `addPeer`, `approveRequest`, `denyRequest` and
    /// `openEpoch` keep a reply in their transaction; nil keeps none.
    func keeping(_ reply: KeptReply?) -> any SyncAdmin

    /// Makes a hive joinable; `HiveError(.conflict)` where it is shared already.
    func shareHive(named name: String) async throws -> GroupStatus
    func groups() async throws -> [GroupStatus]
    func group(id: String) async throws -> GroupStatus
    /// Leaves the group, or stops sharing a group of one; local content stays.
    ///
    /// Peers that can't be reached now hear of it when they next ask, or are told later. `HiveError(.conflict)` for the
    /// owner while there are other members.
    func stopSharing(group: String) async throws
    /// Joins the group of an invite or peer; returns as soon as the handshake is done, `status: backfilling`.
    func join(_ request: JoinCommand) async throws -> GroupStatus
    /// Starts a pull from every peer now.
    func resync(group: String) async throws -> ResyncResult
    /// Re-folds from nothing and compares.
    func verify(group: String) async throws -> VerifyResult
    /// The log by arrival number, newest last; wire lines.
    func events(group: String, since: Int64, limit: Int, type: String?, origin: String?) async throws -> EventPage

    func createInvite(_ command: InviteCommand) async throws -> CreatedInvite
    func invites() async throws -> [InviteRecord]
    func removeInvite(id: String) async throws

    /// Instances that ask to be let in, and those that were denied, oldest first; of all groups where nil.
    func joinRequests(group: String?) async throws -> [PendingJoin]
    /// Lets the instance in: its next try finds it a member.
    func approveRequest(id: String, role: MemberRole) async throws -> PendingJoin
    func denyRequest(id: String) async throws -> PendingJoin

    func peers() async throws -> [PeerStatus]
    func addPeer(_ command: PeerCommand) async throws -> PeerStatus
    func updatePeer(id: String, _ command: PeerChange) async throws -> PeerStatus
    func removePeer(id: String) async throws
    /// Tries each step of reaching the peer and says what failed.
    func testPeer(id: String) async throws -> PeerTest

    /// Open alerts, oldest first.
    func alerts() async throws -> [Alert]
    /// Notes that an admin has seen it; `HiveError(.notFound)` where no such alert is open.
    func acknowledgeAlert(id: String) async throws -> Alert

    func overview() async throws -> SyncOverview
}

/// One group as `API.md` part B shows it.
public struct GroupStatus: Sendable {
    public struct Member: Sendable, Hashable {
        public var instance: InstanceID
        public var name: String
        public var role: MemberRole
        public var headSeq: Int64

        public init(instance: InstanceID, name: String, role: MemberRole, headSeq: Int64) {
            self.instance = instance
            self.name = name
            self.role = role
            self.headSeq = headSeq
        }
    }

    public var id: GroupID
    public var groupName: String
    public var hiveName: String
    /// This instance's role; nil while the group's log has not said.
    public var role: MemberRole?
    /// `active`, `backfilling`, `stopped` or `error`.
    public var status: String
    public var isShared: Bool
    public var owner: InstanceID?
    public var members: [Member]
    public var heads: GroupHeads
    public var localSeq: Int64
    /// Events received and held back, waiting for a clock.
    public var held: Int64
    public var poison: Int64
    public var forks: Int64
    public var peers: [PeerStatus]
    public var createdAtMs: Int64
    /// A sentence, where the status needs one: why it stopped.
    public var statusReason: String?

    public init(
        id: GroupID,
        groupName: String,
        hiveName: String,
        role: MemberRole?,
        status: String,
        isShared: Bool,
        owner: InstanceID?,
        members: [Member],
        heads: GroupHeads,
        localSeq: Int64,
        held: Int64,
        poison: Int64,
        forks: Int64,
        peers: [PeerStatus],
        createdAtMs: Int64,
        statusReason: String? = nil
    ) {
        self.id = id
        self.groupName = groupName
        self.hiveName = hiveName
        self.role = role
        self.status = status
        self.isShared = isShared
        self.owner = owner
        self.members = members
        self.heads = heads
        self.localSeq = localSeq
        self.held = held
        self.poison = poison
        self.forks = forks
        self.peers = peers
        self.createdAtMs = createdAtMs
        self.statusReason = statusReason
    }
}

/// A peer entry without its token, and how it fares.
public struct PeerStatus: Sendable, Hashable {
    public var record: PeerRecord
    /// A sentence, where there is something to say.
    public var reason: String?
    public var lag: Int64?
    public var lagSeconds: Int64?
    public var rttMs: Int64?

    public init(record: PeerRecord, reason: String?, lag: Int64?, lagSeconds: Int64?, rttMs: Int64?) {
        self.record = record
        self.reason = reason
        self.lag = lag
        self.lagSeconds = lagSeconds
        self.rttMs = rttMs
    }
}

/// How to find the group to join.
public struct JoinCommand: Sendable, Hashable {
    /// The text that begins with `ohi1_`.
    public var invite: String?
    public var syncEndpoint: String?
    public var hiveName: String?
    /// The local name of the hive; nil = the group's name.
    public var localName: String?
    /// A local hive of that name shall become one with the joined one.
    public var merges: Bool
    /// The group's id, where it is known: instead of a name, or beside an invite, which must be to it.
    public var groupID: String?

    public init(
        invite: String?,
        syncEndpoint: String?,
        hiveName: String?,
        localName: String?,
        merges: Bool = false,
        groupID: String? = nil
    ) {
        self.invite = invite
        self.syncEndpoint = syncEndpoint
        self.hiveName = hiveName
        self.localName = localName
        self.merges = merges
        self.groupID = groupID
    }
}

public struct ResyncResult: Sendable, Hashable {
    /// Peers a pull was started from.
    public var peers: [PeerID]

    public init(peers: [PeerID]) {
        self.peers = peers
    }
}

/// A stored state against one folded from nothing.
public struct VerifyResult: Sendable, Hashable {
    public var group: GroupID
    public var events: Int64
    public var entities: Int64
    public var storedRoot: Hash256
    public var foldedRoot: Hash256
    public var isEqual: Bool
    /// Sentences naming what differs, at most 20.
    public var differences: [String]

    public init(
        group: GroupID,
        events: Int64,
        entities: Int64,
        storedRoot: Hash256,
        foldedRoot: Hash256,
        isEqual: Bool,
        differences: [String]
    ) {
        self.group = group
        self.events = events
        self.entities = entities
        self.storedRoot = storedRoot
        self.foldedRoot = foldedRoot
        self.isEqual = isEqual
        self.differences = differences
    }
}

public struct InviteCommand: Sendable, Hashable {
    public var hiveName: String?
    public var groupID: String?
    public var role: MemberRole
    public var maxUses: Int64
    public var expiresInS: Int64

    public init(
        hiveName: String?,
        groupID: String?,
        role: MemberRole = .member,
        maxUses: Int64 = 1,
        expiresInS: Int64 = 604_800
    ) {
        self.hiveName = hiveName
        self.groupID = groupID
        self.role = role
        self.maxUses = maxUses
        self.expiresInS = expiresInS
    }
}

public struct CreatedInvite: Sendable, Hashable {
    public var record: InviteRecord
    /// `ohi1_...`, shown this once.
    public var invite: String

    public init(record: InviteRecord, invite: String) {
        self.record = record
        self.invite = invite
    }
}

public struct PeerCommand: Sendable, Hashable {
    public var name: String
    public var syncEndpoint: String
    public var sharedHives: [String]

    public init(name: String, syncEndpoint: String, sharedHives: [String]) {
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.sharedHives = sharedHives
    }
}

/// Nil leaves a field as it is.
public struct PeerChange: Sendable, Hashable {
    public var name: String?
    public var syncEndpoint: String?
    public var sharedHives: [String]?

    public init(name: String?, syncEndpoint: String?, sharedHives: [String]?) {
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.sharedHives = sharedHives
    }
}

public struct PeerTest: Sendable, Hashable {
    public struct Step: Sendable, Hashable {
        /// `name`, `tcp`, `tls`, `http`, `identity`, `clock`, `version`.
        public var step: String
        public var isOK: Bool
        public var ms: Int64
        public var message: String

        public init(step: String, isOK: Bool, ms: Int64, message: String) {
            self.step = step
            self.isOK = isOK
            self.ms = ms
            self.message = message
        }
    }

    public var isReachable: Bool
    public var latencyMs: Int64?
    public var instance: InstanceID?
    public var steps: [Step]

    public init(isReachable: Bool, latencyMs: Int64?, instance: InstanceID?, steps: [Step]) {
        self.isReachable = isReachable
        self.latencyMs = latencyMs
        self.instance = instance
        self.steps = steps
    }
}

/// `GET /sync/status`.
public struct SyncOverview: Sendable {
    public var isEnabled: Bool
    public var instance: InstanceID
    public var instanceName: String
    public var syncEndpoint: String?
    public var groups: [GroupStatus]

    public init(
        isEnabled: Bool,
        instance: InstanceID,
        instanceName: String,
        syncEndpoint: String?,
        groups: [GroupStatus]
    ) {
        self.isEnabled = isEnabled
        self.instance = instance
        self.instanceName = instanceName
        self.syncEndpoint = syncEndpoint
        self.groups = groups
    }
}
