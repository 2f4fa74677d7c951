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
    /// Its author is banned and the ban reaches its creation; what was written stays in the row.
    public var isHidden: Bool
    public var score: Int64
    public var commentCount: Int64

    public init(id: EntityID) {
        self.id = id
        self.title = ""
        self.isPinned = false
        self.isHidden = false
        self.score = 0
        self.commentCount = 0
    }

    /// Created, not deleted, not hidden.
    public var isLive: Bool { creation != nil && tombstone == nil && !isHidden }
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
    /// As in `PostRow`.
    public var isHidden: Bool
    public var score: Int64

    public init(id: EntityID) {
        self.id = id
        self.content = ""
        self.isHidden = false
        self.score = 0
    }

    /// As in `PostRow`; whether its post is live is for readers to ask.
    public var isLive: Bool { creation != nil && tombstone == nil && !isHidden }
}

/// One update, deletion, pin or unpin of a post or comment; its payload is read from the log where needed.
public struct ContentWrite: Hashable, Sendable {
    public enum Kind: Int64, Sendable { case update = 1, deletion = 2, pin = 3, unpin = 4 }

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
    /// Its voter is banned and the ban reaches it: it counts 0.
    public var isHidden: Bool

    public init(value: Int64, stamp: Stamp, isHidden: Bool = false) {
        self.value = value
        self.stamp = stamp
        self.isHidden = isHidden
    }

    /// What it adds to scores and karma.
    public var counted: Int64 { isHidden ? 0 : value }
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

/// One materialised thing with the values its canonical row is made of.
public enum Entity: Sendable {
    case group(GroupRow)
    case owner(OwnerRow)
    case member(MemberRow)
    case moderator(ModeratorRow, agent: AgentKey)
    case ban(BanRow, agent: AgentKey)
    case membership(MembershipRow, agent: AgentKey)
    case setting(SettingRow)
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
    case postPinned(RowNumber)
    case rosterChanged
    /// Of an agent: joined, left, banned, unbanned, approved, made moderator or no more.
    case memberChanged(RowNumber)
    case settingsChanged
    case rebuilt
}
