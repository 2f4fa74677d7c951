import HiveModel

extension Fold {
    /// `post_created`.
    mutating func createPost(_ payload: PostCreated, _ event: Event, in state: inout State) throws -> FoldVerdict {
        let header = event.header
        guard header.isBy(payload.author.key) else { return VoidReason.foreignAgent }
        guard header.mayCreate(payload.post) else { return VoidReason.foreignID }
        guard header.allows(createdAtMs: payload.createdAtMs) else { return VoidReason.futureDate }
        return try create(post(from: payload, event, in: &state), in: &state)
    }

    /// `post_pinned`: a register by stamp, of moderators and owners.
    mutating func pinPost(_ payload: PostPinned, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let kind: ContentWrite.Kind = payload.isPinned ? .pin : .unpin
        let (row, held, write) = try remember(kind, of: payload.post, PostRow.self, by: payload.by, event, in: &state)
        guard held.creation != nil else { return .applied }
        guard try loadDecisions(&state).isModeration(write) else { return VoidReason.noModerator }
        guard held.tombstone == nil, held.pinStamp.map({ write.stamp > $0 }) ?? true else { return .applied }
        var post = held
        post.pin(payload.isPinned, stamp: write.stamp)
        try replace(held, by: post, at: row, in: &state)
        try state.note(.postPinned(row))
        return .applied
    }

    /// A post as its creation says, without what was written later.
    func post(from payload: PostCreated, _ event: Event, in state: inout State) throws -> PostRow {
        let author = payload.author
        let stamp = event.header.stamp
        var post = PostRow(id: payload.post)
        post.creation = Creation(
            author: try state.agentRow(author.key, name: author.name, avatarURL: author.avatarURL),
            stamp: stamp,
            createdAtMs: payload.createdAtMs ?? stamp.time.ms
        )
        post.title = payload.title
        post.content = payload.content
        post.url = payload.url
        return post
    }
}
