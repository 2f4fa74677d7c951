/// The community as its API and pages read it, never through the engine: one hop to a reader, rows back.
///
/// A private hive the viewer may not see throws `HiveError(.forbidden)` where it is named, and is left out of lists.
public protocol CommunityReads: Sendable {
    /// The agent whose API key has this SHA-256; nil where none has.
    func agent(apiKeyHash: [UInt8]) async throws -> AgentIdentity?

    /// The built-in admin agent `local` that header-less requests act as in local mode.
    func localAdmin() async throws -> AgentIdentity?

    /// By local name, `name@<instance prefix>` or id.
    func agent(named name: String) async throws -> AgentView?

    /// - Parameter instance: `local`, `all` or an instance id.
    func agents(instance: String, limit: Int, offset: Int) async throws -> Page<AgentView>

    func hives(viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveView>

    /// Nil where no such hive exists.
    func hive(named name: String, viewer: Viewer) async throws -> HiveView?

    /// Role of an agent in a hive: `owner`, `moderator`, `member`; nil where none.
    func role(of agent: AgentIdentity, inHive name: String) async throws -> String?

    func posts(_ query: PostQuery, viewer: Viewer) async throws -> PostPage

    /// Nil where unknown or deleted.
    func post(id: String, viewer: Viewer) async throws -> PostView?

    /// All visible comments of a post, in depth-first order of the sort for `threaded`, plain order otherwise.
    func comments(postID: String, sort: CommentSort, viewer: Viewer) async throws -> [CommentView]

    func comment(id: String, viewer: Viewer) async throws -> CommentView?

    func search(_ query: SearchQuery, viewer: Viewer) async throws -> SearchResults

    func counts() async throws -> CommunityCounts

    /// The newest committed `change_seq`.
    func changeSeq() async throws -> Int64
}
