public import HivePorts
import Synchronization

extension HiveStore: CommunityReads {
    public func agent(apiKeyHash: [UInt8]) async throws -> AgentIdentity? {
        try await read { try AgentReads.identity(apiKeyHash: apiKeyHash, $0) }
    }

    public func localAdmin() async throws -> AgentIdentity? {
        try await read { try AgentReads.identity(named: "local", $0) }
    }

    public func agent(named name: String) async throws -> AgentView? {
        try await read { try AgentReads.agent(named: name, $0) }
    }

    public func agents(instance: String, limit: Int, offset: Int) async throws -> Page<AgentView> {
        try await read { try AgentReads.agents(instance: instance, limit: limit, offset: offset, $0) }
    }

    public func hives(viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveView> {
        try await read { try HiveReads.hives(ViewerScope(viewer, $0), limit: limit, offset: offset, $0) }
    }

    public func hive(named name: String, viewer: Viewer) async throws -> HiveView? {
        try await read { try HiveReads.hive(named: name, ViewerScope(viewer, $0), $0)?.view }
    }

    public func role(of agent: AgentIdentity, inHive name: String) async throws -> String? {
        try await read { try GovernanceQueries.roleName(of: agent.row, inHive: name, $0) }
    }

    public func posts(_ query: PostQuery, viewer: Viewer) async throws -> PostPage {
        let (now, age) = (options.now(), options.hotFeedAgeMs)
        return try await read { [self] reader in
            try FeedReads(reader: reader, scope: ViewerScope(viewer, reader), nowMs: now).page(query) { sources in
                hotFeeds.withLock { $0.rows(sources, nowMs: now, ageMs: age) }
            } keep: { sources, rows in
                hotFeeds.withLock { $0.put(rows, for: sources, nowMs: now) }
            }
        }
    }

    public func post(id: String, viewer: Viewer) async throws -> PostView? {
        try await read { try PostReads.postWithEvent(id: id, ViewerScope(viewer, $0), $0)?.view }
    }

    public func comments(postID: String, sort: CommentSort, viewer: Viewer) async throws -> [CommentView] {
        try await read { try CommentReads.comments(postID: postID, sort: sort, ViewerScope(viewer, $0), $0) }
    }

    public func comment(id: String, viewer: Viewer) async throws -> CommentView? {
        try await read { try CommentReads.comment(id: id, ViewerScope(viewer, $0), $0) }
    }

    public func search(_ query: SearchQuery, viewer: Viewer) async throws -> SearchResults {
        try await read { try SearchReads(reader: $0, scope: ViewerScope(viewer, $0)).results(query) }
    }

    public func counts() async throws -> CommunityCounts {
        try await read { try CountReads.counts($0) }
    }

    public func changeSeq() async throws -> Int64 {
        try await read { try $0.int(EventSQL.lastChange) ?? 0 }
    }
}

/// Numbers for pages that everybody sees: private hives are not counted.
enum CountReads {
    static func counts(_ reader: Reader) throws -> CommunityCounts {
        let totals = try reader.prepare(ReadSQL.publicTotals)
        _ = try totals.step()
        return CommunityCounts(
            agents: try reader.int(ReadSQL.countLocalAgents) ?? 0,
            verifiedAgents: try reader.int(ReadSQL.countVerifiedAgents) ?? 0,
            hives: totals.int(0),
            posts: totals.int(1),
            comments: totals.int(2),
            votes: totals.int(3),
            events: try reader.int(ReadSQL.events) ?? 0
        )
    }
}
