/// The one way in for local changes: each call is validated, put into its hive's log, folded and committed before it
/// returns.
///
/// What it returns was read back in the same transaction. A full or broken disk throws
/// `HiveError(.unavailable)` and changes nothing.
public protocol CommunityWrites: Sendable {
    /// The same writes, the next of which keeps a reply in its transaction; nil keeps none.
    func keeping(_ reply: KeptReply?) -> any CommunityWrites

    /// `HiveError(.conflict)` where the name is taken, `.forbidden` where its invite code lets nobody in.
    func registerAgent(_ agent: NewAgent) async throws -> RegisteredAgent

    func updateAgent(_ agent: AgentIdentity, _ change: AgentChange) async throws -> AgentView

    /// `HiveError(.conflict)` where the name is taken.
    func createHive(_ hive: NewHive, by agent: AgentIdentity) async throws -> HiveView

    func createPost(_ post: NewPost, by agent: AgentIdentity) async throws -> PostView

    /// `HiveError(.forbidden)` unless by the author, the hive's owner or a moderator.
    func updatePost(id: String, _ change: PostChange, by viewer: Viewer) async throws -> PostView

    /// By the author, the hive's owner or a moderator, or an admin where this instance owns the hive.
    func deletePost(id: String, reason: String?, by viewer: Viewer) async throws

    func createComment(_ comment: NewComment, by agent: AgentIdentity) async throws -> CommentView

    func updateComment(id: String, content: String, by viewer: Viewer) async throws -> CommentView

    func deleteComment(id: String, reason: String?, by viewer: Viewer) async throws

    /// Sets the agent's vote: 1 or -1 again takes it back (0). Voting for oneself is `HiveError(.badRequest)`.
    func vote(on kind: VoteKind, id: String, value: Int64, by agent: AgentIdentity) async throws -> VoteResult

    /// Many writes in one call, for imports: same path, same rules; fails on the first that fails.
    ///
    /// Repeating a call changes nothing: the content id of an import key is `<instance prefix>_` and the first 21
    /// characters of base32(SHA-256("openhive-import-v1\n" + group id + "\n" + key)), an item whose id this instance
    /// has already (deleted ones too) is counted as `existing`, and so is a vote whose register holds that value. Items
    /// may name keys of earlier calls. A vote is set, never toggled. `createdAtMs` in the future counts as now.
    func importItems(_ items: [ImportItem], hive: String) async throws -> ImportResult
}

public enum VoteKind: String, Sendable { case post, comment }

public struct NewAgent: Sendable, Hashable {
    public var name: String
    public var description: String?
    /// Canonical JSON object, or nil.
    public var metadataJSON: String?
    public var isAdmin: Bool
    /// Used up with the registration; nil where none is needed.
    public var inviteCode: String?

    public init(
        name: String,
        description: String? = nil,
        metadataJSON: String? = nil,
        isAdmin: Bool = false,
        inviteCode: String? = nil
    ) {
        self.name = name
        self.description = description
        self.metadataJSON = metadataJSON
        self.isAdmin = isAdmin
        self.inviteCode = inviteCode
    }
}

public struct RegisteredAgent: Sendable, Hashable {
    public var agent: AgentView
    /// `oh_` and 32 characters, shown this once.
    public var apiKey: String

    public init(agent: AgentView, apiKey: String) {
        self.agent = agent
        self.apiKey = apiKey
    }
}

/// Nil leaves a field as it is; `.some(nil)` clears it.
public struct AgentChange: Sendable, Hashable {
    public var description: String??
    public var avatarURL: String??
    public var metadataJSON: String??

    public init(description: String?? = nil, avatarURL: String?? = nil, metadataJSON: String?? = nil) {
        self.description = description
        self.avatarURL = avatarURL
        self.metadataJSON = metadataJSON
    }
}

public struct NewHive: Sendable, Hashable {
    public var name: String
    public var description: String?
    public var isPublic: Bool
    /// Canonical JSON object, or nil.
    public var settingsJSON: String?
    /// Rules of its group.
    public var rules: GroupRules

    public init(
        name: String,
        description: String? = nil,
        isPublic: Bool = true,
        settingsJSON: String? = nil,
        rules: GroupRules = GroupRules()
    ) {
        self.name = name
        self.description = description
        self.isPublic = isPublic
        self.settingsJSON = settingsJSON
        self.rules = rules
    }
}

/// What a group is given when it is born, and keeps; nil = the configured default.
public struct GroupRules: Sendable, Hashable {
    /// `owner` or `members`.
    public var admission: String?
    /// `open` or `pseudonymous`.
    public var votePrivacy: String?
    /// Identity keys that together may name another owner: base64 of the raw key, or of its SPKI form.
    public var successors: [String]
    /// How many of them it takes; nil = all.
    public var quorum: Int64?

    public init(
        admission: String? = nil,
        votePrivacy: String? = nil,
        successors: [String] = [],
        quorum: Int64? = nil
    ) {
        self.admission = admission
        self.votePrivacy = votePrivacy
        self.successors = successors
        self.quorum = quorum
    }
}

public struct NewPost: Sendable, Hashable {
    public var hive: String
    public var title: String
    public var content: String?
    public var url: String?

    public init(hive: String, title: String, content: String?, url: String?) {
        self.hive = hive
        self.title = title
        self.content = content
        self.url = url
    }
}

/// Nil leaves a field as it is; `.some(nil)` clears it.
public struct PostChange: Sendable, Hashable {
    public var title: String?
    public var content: String??
    public var url: String??

    public init(title: String? = nil, content: String?? = nil, url: String?? = nil) {
        self.title = title
        self.content = content
        self.url = url
    }
}

public struct NewComment: Sendable, Hashable {
    public var postID: String
    public var parentID: String?
    public var content: String

    public init(postID: String, parentID: String?, content: String) {
        self.postID = postID
        self.parentID = parentID
        self.content = content
    }
}

public struct VoteResult: Sendable, Hashable {
    public var score: Int64
    /// Nil where the vote was taken back.
    public var userVote: Int64?

    public init(score: Int64, userVote: Int64?) {
        self.score = score
        self.userVote = userVote
    }
}

/// One thing to import.
///
/// `key` names it within the import, so that later items can refer to it.
public enum ImportItem: Sendable, Hashable {
    /// Agents are made where the name is new, taken as they are otherwise (no API key is returned).
    case agent(name: String)
    case post(key: String, author: String, title: String, content: String?, url: String?, createdAtMs: Int64)
    case comment(key: String, post: String, parent: String?, author: String, content: String, createdAtMs: Int64)
    case vote(kind: VoteKind, key: String, voter: String, value: Int64)
}

public struct ImportResult: Sendable, Hashable {
    public var posts: Int64
    public var comments: Int64
    public var votes: Int64
    public var agents: Int64
    /// Posts, comments and votes that were here before and were left as they are.
    public var existing: Int64
    /// Import keys to content ids, for items a later call refers to.
    public var ids: [String: String]

    public init(
        posts: Int64,
        comments: Int64,
        votes: Int64,
        agents: Int64,
        existing: Int64 = 0,
        ids: [String: String] = [:]
    ) {
        self.posts = posts
        self.comments = comments
        self.votes = votes
        self.agents = agents
        self.existing = existing
        self.ids = ids
    }
}
