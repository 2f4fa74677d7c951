import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// The rules of the community, checked inside the transaction that writes.
extension WriteTurn {
    func hive(_ name: String, viewer: Viewer) throws -> HiveView {
        let look = HiveLook(name: name, viewer: viewer)
        if let hive = memory.hives[look] { return hive }
        guard let hive = try transaction.hive(named: name, viewer: viewer) else {
            throw HiveError(.notFound, "There is no hive named \(name).")
        }
        memory.hives[look] = hive
        return hive
    }

    /// The group of a hive the viewer may see and this instance may write to.
    func writableGroup(ofHive name: String, viewer: Viewer) throws -> GroupID {
        try writableGroup(of: try hive(name, viewer: viewer))
    }

    func writableGroup(of hive: HiveView) throws -> GroupID {
        let group = try groupID(of: hive)
        if let ending = try ending(of: group) {
            throw HiveError(
                .forbidden,
                "The hive \(hive.name) can be read here and not written: \(ending) An invite brings it back."
            )
        }
        let role = try state(of: group).members().first { $0.instance == local.instance }?.role
        switch role {
        case .readonly:
            throw HiveError(
                .forbidden,
                "This instance has the role readonly in the group of \(hive.name): write on another of its instances."
            )
        case .owner, .admin, .member, nil:
            return group
        }
    }

    func groupID(of hive: HiveView) throws -> GroupID {
        guard let group = GroupID(hive.groupID) else {
            throw HiveError(.internalFault, "The hive \(hive.name) has no group.")
        }
        return group
    }

    func entityID(_ id: String) throws -> EntityID {
        guard let entity = EntityID(id) else { throw HiveError(.notFound, "There is nothing with the id \(id).") }
        return entity
    }

    func livePost(_ id: String, viewer: Viewer) throws -> PostView {
        guard let post = try transaction.post(id: id, viewer: viewer) else {
            throw HiveError(.notFound, "There is no post with the id \(id).")
        }
        return post
    }

    func liveComment(_ id: String, viewer: Viewer) throws -> CommentView {
        guard let comment = try transaction.comment(id: id, viewer: viewer), !comment.isDeleted else {
            throw HiveError(.notFound, "There is no comment with the id \(id).")
        }
        return comment
    }

    /// The comment that a new one answers.
    func parent(_ id: String, on post: PostView, viewer: Viewer) throws -> EntityID {
        guard let parent = try transaction.comment(id: id, viewer: viewer), !parent.isDeleted else {
            throw HiveError(.badRequest, "The comment to answer, \(id), is not there.")
        }
        guard parent.postID == post.id else {
            throw HiveError(.badRequest, "The comment to answer, \(id), is below another post.")
        }
        guard parent.depth < 64 else {
            throw HiveError(.badRequest, "Answers go 64 levels deep: answer a comment further up.")
        }
        return try entityID(id)
    }

    // MARK: Who may write what

    /// The group of a hive where the agent may write.
    ///
    /// What a banned agent writes would be hidden or void everywhere: its own instance says so at once.
    func writableGroup(of hive: HiveView, as agent: AgentIdentity) throws -> GroupID {
        let group = try writableGroup(of: hive)
        guard let ban = try state(of: group).ban(of: agent.row), ban.action == .ban else { return group }
        throw Self.banned(agent, from: hive, ban.reason)
    }

    static func banned(_ agent: AgentIdentity, from hive: HiveView, _ reason: String?) -> HiveError {
        let why = reason.map { ": \($0)" } ?? "."
        return HiveError(.forbidden, "\(agent.name) is banned from the hive \(hive.name)\(why)")
    }

    /// In whose name somebody changes content: its author, or who governs the hive, by a grant.
    func editor(of author: AgentView, in hive: HiveView, viewer: Viewer) throws -> Governor {
        guard let agent = viewer.agent, agent.row == author.row else {
            return try governor(of: hive, viewer: viewer, least: .moderator, allowsAdmins: false)
        }
        let group = try writableGroup(of: hive, as: agent)
        return Governor(agent: try actor(agent, in: group), rank: .author)
    }

    /// What a vote is about, before or after it.
    func voted(
        _ kind: VoteKind,
        id: String,
        viewer: Viewer
    ) throws -> (author: AgentView, hiveName: String, score: Int64, vote: Int64?) {
        switch kind {
        case .post:
            let post = try livePost(id, viewer: viewer)
            return (post.author, post.hiveName, post.score, post.userVote)
        case .comment:
            let comment = try liveComment(id, viewer: viewer)
            let post = try livePost(comment.postID, viewer: viewer)
            return (comment.author, post.hiveName, comment.score, comment.userVote)
        }
    }

    /// The vote an agent of this instance has on something; 0 where it has none, or took it back.
    func vote(of voter: AgentSnapshot, row: Int64, on target: ContentTarget) throws -> Int64 {
        let viewer = Viewer.admin(
            AgentIdentity(row: row, id: voter.key.agent.rawValue, name: voter.name, isAdmin: false)
        )
        return switch target.kind {
        case .post: try transaction.post(id: target.id.rawValue, viewer: viewer)?.userVote ?? 0
        case .comment: try transaction.comment(id: target.id.rawValue, viewer: viewer)?.userVote ?? 0
        }
    }

    // MARK: Deletion

    /// Deletes by the author, by who governs the hive, or by an admin where this instance owns it.
    func delete(
        _ target: ContentTarget,
        author: AgentView,
        hive: HiveView,
        reason: String?,
        viewer: Viewer
    ) throws {
        let isAuthor = viewer.agent?.row == author.row
        let deleter =
            isAuthor
            ? try editor(of: author, in: hive, viewer: viewer)
            : try governor(of: hive, viewer: viewer, least: .moderator)
        let deletion = ContentDeleted(target: target.id, by: deleter.agent, reason: reason)
        let payload: EventPayload = target.kind == .post ? .postDeleted(deletion) : .commentDeleted(deletion)
        try decree(payload, by: deleter, in: try groupID(of: hive))
    }

    // MARK: Agents

    /// An agent of this instance as the events of a group show it.
    ///
    /// The group is told its name and avatar before its first act there and after each change.
    func actor(_ agent: AgentIdentity, in group: GroupID) throws -> AgentSnapshot {
        if let known = memory.actors[ActorName(group: group, row: agent.row)] { return known }
        guard let view = try transaction.agent(row: agent.row) else {
            throw HiveError(.unauthorized, "The agent \(agent.name) is not here any more.")
        }
        return try actor(view, in: group)
    }

    func actor(_ view: AgentView, in group: GroupID) throws -> AgentSnapshot {
        let key = AgentKey(instance: local.instance, agent: try entityID(view.id))
        let snapshot = AgentSnapshot(key: key, name: view.name, avatarURL: view.avatarURL)
        let profile = try state(of: group).profile(of: view.row)
        if profile.map({ $0.name != view.name || $0.avatarURL != view.avatarURL }) ?? true {
            let change = AgentProfileChanged(agent: key.agent, name: view.name, avatarURL: view.avatarURL)
            try emit(.agentProfileChanged(change), in: group)
        }
        memory.actors[ActorName(group: group, row: view.row)] = snapshot
        return snapshot
    }

    /// Tells every group in which an agent has acted how it looks now.
    func spreadProfile(of view: AgentView) throws {
        for group in try transaction.groups().map(\.id) {
            let state = try state(of: group)
            guard try state.profile(of: view.row) != nil, try state.head(of: local.instance) != nil,
                try ending(of: group) == nil
            else { continue }
            _ = try actor(view, in: group)
        }
    }
}
