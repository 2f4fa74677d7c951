import HiveModel
import HivePorts
import Synchronization

/// A community in memory behind the ports, with the rules that the API's replies depend on.
final class MemoryCommunity: Sendable {
    static let instanceID = "inst_aaaaaaaaaaaaaaaabbbbbbbbbb"
    static let otherInstanceID = "inst_ccccccccccccccccdddddddddd"
    static let prefix = "aaaaaaaaaaaaaaaa"
    static let otherPrefix = "cccccccccccccccc"

    struct Hive {
        var view: HiveView
        var roles: [Int64: String]
        var bans: [Int64: HiveBan] = [:]
        var approved: Set<Int64> = []
    }

    struct Vote: Hashable {
        var kind: VoteKind
        var id: String
        var voter: Int64
    }

    struct State {
        var agents: [AgentView] = []
        /// Agent rows by the hash of their key.
        var keys: [[UInt8]: Int64] = [:]
        var hives: [Hive] = []
        var posts: [PostView] = []
        var comments: [CommentView] = []
        var votes: [Vote: Int64] = [:]
        var imported: [ImportItem] = []
        var nowMs: Int64 = 1_767_225_600_000
        /// Counts every change: bad input must never raise it.
        var changes = 0
        /// Thrown by every call, where set.
        var failure: (any Error)?
        var localAdmin: AgentIdentity?

        mutating func tick() -> Int64 {
            changes += 1
            nowMs += 1000
            return nowMs
        }
    }

    private let state = Mutex(State())

    /// - Parameter hasLocalAdmin: whether the built-in agent `local` is there.
    init(hasLocalAdmin: Bool = true) {
        guard hasLocalAdmin else { return }
        with { state in
            let agent = state.addAgent("local", isAdmin: true)
            state.localAdmin = AgentIdentity(row: agent.row, id: agent.id, name: "local", isAdmin: true)
        }
    }

    var changes: Int { state.withLock { $0.changes } }
    var imported: [ImportItem] { state.withLock { $0.imported } }

    func fail(with error: (any Error)?) {
        state.withLock { $0.failure = error }
    }

    func with<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
        try state.withLock { try body(&$0) }
    }

    /// As a port's call does: throws what `fail` set.
    func call<Result: Sendable>(_ body: (inout State) throws -> Result) throws -> Result {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    // MARK: Setting up

    /// Registers an agent with the key `oh_<name>`.
    @discardableResult
    func agent(_ name: String, isAdmin: Bool = false) -> AgentIdentity {
        with { state in
            let agent = state.addAgent(name, isAdmin: isAdmin)
            state.keys[Self.hash("oh_\(name)")] = agent.row
            return AgentIdentity(row: agent.row, id: agent.id, name: name, isAdmin: isAdmin)
        }
    }

    @discardableResult
    func hive(_ name: String, owner: AgentIdentity, isPublic: Bool = true) -> HiveView {
        with { $0.addHive(NewHive(name: name, isPublic: isPublic), owner) }
    }

    @discardableResult
    func post(_ title: String, in hive: String, by agent: AgentIdentity) -> PostView {
        with { $0.addPost(NewPost(hive: hive, title: title, content: "Content of \(title)", url: nil), agent.row) }
    }

    @discardableResult
    func comment(_ content: String, on post: String, parent: String? = nil, by agent: AgentIdentity) -> CommentView {
        with { $0.addComment(NewComment(postID: post, parentID: parent, content: content), agent.row) }
    }

    /// A post that came from another instance, by an agent of it.
    @discardableResult
    func remotePost(_ title: String, in hive: String) -> PostView {
        with { state in
            let author = state.addAgent("rita", isAdmin: false, isLocal: false)
            return state.addPost(
                NewPost(hive: hive, title: title, content: nil, url: "https://example.org/a"),
                author.row
            )
        }
    }

    static func hash(_ key: String) -> [UInt8] { FakeHashing().sha256(Array(key.utf8)).bytes }
}

extension MemoryCommunity.State {
    mutating func addAgent(_ name: String, isAdmin: Bool, isLocal: Bool = true) -> AgentView {
        let row = Int64(agents.count + 1)
        let agent = AgentView(
            row: row,
            id: "\(isLocal ? MemoryCommunity.prefix : MemoryCommunity.otherPrefix)_agent\(row)",
            name: name,
            description: nil,
            avatarURL: nil,
            karma: 0,
            isVerified: true,
            isAdmin: isAdmin,
            createdAtMs: tick(),
            accountType: "agent",
            instanceID: isLocal ? MemoryCommunity.instanceID : MemoryCommunity.otherInstanceID,
            instanceName: isLocal ? "Here" : "There",
            isLocal: isLocal
        )
        agents.append(agent)
        return agent
    }

    mutating func addHive(_ hive: NewHive, _ owner: AgentIdentity) -> HiveView {
        let now = tick()
        let view = HiveView(
            id: "hive\(hives.count + 1)",
            name: hive.name,
            description: hive.description,
            ownerID: owner.id,
            isPublic: hive.isPublic,
            settingsJSON: hive.settingsJSON,
            memberCount: 1,
            createdAtMs: now,
            updatedAtMs: now,
            groupID: "sg_" + String(repeating: "a", count: 26),
            isShared: false
        )
        hives.append(MemoryCommunity.Hive(view: view, roles: [owner.row: "owner"]))
        return view
    }

    mutating func addPost(_ post: NewPost, _ author: Int64) -> PostView {
        let now = tick()
        let row = Int64(posts.count + 1)
        let agent = agents[Int(author) - 1]
        let view = PostView(
            row: row,
            id: "\(agent.isLocal ? MemoryCommunity.prefix : MemoryCommunity.otherPrefix)_post\(row)",
            hiveID: hives.first { $0.view.name == post.hive }?.view.id ?? "none",
            hiveName: post.hive,
            title: post.title,
            content: post.content,
            url: post.url,
            score: 0,
            commentCount: 0,
            isPinned: false,
            eventID: nil,
            originInstanceID: agent.instanceID,
            createdAtMs: now,
            updatedAtMs: now,
            author: agent,
            userVote: nil
        )
        posts.append(view)
        return view
    }

    mutating func addComment(_ comment: NewComment, _ author: Int64) -> CommentView {
        let now = tick()
        let row = Int64(comments.count + 1)
        let id = "\(MemoryCommunity.prefix)_comment\(row)"
        let parent = comments.first { $0.id == comment.parentID }
        let view = CommentView(
            row: row,
            id: id,
            postID: comment.postID,
            parentID: comment.parentID,
            content: comment.content,
            isDeleted: false,
            score: 0,
            depth: min(64, parent.map { $0.depth + 1 } ?? 0),
            path: (parent.map { $0.path + "." } ?? "") + id,
            originInstanceID: MemoryCommunity.instanceID,
            createdAtMs: now,
            updatedAtMs: now,
            author: agents[Int(author) - 1],
            userVote: nil
        )
        comments.append(view)
        if let place = posts.firstIndex(where: { $0.id == comment.postID }) { posts[place].commentCount += 1 }
        return view
    }
}
