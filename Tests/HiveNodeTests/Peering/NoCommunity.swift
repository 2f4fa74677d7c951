import HivePorts

/// A community without anybody in it, for servers that only sync.
struct NoCommunity: CommunityReads {
    private var none: HiveError { HiveError(.notFound, "This server only syncs.") }

    func agent(apiKeyHash: [UInt8]) async throws -> AgentIdentity? { nil }
    func localAdmin() async throws -> AgentIdentity? { nil }
    func agent(named name: String) async throws -> AgentView? { nil }
    func agents(instance: String, limit: Int, offset: Int) async throws -> Page<AgentView> { throw none }
    func hives(viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveView> { throw none }
    func hive(named name: String, viewer: Viewer) async throws -> HiveView? { nil }
    func role(of agent: AgentIdentity, inHive name: String) async throws -> String? { nil }
    func posts(_ query: PostQuery, viewer: Viewer) async throws -> PostPage { throw none }
    func post(id: String, viewer: Viewer) async throws -> PostView? { nil }
    func comments(postID: String, sort: CommentSort, viewer: Viewer) async throws -> [CommentView] { throw none }
    func comment(id: String, viewer: Viewer) async throws -> CommentView? { nil }
    func search(_ query: SearchQuery, viewer: Viewer) async throws -> SearchResults { throw none }
    func counts() async throws -> CommunityCounts { throw none }
    func changeSeq() async throws -> Int64 { 0 }
}
