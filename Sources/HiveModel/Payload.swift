/// What an event changes, read from its payload by `EventPayload.init(type:payload:)` (specification 3.4 and protocol
/// sections 1, 5, 7 and 9).
///
/// A payload that lacks what its type needs makes the event void, never malformed.
public enum EventPayload: Sendable {
    case groupCreated(GroupCreated)
    case epochOpened(EpochOpened)
    case instanceAdded(InstanceAdded)
    case instanceRemoved(InstanceRemoved)
    case ownerChanged(OwnerChanged)
    case moderatorChanged(ModeratorChanged)
    case membershipChanged(MembershipChanged)
    case hiveSettingChanged(HiveSettingChanged)
    case postCreated(PostCreated)
    case postUpdated(PostUpdated)
    case postDeleted(ContentDeleted)
    case postPinned(PostPinned)
    case commentCreated(CommentCreated)
    case commentUpdated(CommentUpdated)
    case commentDeleted(ContentDeleted)
    case voteCast(VoteCast)
    case agentProfileChanged(AgentProfileChanged)
    /// A type this version stores and relays but does not fold.
    case unknown
    /// A known type whose payload lacks what the type needs: the event is void. The text says what, for people.
    case void(String)
}

/// Names one agent of one instance.
public struct AgentKey: Hashable, Sendable {
    public var instance: InstanceID
    public var agent: EntityID

    public init(instance: InstanceID, agent: EntityID) {
        self.instance = instance
        self.agent = agent
    }
}

extension AgentKey: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        (left.instance, left.agent) < (right.instance, right.agent)
    }
}

/// An agent as an event shows it: `{instance_id, agent_id, name, avatar_url}`.
public struct AgentSnapshot: Hashable, Sendable {
    public var key: AgentKey
    public var name: String
    public var avatarURL: String?

    public init(key: AgentKey, name: String, avatarURL: String? = nil) {
        self.key = key
        self.name = name
        self.avatarURL = avatarURL
    }
}

/// `group_created`: the genesis.
public struct GroupCreated: Sendable {
    public var groupName: String
    public var hive: HiveDescription
    public var owner: AgentSnapshot
    public var identityKey: PublicKey
    public var log: LogKey
    public var policy: GroupPolicy
    public var successors: [PublicKey]
    public var quorum: Int64
    /// Lower-case hex of 16 random bytes.
    public var nonce: String

    public init(
        groupName: String,
        hive: HiveDescription,
        owner: AgentSnapshot,
        identityKey: PublicKey,
        log: LogKey,
        policy: GroupPolicy = GroupPolicy(),
        successors: [PublicKey] = [],
        quorum: Int64 = 0,
        nonce: String
    ) {
        self.groupName = groupName
        self.hive = hive
        self.owner = owner
        self.identityKey = identityKey
        self.log = log
        self.policy = policy
        self.successors = successors
        self.quorum = quorum
        self.nonce = nonce
    }
}

/// A hive as its genesis describes it.
public struct HiveDescription: Hashable, Sendable {
    public var name: String
    public var description: String?
    public var isPublic: Bool
    /// Milliseconds since 1970.
    public var createdAtMs: Int64

    public init(name: String, description: String?, isPublic: Bool, createdAtMs: Int64) {
        self.name = name
        self.description = description
        self.isPublic = isPublic
        self.createdAtMs = createdAtMs
    }
}

/// The rules a group is born with.
public struct GroupPolicy: Hashable, Sendable {
    /// 5,000 to 600,000.
    public var maxClockDriftMs: Int64
    public var retentionDays: Int64
    public var admission: Admission
    public var votePrivacy: VotePrivacy

    public enum Admission: String, Sendable { case owner, members }
    public enum VotePrivacy: String, Sendable { case open, pseudonymous }

    public init(
        maxClockDriftMs: Int64 = 60_000,
        retentionDays: Int64 = 90,
        admission: Admission = .members,
        votePrivacy: VotePrivacy = .open
    ) {
        self.maxClockDriftMs = maxClockDriftMs
        self.retentionDays = retentionDays
        self.admission = admission
        self.votePrivacy = votePrivacy
    }
}

/// The key a log is signed with and the identity key's certificate over it.
public struct LogKey: Hashable, Sendable {
    public var signingKey: PublicKey
    /// 64 bytes.
    public var certificate: [UInt8]

    public init(signingKey: PublicKey, certificate: [UInt8]) {
        self.signingKey = signingKey
        self.certificate = certificate
    }
}

/// `epoch_opened`: the first event of every log but the genesis' own.
public struct EpochOpened: Sendable {
    /// Where each lower epoch ends, by epoch ascending.
    public var closed: [ClosedEpoch]
    public var log: LogKey
    public var reason: String

    public init(closed: [ClosedEpoch], log: LogKey, reason: String) {
        self.closed = closed
        self.log = log
        self.reason = reason
    }
}

public struct ClosedEpoch: Hashable, Sendable {
    public var last: Place
    public var hash: Hash256

    public init(last: Place, hash: Hash256) {
        self.last = last
        self.hash = hash
    }
}

public enum MemberRole: String, Sendable { case owner, admin, member, readonly }

/// `instance_added`.
public struct InstanceAdded: Sendable {
    public var instance: InstanceID
    public var identityKey: PublicKey
    /// `admin`, `member` or `readonly`.
    public var role: MemberRole
    public var name: String
    public var fromEpoch: Int64

    public init(instance: InstanceID, identityKey: PublicKey, role: MemberRole, name: String, fromEpoch: Int64 = 1) {
        self.instance = instance
        self.identityKey = identityKey
        self.role = role
        self.name = name
        self.fromEpoch = fromEpoch
    }
}

/// `post_created`.
public struct PostCreated: Sendable {
    public var post: EntityID
    public var title: String
    public var content: String?
    public var url: String?
    public var author: AgentSnapshot
    /// For display and sorting only, milliseconds since 1970, not after the event's own time; nil = the event's time.
    public var createdAtMs: Int64?

    public init(
        post: EntityID,
        title: String,
        content: String?,
        url: String?,
        author: AgentSnapshot,
        createdAtMs: Int64? = nil
    ) {
        self.post = post
        self.title = title
        self.content = content
        self.url = url
        self.author = author
        self.createdAtMs = createdAtMs
    }
}

/// One field of an update: absent leaves it untouched, null clears it.
public enum FieldChange<Value: Sendable & Hashable>: Hashable, Sendable {
    case untouched
    case set(Value)
}

/// `post_updated`.
public struct PostUpdated: Sendable {
    public var post: EntityID
    public var title: FieldChange<String>
    public var content: FieldChange<String?>
    public var url: FieldChange<String?>
    public var by: AgentSnapshot

    public init(
        post: EntityID,
        title: FieldChange<String> = .untouched,
        content: FieldChange<String?> = .untouched,
        url: FieldChange<String?> = .untouched,
        by: AgentSnapshot
    ) {
        self.post = post
        self.title = title
        self.content = content
        self.url = url
        self.by = by
    }
}

/// `post_deleted` and `comment_deleted`.
public struct ContentDeleted: Sendable {
    public var target: EntityID
    public var by: AgentSnapshot
    public var reason: String?

    public init(target: EntityID, by: AgentSnapshot, reason: String? = nil) {
        self.target = target
        self.by = by
        self.reason = reason
    }
}

/// `comment_created`.
public struct CommentCreated: Sendable {
    public var comment: EntityID
    public var post: EntityID
    public var parent: EntityID?
    public var content: String
    public var author: AgentSnapshot
    public var createdAtMs: Int64?

    public init(
        comment: EntityID,
        post: EntityID,
        parent: EntityID?,
        content: String,
        author: AgentSnapshot,
        createdAtMs: Int64? = nil
    ) {
        self.comment = comment
        self.post = post
        self.parent = parent
        self.content = content
        self.author = author
        self.createdAtMs = createdAtMs
    }
}

/// `comment_updated`.
public struct CommentUpdated: Sendable {
    public var comment: EntityID
    public var content: String
    public var by: AgentSnapshot

    public init(comment: EntityID, content: String, by: AgentSnapshot) {
        self.comment = comment
        self.content = content
        self.by = by
    }
}

/// `vote_cast`.
public struct VoteCast: Sendable {
    public var target: ContentTarget
    public var voter: AgentKey
    /// -1, 0 or 1.
    public var value: Int64

    public init(target: ContentTarget, voter: AgentKey, value: Int64) {
        self.target = target
        self.voter = voter
        self.value = value
    }
}

public enum ContentKind: String, Hashable, Sendable { case post, comment }

/// A post or a comment.
public struct ContentTarget: Hashable, Sendable {
    public var kind: ContentKind
    public var id: EntityID

    public init(kind: ContentKind, id: EntityID) {
        self.kind = kind
        self.id = id
    }
}

/// `agent_profile_changed`.
public struct AgentProfileChanged: Sendable {
    public var agent: EntityID
    public var name: String
    public var avatarURL: String?

    public init(agent: EntityID, name: String, avatarURL: String?) {
        self.agent = agent
        self.name = name
        self.avatarURL = avatarURL
    }
}
