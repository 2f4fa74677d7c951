import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// The commands of the community: each is checked and turned into events inside the writer's transaction, and answers
/// with what was read back there.
struct CommunityWriter: CommunityWrites {
    let writer: Writer<StoreBackend>
    let local: LocalInstance
    /// The policy of new groups.
    let defaults: GroupPolicy
    /// Kept by the next write, in its transaction.
    var kept: KeptReply?

    func keeping(_ reply: KeptReply?) -> any CommunityWrites {
        var copy = self
        copy.kept = reply
        return copy
    }

    /// Runs `body` in the next transaction, and keeps the reply to what it returns.
    func perform<Value: Sendable>(_ body: @escaping @Sendable (WriteTurn) throws -> Value) async throws -> Value {
        try await writer.perform { [kept] turn in
            let value = try body(turn)
            try turn.keep(kept, of: value)
            return value
        }
    }

    // MARK: Posts

    func createPost(_ post: NewPost, by agent: AgentIdentity) async throws -> PostView {
        let id = nextID()
        return try await perform { turn in
            let hive = try turn.hive(post.hive, viewer: .agent(agent))
            let group = try turn.writableGroup(of: hive, as: agent)
            try turn.checkPosting(in: hive, by: agent)
            let author = try turn.actor(agent, in: group)
            try turn.emit(
                .postCreated(
                    PostCreated(post: id, title: post.title, content: post.content, url: post.url, author: author)
                ),
                in: group
            )
            return try turn.livePost(id.rawValue, viewer: .agent(agent))
        }
    }

    func updatePost(id: String, _ change: PostChange, by viewer: Viewer) async throws -> PostView {
        try await perform { turn in
            let post = try turn.livePost(id, viewer: viewer)
            let hive = try turn.hive(post.hiveName, viewer: viewer)
            let editor = try turn.editor(of: post.author, in: hive, viewer: viewer)
            let update = try PostUpdate(change, of: post)
            guard !update.isEmpty else { return post }
            let updated = PostUpdated(
                post: try turn.entityID(post.id),
                title: update.title,
                content: update.content,
                url: update.url,
                by: editor.agent
            )
            try turn.decree(.postUpdated(updated), by: editor, in: try turn.groupID(of: hive))
            return try turn.livePost(id, viewer: viewer)
        }
    }

    func deletePost(id: String, reason: String?, by viewer: Viewer) async throws {
        try await perform { turn in
            let post = try turn.livePost(id, viewer: viewer)
            let hive = try turn.hive(post.hiveName, viewer: viewer)
            let target = ContentTarget(kind: .post, id: try turn.entityID(post.id))
            try turn.delete(target, author: post.author, hive: hive, reason: reason, viewer: viewer)
        }
    }

    // MARK: Comments

    func createComment(_ comment: NewComment, by agent: AgentIdentity) async throws -> CommentView {
        let id = nextID()
        return try await perform { turn in
            let post = try turn.livePost(comment.postID, viewer: .agent(agent))
            let hive = try turn.hive(post.hiveName, viewer: .agent(agent))
            let group = try turn.writableGroup(of: hive, as: agent)
            try turn.checkVerification(in: hive, of: agent)
            let parent = try comment.parentID.map { try turn.parent($0, on: post, viewer: .agent(agent)) }
            let author = try turn.actor(agent, in: group)
            let created = CommentCreated(
                comment: id,
                post: try turn.entityID(post.id),
                parent: parent,
                content: comment.content,
                author: author
            )
            try turn.emit(.commentCreated(created), in: group)
            return try turn.liveComment(id.rawValue, viewer: .agent(agent))
        }
    }

    func updateComment(id: String, content: String, by viewer: Viewer) async throws -> CommentView {
        try await perform { turn in
            let comment = try turn.liveComment(id, viewer: viewer)
            let post = try turn.livePost(comment.postID, viewer: viewer)
            let hive = try turn.hive(post.hiveName, viewer: viewer)
            let editor = try turn.editor(of: comment.author, in: hive, viewer: viewer)
            if let held = comment.content, held.utf8.elementsEqual(content.utf8) { return comment }
            let update = CommentUpdated(comment: try turn.entityID(comment.id), content: content, by: editor.agent)
            try turn.decree(.commentUpdated(update), by: editor, in: try turn.groupID(of: hive))
            return try turn.liveComment(id, viewer: viewer)
        }
    }

    func deleteComment(id: String, reason: String?, by viewer: Viewer) async throws {
        try await perform { turn in
            let comment = try turn.liveComment(id, viewer: viewer)
            let post = try turn.livePost(comment.postID, viewer: viewer)
            let hive = try turn.hive(post.hiveName, viewer: viewer)
            let target = ContentTarget(kind: .comment, id: try turn.entityID(comment.id))
            try turn.delete(target, author: comment.author, hive: hive, reason: reason, viewer: viewer)
        }
    }

    // MARK: Votes

    func vote(on kind: VoteKind, id: String, value: Int64, by agent: AgentIdentity) async throws -> VoteResult {
        guard value == 1 || value == -1 else { throw HiveError(.badRequest, "A vote is 1 or -1.") }
        return try await perform { turn in
            let before = try turn.voted(kind, id: id, viewer: .agent(agent))
            guard before.author.row != agent.row else {
                throw HiveError(.badRequest, "Nobody votes for what they wrote themselves.")
            }
            let hive = try turn.hive(before.hiveName, viewer: .agent(agent))
            let group = try turn.writableGroup(of: hive, as: agent)
            let voter = try turn.voter(row: agent.row, id: agent.id, in: group)
            let target = ContentTarget(kind: kind == .post ? .post : .comment, id: try turn.entityID(id))
            let cast = before.vote == value ? 0 : value
            try turn.emit(.voteCast(VoteCast(target: target, voter: voter, value: cast)), in: group)
            let after = try turn.voted(kind, id: id, viewer: .agent(agent))
            return VoteResult(score: after.score, userVote: cast == 0 ? nil : cast)
        }
    }

    func nextID() -> EntityID { local.ids.next(ms: SystemClock.nowMs()) }
}

/// The fields of a post that a change really changes.
struct PostUpdate {
    var title: FieldChange<String> = .untouched
    var content: FieldChange<String?> = .untouched
    var url: FieldChange<String?> = .untouched

    var isEmpty: Bool { title == .untouched && content == .untouched && url == .untouched }

    /// Throws where nothing readable would be left.
    init(_ change: PostChange, of post: PostView) throws {
        if let new = change.title, !new.utf8.elementsEqual(post.title.utf8) { title = .set(new) }
        if let new = change.content, !Self.areEqual(new, post.content) { content = .set(new) }
        if let new = change.url, !Self.areEqual(new, post.url) { url = .set(new) }
        let text = change.content ?? post.content
        let address = change.url ?? post.url
        guard !(text ?? "").isEmpty || !(address ?? "").isEmpty else {
            throw HiveError(.badRequest, "A post has content or a url: one of them must stay.")
        }
    }

    private static func areEqual(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }
}
