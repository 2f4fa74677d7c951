import HivePorts

extension MemoryCommunity: CommunityWrites {
    func keeping(_ reply: KeptReply?) -> any CommunityWrites { self }

    func registerAgent(_ agent: NewAgent) throws -> RegisteredAgent {
        try call { state in
            guard !state.agents.contains(where: { $0.isLocal && $0.name == agent.name }) else {
                throw HiveError(.conflict, "The name '\(agent.name)' is taken.")
            }
            if let code = agent.inviteCode, code != "good" {
                throw HiveError(.forbidden, "The invite_code is not known here.")
            }
            var view = state.addAgent(agent.name, isAdmin: agent.isAdmin)
            view.description = agent.description
            state.agents[Int(view.row) - 1] = view
            let key = "oh_\(agent.name)"
            state.keys[Self.hash(key)] = view.row
            return RegisteredAgent(agent: view, apiKey: key)
        }
    }

    func updateAgent(_ agent: AgentIdentity, _ change: AgentChange) throws -> AgentView {
        try call { state in
            _ = state.tick()
            var view = state.agents[Int(agent.row) - 1]
            if let description = change.description { view.description = description }
            if let avatar = change.avatarURL { view.avatarURL = avatar }
            state.agents[Int(agent.row) - 1] = view
            return view
        }
    }

    func createHive(_ hive: NewHive, by agent: AgentIdentity) throws -> HiveView {
        try call { state in
            guard !state.hives.contains(where: { $0.view.name == hive.name }) else {
                throw HiveError(.conflict, "The name '\(hive.name)' is taken.")
            }
            return state.addHive(hive, agent)
        }
    }

    func createPost(_ post: NewPost, by agent: AgentIdentity) throws -> PostView {
        try call { state in
            guard try state.visibleHive(post.hive, .agent(agent)) != nil else {
                throw HiveError(.notFound, "There is no hive '\(post.hive)'.")
            }
            return state.addPost(post, agent.row)
        }
    }

    func updatePost(id: String, _ change: PostChange, by viewer: Viewer) throws -> PostView {
        try call { state in
            guard let place = state.posts.firstIndex(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no post '\(id)'.")
            }
            state.posts[place].updatedAtMs = state.tick()
            if let title = change.title { state.posts[place].title = title }
            if let content = change.content { state.posts[place].content = content }
            if let url = change.url { state.posts[place].url = url }
            return state.posts[place]
        }
    }

    func deletePost(id: String, reason: String?, by viewer: Viewer) throws {
        try call { state in
            guard let place = state.posts.firstIndex(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no post '\(id)'.")
            }
            guard viewer.isAdmin || state.posts[place].author.row == viewer.agent?.row else {
                throw HiveError(.forbidden, "Only the author, a moderator or an admin can delete a post.")
            }
            _ = state.tick()
            state.posts.remove(at: place)
        }
    }

    func createComment(_ comment: NewComment, by agent: AgentIdentity) throws -> CommentView {
        try call { $0.addComment(comment, agent.row) }
    }

    func updateComment(id: String, content: String, by viewer: Viewer) throws -> CommentView {
        try call { state in
            guard let place = state.comments.firstIndex(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no comment '\(id)'.")
            }
            state.comments[place].content = content
            state.comments[place].updatedAtMs = state.tick()
            return state.comments[place]
        }
    }

    func deleteComment(id: String, reason: String?, by viewer: Viewer) throws {
        try call { state in
            guard let place = state.comments.firstIndex(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no comment '\(id)'.")
            }
            guard viewer.isAdmin || state.comments[place].author.row == viewer.agent?.row else {
                throw HiveError(.forbidden, "Only the author, a moderator or an admin can delete a comment.")
            }
            _ = state.tick()
            state.comments[place].isDeleted = true
        }
    }

    func vote(on kind: VoteKind, id: String, value: Int64, by agent: AgentIdentity) throws -> VoteResult {
        try call { state in
            let author =
                kind == .post
                ? state.posts.first { $0.id == id }?.author.row
                : state.comments.first { $0.id == id }?.author.row
            guard author != agent.row else { throw HiveError(.badRequest, "Nobody votes for oneself.") }
            _ = state.tick()
            let key = Vote(kind: kind, id: id, voter: agent.row)
            state.votes[key] = state.votes[key] == value ? nil : value
            let score = state.votes.filter { $0.key.kind == kind && $0.key.id == id }.map(\.value).reduce(0, +)
            return VoteResult(score: score, userVote: state.votes[key])
        }
    }

    func importItems(_ items: [ImportItem], hive: String) throws -> ImportResult {
        try call { state in
            guard state.hives.contains(where: { $0.view.name == hive }) else {
                throw HiveError(.notFound, "There is no hive '\(hive)'.")
            }
            _ = state.tick()
            state.imported += items
            return ImportResult(
                posts: 1,
                comments: 1,
                votes: 1,
                agents: 1,
                existing: 0,
                ids: ["b": "id-b", "a": "id-a"]
            )
        }
    }
}

extension MemoryCommunity: AgentInvites {
    private func invite(_ new: NewAgentInvite) -> AgentInvite {
        AgentInvite(
            id: "invite_1",
            createdBy: new.createdBy,
            usesLeft: new.uses,
            expiresAtMs: new.expiresInDays.map { 1_767_225_600_000 + $0 * 86_400_000 },
            createdAtMs: 1_767_225_600_000
        )
    }

    func createAgentInvite(_ new: NewAgentInvite, keeping kept: KeptReply?) -> CreatedAgentInvite {
        CreatedAgentInvite(invite: invite(new), code: "good")
    }

    func agentInvites(isActive: Bool, limit: Int, offset: Int) -> [AgentInvite] {
        isActive ? [] : [invite(NewAgentInvite())]
    }

    func removeAgentInvite(id: String) throws {
        guard id == "invite_1" else { throw HiveError(.notFound, "There is no invite '\(id)'.") }
    }
}
