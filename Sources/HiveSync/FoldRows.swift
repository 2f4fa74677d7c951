public import HiveModel

/// A post as materialised.
///
/// Without `creation` it is a stub: votes or comments came first.
public struct PostRow: Hashable, Sendable {
    public var id: EntityID
    public var creation: Creation?
    /// Empty in stubs and tombstones, as are content and url.
    public var title: String
    public var content: String?
    public var url: String?
    /// Which write each field has; nil = the creation's.
    public var titleStamp: Stamp?
    public var contentStamp: Stamp?
    public var urlStamp: Stamp?
    public var tombstone: Tombstone?
    public var isPinned: Bool
    public var pinStamp: Stamp?
    public var score: Int64
    public var commentCount: Int64

    public init(id: EntityID) {
        self.id = id
        self.title = ""
        self.isPinned = false
        self.score = 0
        self.commentCount = 0
    }

    public var isLive: Bool { creation != nil && tombstone == nil }
    /// Milliseconds since 1970 of the newest field write; nil where nothing was edited.
    public var editedAtMs: Int64? {
        let stamps = [titleStamp, contentStamp, urlStamp].compactMap { $0 }
        return stamps.map(\.time.ms).max()
    }
}

/// Who made a post or comment, and where in which log.
public struct Creation: Hashable, Sendable {
    public var author: RowNumber
    public var stamp: Stamp
    /// Milliseconds since 1970, for display and sorting.
    public var createdAtMs: Int64

    public init(author: RowNumber, stamp: Stamp, createdAtMs: Int64) {
        self.author = author
        self.stamp = stamp
        self.createdAtMs = createdAtMs
    }
}

/// What stays of deleted content: the effective deletion with the smallest stamp.
public struct Tombstone: Hashable, Sendable {
    public var by: RowNumber
    public var stamp: Stamp
    public var reason: String?

    public init(by: RowNumber, stamp: Stamp, reason: String?) {
        self.by = by
        self.stamp = stamp
        self.reason = reason
    }
}

/// A comment as materialised.
///
/// Depth and path are read from `parent` when answering.
public struct CommentRow: Hashable, Sendable {
    public var id: EntityID
    public var creation: Creation?
    /// The row of its post, a stub where unknown; nil in a stub of its own.
    public var post: RowNumber?
    /// As written; whether it counts (known, same post, no cycle) is decided when answering.
    public var parent: EntityID?
    public var content: String
    public var contentStamp: Stamp?
    public var tombstone: Tombstone?
    public var score: Int64

    public init(id: EntityID) {
        self.id = id
        self.content = ""
        self.score = 0
    }

    public var isLive: Bool { creation != nil && tombstone == nil }
}

/// One update or deletion of a post or comment; its payload is read from the log where needed.
public struct ContentWrite: Hashable, Sendable {
    public enum Kind: Int64, Sendable { case update = 1, deletion = 2, pin = 3 }

    public var kind: Kind
    public var origin: InstanceID
    /// Names the event: (time, prefix, place).
    public var stamp: Stamp
    public var agent: RowNumber
    /// The grant relied on (`refs.auth`).
    public var grant: EventID?

    public init(kind: Kind, origin: InstanceID, stamp: Stamp, agent: RowNumber, grant: EventID?) {
        self.kind = kind
        self.origin = origin
        self.stamp = stamp
        self.agent = agent
        self.grant = grant
    }
}

/// The newest vote of a voter on a target; 0 is kept.
public struct VoteRow: Hashable, Sendable {
    public var value: Int64
    public var stamp: Stamp

    public init(value: Int64, stamp: Stamp) {
        self.value = value
        self.stamp = stamp
    }
}

public struct ProfileRow: Hashable, Sendable {
    public var name: String
    public var avatarURL: String?
    public var stamp: Stamp

    public init(name: String, avatarURL: String?, stamp: Stamp) {
        self.name = name
        self.avatarURL = avatarURL
        self.stamp = stamp
    }
}

/// A group as its genesis describes it.
public struct GroupRow: Hashable, Sendable {
    public var groupName: String
    public var hive: HiveDescription
    public var owner: AgentSnapshot
    /// Of the owner's instance.
    public var identityKey: PublicKey
    public var policy: GroupPolicy

    public init(
        groupName: String,
        hive: HiveDescription,
        owner: AgentSnapshot,
        identityKey: PublicKey,
        policy: GroupPolicy
    ) {
        self.groupName = groupName
        self.hive = hive
        self.owner = owner
        self.identityKey = identityKey
        self.policy = policy
    }
}

/// One `instance_added` as folded, valid or not.
public struct RosterAct: Hashable, Sendable {
    public var origin: InstanceID
    public var stamp: Stamp
    public var event: EventID
    public var subject: InstanceID
    public var identityKey: PublicKey
    public var role: MemberRole
    public var name: String
    public var fromEpoch: Int64
    /// The acts it replaces (`refs.par`), at most 16.
    public var replaces: [EventID]
    public var grant: EventID?

    public init(
        origin: InstanceID,
        stamp: Stamp,
        event: EventID,
        subject: InstanceID,
        identityKey: PublicKey,
        role: MemberRole,
        name: String,
        fromEpoch: Int64,
        replaces: [EventID],
        grant: EventID?
    ) {
        self.origin = origin
        self.stamp = stamp
        self.event = event
        self.subject = subject
        self.identityKey = identityKey
        self.role = role
        self.name = name
        self.fromEpoch = fromEpoch
        self.replaces = replaces
        self.grant = grant
    }
}

/// A present member, as the roster decision names it.
public struct MemberRow: Hashable, Sendable {
    public var instance: InstanceID
    public var name: String
    public var role: MemberRole
    public var identityKey: PublicKey
    /// The addition that decides; nil for the owner of the genesis.
    public var addedBy: EventID?

    public init(instance: InstanceID, name: String, role: MemberRole, identityKey: PublicKey, addedBy: EventID?) {
        self.instance = instance
        self.name = name
        self.role = role
        self.identityKey = identityKey
        self.addedBy = addedBy
    }
}

/// One materialised thing with the values its canonical row is made of.
public enum Entity: Sendable {
    case group(GroupRow)
    case member(MemberRow)
    case post(PostRow, author: AgentKey, deletedBy: AgentKey?)
    case comment(CommentRow, post: EntityID, author: AgentKey, deletedBy: AgentKey?)
    case vote(VoteRow, target: ContentTarget, voter: AgentKey)
    case profile(ProfileRow, agent: AgentKey)
}

/// What a committed event changed, for live channels, the search index and `change_seq`.
public enum FoldChange: Hashable, Sendable {
    case postCreated(RowNumber)
    case postUpdated(RowNumber)
    case postDeleted(RowNumber)
    case commentCreated(RowNumber)
    case commentUpdated(RowNumber)
    case commentDeleted(RowNumber)
    case voted(TargetRow)
    case profileChanged(RowNumber)
    case rosterChanged
    case rebuilt
}
