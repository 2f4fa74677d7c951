/// One state of a post.
public struct PostRevision: Sendable, Hashable {
    public enum Kind: String, Sendable { case created, updated, pinned, unpinned }

    public var kind: Kind
    public var eventID: String
    /// Milliseconds since 1970.
    public var atMs: Int64
    public var by: AgentView
    /// What was written; nil = left as it was, `.some(nil)` = cleared.
    public var title: String?
    public var content: String??
    public var url: String??

    public init(
        kind: Kind,
        eventID: String,
        atMs: Int64,
        by: AgentView,
        title: String? = nil,
        content: String?? = nil,
        url: String?? = nil
    ) {
        self.kind = kind
        self.eventID = eventID
        self.atMs = atMs
        self.by = by
        self.title = title
        self.content = content
        self.url = url
    }
}

/// One act of an owner or moderator, local or replicated.
public struct ModerationEntry: Sendable, Hashable {
    public enum Action: String, Sendable {
        case ban, unban, approve
        case moderatorAdded = "moderator_added"
        case moderatorRemoved = "moderator_removed"
        case settingChanged = "setting_changed"
        case ownerChanged = "owner_changed"
        case instanceAdded = "instance_added"
        case instanceRemoved = "instance_removed"
        case postUpdated = "post_updated"
        case postDeleted = "post_deleted"
        case postPinned = "post_pinned"
        case postUnpinned = "post_unpinned"
        case commentUpdated = "comment_updated"
        case commentDeleted = "comment_deleted"
    }

    /// What it was done to.
    public enum Subject: Sendable, Hashable {
        case agent(AgentView)
        /// An instance id.
        case instance(String)
        /// A setting's key with the canonical JSON of its new value.
        case setting(key: String, valueJSON: String)
        /// The id of a post or comment.
        case content(String)
    }

    public var action: Action
    public var subject: Subject
    /// Nil where an instance and no agent did it.
    public var by: AgentView?
    public var originInstanceID: String
    public var reason: String?
    /// Milliseconds since 1970.
    public var atMs: Int64
    public var eventID: String
    /// It is what decides now: not replaced, not void.
    public var isInForce: Bool

    public init(
        action: Action,
        subject: Subject,
        by: AgentView?,
        originInstanceID: String,
        reason: String?,
        atMs: Int64,
        eventID: String,
        isInForce: Bool
    ) {
        self.action = action
        self.subject = subject
        self.by = by
        self.originInstanceID = originInstanceID
        self.reason = reason
        self.atMs = atMs
        self.eventID = eventID
        self.isInForce = isInForce
    }
}

/// A setting that several writers decided without knowing of each other.
public struct SettingConflict: Sendable, Hashable {
    public struct Head: Sendable, Hashable {
        public var eventID: String
        /// Canonical JSON.
        public var valueJSON: String
        public var by: AgentView
        /// Milliseconds since 1970.
        public var atMs: Int64

        public init(eventID: String, valueJSON: String, by: AgentView, atMs: Int64) {
            self.eventID = eventID
            self.valueJSON = valueJSON
            self.by = by
            self.atMs = atMs
        }
    }

    public var key: String
    public var winner: Head
    public var losers: [Head]
    /// The decision that replaced them all, knowing of them; nil where the winner still counts.
    public var resolvedBy: Head?

    public init(key: String, winner: Head, losers: [Head], resolvedBy: Head? = nil) {
        self.key = key
        self.winner = winner
        self.losers = losers
        self.resolvedBy = resolvedBy
    }
}
