import HiveModel

extension Fold {
    /// `comment_created`: as posts; its post may be unknown yet.
    ///
    /// Whether the parent counts is decided by readers.
    mutating func createComment(
        _ payload: CommentCreated,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        let header = event.header
        guard header.isBy(payload.author.key) else { return VoidReason.foreignAgent }
        guard header.mayCreate(payload.comment) else { return VoidReason.foreignID }
        guard header.allows(createdAtMs: payload.createdAtMs) else { return VoidReason.futureDate }
        let comment = try comment(from: payload, event, in: &state)
        if let row = try state.insertComment(comment) {
            try countComment(1, on: comment, in: &state)
            try root.add(
                .comment(comment, post: payload.post, author: payload.author.key, deletedBy: nil),
                crypto,
                state
            )
            try state.note(.commentCreated(row))
            return .applied
        }
        let (row, held) = try heldComment(payload.comment, in: state)
        if let creation = held.creation, creation.stamp.place <= header.place {
            return creation.stamp.place == header.place ? .applied : VoidReason.createdBefore
        }
        try settleComment(held, at: row, from: comment, in: &state)
        try state.note(.commentCreated(row))
        return .applied
    }

    /// `comment_updated`: the content is a register by stamp.
    mutating func updateComment(
        _ payload: CommentUpdated,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let (row, held) = try heldOrStubComment(payload.comment, in: &state)
        let write = try write(.update, by: payload.by, event, in: &state)
        try state.addWrite(write, to: TargetRow(kind: .comment, row: row))
        guard let creation = held.creation else { return .applied }
        guard try decision(on: creation.author, in: &state).counts(write) else { return VoidReason.notAllowed }
        var comment = held
        guard comment.tombstone == nil, comment.take(payload.content, stamp: write.stamp) else { return .applied }
        try replaceComment(held, by: comment, at: row, in: &state)
        try state.note(.commentUpdated(row))
        return .applied
    }

    /// `comment_deleted`: as posts.
    mutating func deleteComment(
        _ payload: ContentDeleted,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let (row, held) = try heldOrStubComment(payload.target, in: &state)
        let target = TargetRow(kind: .comment, row: row)
        let write = try write(.deletion, by: payload.by, event, in: &state)
        try state.addWrite(write, to: target)
        guard let creation = held.creation else { return .applied }
        guard try decision(on: creation.author, in: &state).counts(write) else { return VoidReason.notAllowed }
        if let tombstone = held.tombstone, tombstone.stamp <= write.stamp { return .applied }
        var comment = held
        comment.erase(Tombstone(by: write.agent, stamp: write.stamp, reason: payload.reason))
        try replaceComment(held, by: comment, at: row, in: &state)
        if held.isLive {
            try countComment(-1, on: held, in: &state)
            try moveKarma(of: target, from: creation.author, to: nil, in: &state)
        }
        try state.note(.commentDeleted(row))
        return .applied
    }

    /// As `rebuildPost`.
    mutating func rebuildComment(_ id: EntityID, in state: inout State) throws {
        let (row, held) = try heldComment(id, in: state)
        guard let creation = held.creation else { return }
        let author = try state.agentKey(creation.author)
        let stored = try payload(origin: author.instance, place: creation.stamp.place, in: state)
        guard case .commentCreated(let payload) = stored.payload else {
            throw FoldFault("the creation of comment \(id.rawValue) is none in the log")
        }
        let fresh = try comment(from: payload, stored.event, in: &state)
        try settleComment(held, at: row, from: fresh, in: &state)
    }

    // MARK: Inside

    private func comment(from payload: CommentCreated, _ event: Event, in state: inout State) throws -> CommentRow {
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

    /// Puts `fresh`, as created and with the remembered writes that count, in the place of `held`.
    private mutating func settleComment(
        _ held: CommentRow,
        at row: RowNumber,
        from fresh: CommentRow,
        in state: inout State
    ) throws {
        guard let creation = fresh.creation else { return }
        let target = TargetRow(kind: .comment, row: row)
        let writes = try state.writes(to: target)
        let decision = try decision(on: creation.author, in: &state)
        var comment = fresh
        comment.score = held.score
        if let deletion = decision.deletion(among: writes) {
            comment.erase(try tombstone(of: deletion, in: state))
        } else if let update = decision.updates(among: writes).last {
            guard case .commentUpdated(let payload) = try payload(of: update, in: state) else {
                throw FoldFault("a remembered update of comment \(held.id.rawValue) is none in the log")
            }
            _ = comment.take(payload.content, stamp: update.stamp)
        }
        try replaceComment(held, by: comment, at: row, in: &state)
        if held.isLive { try countComment(-1, on: held, in: &state) }
        if comment.isLive { try countComment(1, on: comment, in: &state) }
        let before = held.isLive ? held.creation?.author : nil
        try moveKarma(of: target, from: before, to: comment.isLive ? creation.author : nil, in: &state)
    }

    private func countComment(_ delta: Int64, on comment: CommentRow, in state: inout State) throws {
        if let post = comment.post { try state.addCommentCount(delta, to: post) }
    }

    /// Writes a changed row and moves the root with it.
    private mutating func replaceComment(
        _ held: CommentRow,
        by comment: CommentRow,
        at row: RowNumber,
        in state: inout State
    ) throws {
        try state.putComment(comment, at: row)
        if let before = try entity(held, in: state) { try root.remove(before, crypto, state) }
        if let after = try entity(comment, in: state) { try root.add(after, crypto, state) }
    }

    private func entity(_ comment: CommentRow, in state: State) throws -> Entity? {
        guard let creation = comment.creation, let post = comment.post else { return nil }
        return .comment(
            comment,
            post: try state.postID(post),
            author: try state.agentKey(creation.author),
            deletedBy: try comment.tombstone.map { try state.agentKey($0.by) }
        )
    }

    private func heldComment(_ id: EntityID, in state: State) throws -> (row: RowNumber, comment: CommentRow) {
        guard let held = try state.comment(id) else { throw FoldFault("comment \(id.rawValue) is there and is not") }
        return held
    }

    private func heldOrStubComment(
        _ id: EntityID,
        in state: inout State
    ) throws -> (row: RowNumber, comment: CommentRow) {
        if let held = try state.comment(id) { return held }
        let stub = CommentRow(id: id)
        guard let row = try state.insertComment(stub) else { return try heldComment(id, in: state) }
        return (row, stub)
    }
}

extension CommentRow {
    /// Takes newer content; false where nothing changed.
    fileprivate mutating func take(_ newer: String, stamp: Stamp) -> Bool {
        guard let created = creation?.stamp, stamp > contentStamp ?? created else { return false }
        content = newer
        contentStamp = stamp
        return true
    }

    /// Leaves id, post, parent, author, creation and the tombstone; what was written goes.
    fileprivate mutating func erase(_ tombstone: Tombstone) {
        self.tombstone = tombstone
        content = ""
        contentStamp = nil
    }
}
