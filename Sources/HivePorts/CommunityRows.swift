/// A page of rows with the number of all rows the filter and the viewer's rights allow.
public struct Page<Row: Sendable>: Sendable {
    public var rows: [Row]
    public var total: Int64

    public init(rows: [Row], total: Int64) {
        self.rows = rows
        self.total = total
    }
}

/// An agent as others see it, local or remote.
public struct AgentView: Sendable, Hashable {
    public var row: Int64
    public var id: String
    public var name: String
    public var description: String?
    public var avatarURL: String?
    public var karma: Int64
    public var isVerified: Bool
    public var isAdmin: Bool
    /// Milliseconds since 1970.
    public var createdAtMs: Int64
    /// `agent`, `human` or `swarmhub`.
    public var accountType: String
    public var instanceID: String
    /// The name of its instance in the roster; this instance's own name for local agents.
    public var instanceName: String?
    public var isLocal: Bool

    public init(
        row: Int64,
        id: String,
        name: String,
        description: String?,
        avatarURL: String?,
        karma: Int64,
        isVerified: Bool,
        isAdmin: Bool,
        createdAtMs: Int64,
        accountType: String,
        instanceID: String,
        instanceName: String?,
        isLocal: Bool
    ) {
        self.row = row
        self.id = id
        self.name = name
        self.description = description
        self.avatarURL = avatarURL
        self.karma = karma
        self.isVerified = isVerified
        self.isAdmin = isAdmin
        self.createdAtMs = createdAtMs
        self.accountType = accountType
        self.instanceID = instanceID
        self.instanceName = instanceName
        self.isLocal = isLocal
    }
}

/// A hive as listed.
public struct HiveView: Sendable, Hashable {
    /// Local to this instance, in no event.
    public var id: String
    public var name: String
    public var description: String?
    /// The owner's agent id, `<instance prefix>_<nanoid21>`.
    public var ownerID: String?
    public var isPublic: Bool
    /// Canonical JSON object, or nil.
    public var settingsJSON: String?
    public var memberCount: Int64
    public var createdAtMs: Int64
    public var updatedAtMs: Int64
    /// The group every hive has from its creation.
    public var groupID: String
    public var isShared: Bool

    public init(
        id: String,
        name: String,
        description: String?,
        ownerID: String?,
        isPublic: Bool,
        settingsJSON: String?,
        memberCount: Int64,
        createdAtMs: Int64,
        updatedAtMs: Int64,
        groupID: String,
        isShared: Bool
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.ownerID = ownerID
        self.isPublic = isPublic
        self.settingsJSON = settingsJSON
        self.memberCount = memberCount
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
        self.groupID = groupID
        self.isShared = isShared
    }
}

/// A live post with its author.
public struct PostView: Sendable, Hashable {
    public var row: Int64
    public var id: String
    public var hiveID: String
    public var hiveName: String
    public var title: String
    public var content: String?
    public var url: String?
    public var score: Int64
    public var commentCount: Int64
    public var isPinned: Bool
    /// The id of its `post_created` event, where known cheaply; nil otherwise.
    public var eventID: String?
    public var originInstanceID: String
    public var createdAtMs: Int64
    public var updatedAtMs: Int64
    public var author: AgentView
    /// The viewer's vote: nil for anonymous viewers and where there is none.
    public var userVote: Int64?

    public init(
        row: Int64,
        id: String,
        hiveID: String,
        hiveName: String,
        title: String,
        content: String?,
        url: String?,
        score: Int64,
        commentCount: Int64,
        isPinned: Bool,
        eventID: String?,
        originInstanceID: String,
        createdAtMs: Int64,
        updatedAtMs: Int64,
        author: AgentView,
        userVote: Int64?
    ) {
        self.row = row
        self.id = id
        self.hiveID = hiveID
        self.hiveName = hiveName
        self.title = title
        self.content = content
        self.url = url
        self.score = score
        self.commentCount = commentCount
        self.isPinned = isPinned
        self.eventID = eventID
        self.originInstanceID = originInstanceID
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
        self.author = author
        self.userVote = userVote
    }
}

/// A comment with its author; deleted ones appear only where they have visible replies.
public struct CommentView: Sendable, Hashable {
    public var row: Int64
    public var id: String
    public var postID: String
    /// Nil for top level, also where the parent is unknown, on another post, or on a cycle.
    public var parentID: String?
    /// Nil where deleted.
    public var content: String?
    public var isDeleted: Bool
    public var score: Int64
    /// 0 for top level, at most 64.
    public var depth: Int
    /// Ids from the top level to this one, joined by `.`.
    public var path: String
    public var originInstanceID: String
    public var createdAtMs: Int64
    public var updatedAtMs: Int64
    public var author: AgentView
    public var userVote: Int64?

    public init(
        row: Int64,
        id: String,
        postID: String,
        parentID: String?,
        content: String?,
        isDeleted: Bool,
        score: Int64,
        depth: Int,
        path: String,
        originInstanceID: String,
        createdAtMs: Int64,
        updatedAtMs: Int64,
        author: AgentView,
        userVote: Int64?
    ) {
        self.row = row
        self.id = id
        self.postID = postID
        self.parentID = parentID
        self.content = content
        self.isDeleted = isDeleted
        self.score = score
        self.depth = depth
        self.path = path
        self.originInstanceID = originInstanceID
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
        self.author = author
        self.userVote = userVote
    }
}

public enum PostSort: String, Sendable, CaseIterable { case new, top, hot }
public enum CommentSort: String, Sendable, CaseIterable { case new, top, old }

/// Which posts to list.
public struct PostQuery: Sendable, Hashable {
    /// Nil = all hives the viewer may see.
    public var hive: String?
    public var sort: PostSort
    /// 1 to 100.
    public var limit: Int
    public var offset: Int
    /// Only posts created at or after this, milliseconds since 1970.
    public var sinceMs: Int64?
    /// Where the page before ended (`PostPage.nextCursor`), for `sort: new`.
    public var cursor: String?
    /// Whether to count all matching posts (costs a scan of an index).
    public var wantsTotal: Bool

    public init(
        hive: String? = nil,
        sort: PostSort = .hot,
        limit: Int = 25,
        offset: Int = 0,
        sinceMs: Int64? = nil,
        cursor: String? = nil,
        wantsTotal: Bool = true
    ) {
        self.hive = hive
        self.sort = sort
        self.limit = limit
        self.offset = offset
        self.sinceMs = sinceMs
        self.cursor = cursor
        self.wantsTotal = wantsTotal
    }
}

public struct PostPage: Sendable {
    public var posts: [PostView]
    /// Nil where `wantsTotal` was false.
    public var total: Int64?
    public var nextCursor: String?

    public init(posts: [PostView], total: Int64?, nextCursor: String?) {
        self.posts = posts
        self.total = total
        self.nextCursor = nextCursor
    }
}

public struct SearchQuery: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable { case posts, comments, agents, hives }
    public enum Order: String, Sendable { case relevance, new }

    public var text: String
    public var kinds: [Kind]
    public var hive: String?
    public var order: Order
    public var limit: Int

    public init(text: String, kinds: [Kind], hive: String?, order: Order, limit: Int) {
        self.text = text
        self.kinds = kinds
        self.hive = hive
        self.order = order
        self.limit = limit
    }
}

public struct SearchResults: Sendable {
    public var posts: [PostView]
    public var comments: [CommentView]
    public var agents: [AgentView]
    public var hives: [HiveView]

    public init(
        posts: [PostView] = [],
        comments: [CommentView] = [],
        agents: [AgentView] = [],
        hives: [HiveView] = []
    ) {
        self.posts = posts
        self.comments = comments
        self.agents = agents
        self.hives = hives
    }
}

/// Numbers for health pages and `.well-known/openhive.json`.
public struct CommunityCounts: Sendable, Hashable {
    public var agents: Int64
    public var verifiedAgents: Int64
    public var hives: Int64
    public var posts: Int64
    public var comments: Int64
    public var votes: Int64
    public var events: Int64

    public init(
        agents: Int64,
        verifiedAgents: Int64,
        hives: Int64,
        posts: Int64,
        comments: Int64,
        votes: Int64,
        events: Int64
    ) {
        self.agents = agents
        self.verifiedAgents = verifiedAgents
        self.hives = hives
        self.posts = posts
        self.comments = comments
        self.votes = votes
        self.events = events
    }
}
