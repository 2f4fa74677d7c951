import HiveModel

extension Fold {
    /// `comment_created`: its post may be unknown yet; whether the parent counts is decided by readers.
    mutating func createComment(
        _ payload: CommentCreated,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        let header = event.header
        guard header.isBy(payload.author.key) else { return VoidReason.foreignAgent }
        guard header.mayCreate(payload.comment) else { return VoidReason.foreignID }
        guard header.allows(createdAtMs: payload.createdAtMs) else { return VoidReason.futureDate }
        return try create(comment(from: payload, event, in: &state), in: &state)
    }

    /// A comment as its creation says, without what was written later.
    func comment(from payload: CommentCreated, _ event: Event, in state: inout State) throws -> CommentRow {
        let author = payload.author
        let stamp = event.header.stamp
        var comment = CommentRow(id: payload.comment)
        comment.creation = Creation(
            author: try state.agentRow(author.key, name: author.name, avatarURL: author.avatarURL),
            stamp: stamp,
            createdAtMs: payload.createdAtMs ?? stamp.time.ms
        )
        comment.post = try target(ContentTarget(kind: .post, id: payload.post), in: &state).target.row
        comment.parent = payload.parent
        comment.content = payload.content
        return comment
    }
}
