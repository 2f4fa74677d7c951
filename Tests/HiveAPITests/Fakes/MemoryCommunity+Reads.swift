import HivePorts

extension MemoryCommunity: CommunityReads {
    func agent(apiKeyHash: [UInt8]) throws -> AgentIdentity? {
        try call { state in
            guard let row = state.keys[apiKeyHash] else { return nil }
            let agent = state.agents[Int(row) - 1]
            return AgentIdentity(row: row, id: agent.id, name: agent.name, isAdmin: agent.isAdmin)
        }
    }

    func localAdmin() throws -> AgentIdentity? { try call { $0.localAdmin } }

    func agent(named name: String) throws -> AgentView? {
        try call { $0.agents.first { $0.name == name || $0.id == name || "\($0.name)@\(Self.prefix)" == name } }
    }

    func agents(instance: String, limit: Int, offset: Int) throws -> Page<AgentView> {
        try call { state in
            let all = state.agents.filter { agent in
                switch instance {
                case "all": true
                case "local": agent.isLocal
                default: agent.instanceID == instance
                }
            }
            return Page(rows: Array(all.dropFirst(offset).prefix(limit)), total: Int64(all.count))
        }
    }

    func hives(viewer: Viewer, limit: Int, offset: Int) throws -> Page<HiveView> {
        try call { state in
            let all = state.hives.filter { $0.isVisible(to: viewer) }.map(\.view)
            return Page(rows: Array(all.dropFirst(offset).prefix(limit)), total: Int64(all.count))
        }
    }

    func hive(named name: String, viewer: Viewer) throws -> HiveView? {
        try call { try $0.visibleHive(name, viewer)?.view }
    }

    func role(of agent: AgentIdentity, inHive name: String) throws -> String? {
        try call { $0.hives.first { $0.view.name == name }?.roles[agent.row] }
    }

    func posts(_ query: PostQuery, viewer: Viewer) throws -> PostPage {
        try call { state in
            if let name = query.hive, try state.visibleHive(name, viewer) == nil {
                throw HiveError(.notFound, "There is no hive '\(name)'.")
            }
            let visible = state.hives.filter { $0.isVisible(to: viewer) }.map(\.view.name)
            var all = state.posts.filter { post in
                visible.contains(post.hiveName) && query.hive.map { $0 == post.hiveName } ?? true
                    && query.sinceMs.map { post.createdAtMs >= $0 } ?? true
            }
            all.sort { query.sort == .top && $0.score != $1.score ? $0.score > $1.score : $0.row > $1.row }
            if let cursor = query.cursor {
                guard let row = Int64(cursor) else { throw HiveError(.badRequest, "This is no cursor.") }
                all.removeAll { $0.row >= row }
            }
            let page = all.dropFirst(query.offset).prefix(query.limit).map { state.withVote($0, viewer) }
            let isLast = query.offset + page.count >= all.count
            return PostPage(
                posts: Array(page),
                total: query.wantsTotal ? Int64(all.count) : nil,
                nextCursor: query.sort == .new && !isLast ? page.last.map { String($0.row) } : nil
            )
        }
    }

    func post(id: String, viewer: Viewer) throws -> PostView? {
        try call { state in
            guard let post = state.posts.first(where: { $0.id == id }) else { return nil }
            _ = try state.visibleHive(post.hiveName, viewer)
            return state.withVote(post, viewer)
        }
    }

    func comments(postID: String, sort: CommentSort, viewer: Viewer) throws -> [CommentView] {
        try call { state in state.comments.filter { $0.postID == postID } }
    }

    func comment(id: String, viewer: Viewer) throws -> CommentView? {
        try call { state in
            guard let comment = state.comments.first(where: { $0.id == id }) else { return nil }
            let post = state.posts.first { $0.id == comment.postID }
            _ = try post.map { try state.visibleHive($0.hiveName, viewer) }
            return comment
        }
    }

    func search(_ query: SearchQuery, viewer: Viewer) throws -> SearchResults {
        try call { state in
            let visible = state.hives.filter { $0.isVisible(to: viewer) }.map(\.view)
            let names = visible.map(\.name).filter { name in query.hive.map { $0 == name } ?? true }
            var results = SearchResults()
            let posts = state.posts.filter { names.contains($0.hiveName) }
            if query.kinds.contains(.posts) {
                results.posts = posts.filter { $0.title.contains(query.text) }.map { state.withVote($0, viewer) }
            }
            if query.kinds.contains(.comments) {
                results.comments = state.comments.filter { comment in
                    posts.contains { $0.id == comment.postID } && comment.content?.contains(query.text) == true
                }
            }
            if query.kinds.contains(.agents) { results.agents = state.agents.filter { $0.name.contains(query.text) } }
            if query.kinds.contains(.hives) { results.hives = visible.filter { $0.name.contains(query.text) } }
            return results
        }
    }

    func counts() throws -> CommunityCounts {
        try call { state in
            CommunityCounts(
                agents: Int64(state.agents.count),
                verifiedAgents: Int64(state.agents.count),
                hives: Int64(state.hives.count),
                posts: Int64(state.posts.count),
                comments: Int64(state.comments.count),
                votes: Int64(state.votes.count),
                events: 0
            )
        }
    }

    func changeSeq() throws -> Int64 { try call { Int64($0.changes) } }
}

extension MemoryCommunity.Hive {
    func isVisible(to viewer: Viewer) -> Bool {
        view.isPublic || viewer.isAdmin || viewer.agent.map { roles[$0.row] != nil } ?? false
    }
}

extension MemoryCommunity.State {
    /// Nil where there is no such hive; throws where it is private.
    func visibleHive(_ name: String, _ viewer: Viewer) throws -> MemoryCommunity.Hive? {
        guard let hive = hives.first(where: { $0.view.name == name }) else { return nil }
        guard hive.isVisible(to: viewer) else { throw HiveError(.forbidden, "The hive '\(name)' is private.") }
        return hive
    }

    func withVote(_ post: PostView, _ viewer: Viewer) -> PostView {
        var post = post
        post.userVote = viewer.agent.flatMap { agent in
            votes[MemoryCommunity.Vote(kind: .post, id: post.id, voter: agent.row)]
        }
        return post
    }
}
