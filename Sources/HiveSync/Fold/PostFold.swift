import HiveModel

extension Fold {
    /// `post_created`: the smallest place counts where an id is created twice.
    mutating func createPost(_ payload: PostCreated, _ event: Event, in state: inout State) throws -> FoldVerdict {
        let header = event.header
        guard header.isBy(payload.author.key) else { return VoidReason.foreignAgent }
        guard header.mayCreate(payload.post) else { return VoidReason.foreignID }
        guard header.allows(createdAtMs: payload.createdAtMs) else { return VoidReason.futureDate }
        let post = try post(from: payload, event, in: &state)
        if let row = try state.insertPost(post) {
            try root.add(.post(post, author: payload.author.key, deletedBy: nil), crypto, state)
            try state.note(.postCreated(row))
            return .applied
        }
        let (row, held) = try heldPost(payload.post, in: state)
        if let creation = held.creation, creation.stamp.place <= header.place {
            return creation.stamp.place == header.place ? .applied : VoidReason.createdBefore
        }
        try settlePost(held, at: row, from: post, in: &state)
        try state.note(.postCreated(row))
        return .applied
    }

    /// `post_updated`: each field present is a register by stamp.
    mutating func updatePost(_ payload: PostUpdated, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let (row, held) = try heldOrStubPost(payload.post, in: &state)
        let write = try write(.update, by: payload.by, event, in: &state)
        try state.addWrite(write, to: TargetRow(kind: .post, row: row))
        guard let creation = held.creation else { return .applied }
        guard try decision(on: creation.author, in: &state).counts(write) else { return VoidReason.notAllowed }
        var post = held
        guard post.tombstone == nil, post.take(payload, stamp: write.stamp) else { return .applied }
        try replacePost(held, by: post, at: row, in: &state)
        try state.note(.postUpdated(row))
        return .applied
    }

    /// `post_deleted`: beats updates and creation in any order; the smallest stamp stays on the tombstone.
    mutating func deletePost(_ payload: ContentDeleted, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let (row, held) = try heldOrStubPost(payload.target, in: &state)
        let target = TargetRow(kind: .post, row: row)
        let write = try write(.deletion, by: payload.by, event, in: &state)
        try state.addWrite(write, to: target)
        guard let creation = held.creation else { return .applied }
        guard try decision(on: creation.author, in: &state).counts(write) else { return VoidReason.notAllowed }
        if let tombstone = held.tombstone, tombstone.stamp <= write.stamp { return .applied }
        var post = held
        post.erase(Tombstone(by: write.agent, stamp: write.stamp, reason: payload.reason))
        try replacePost(held, by: post, at: row, in: &state)
        if held.isLive { try moveKarma(of: target, from: creation.author, to: nil, in: &state) }
        try state.note(.postDeleted(row))
        return .applied
    }

    /// Recomputes a post from its creation in the log and its remembered writes: for when a decision about one of them
    /// changed.
    ///
    /// Costs one read of the log for each write that counts.
    mutating func rebuildPost(_ id: EntityID, in state: inout State) throws {
        let (row, held) = try heldPost(id, in: state)
        guard let creation = held.creation else { return }
        let author = try state.agentKey(creation.author)
        let stored = try payload(origin: author.instance, place: creation.stamp.place, in: state)
        guard case .postCreated(let payload) = stored.payload else {
            throw FoldFault("the creation of post \(id.rawValue) is none in the log")
        }
        let fresh = try post(from: payload, stored.event, in: &state)
        try settlePost(held, at: row, from: fresh, in: &state)
    }

    // MARK: Inside

    private func post(from payload: PostCreated, _ event: Event, in state: inout State) throws -> PostRow {
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

    /// Puts `fresh`, as created and with the remembered writes that count, in the place of `held`.
    private mutating func settlePost(
        _ held: PostRow,
        at row: RowNumber,
        from fresh: PostRow,
        in state: inout State
    ) throws {
        guard let creation = fresh.creation else { return }
        let target = TargetRow(kind: .post, row: row)
        let writes = try state.writes(to: target)
        let decision = try decision(on: creation.author, in: &state)
        var post = fresh
        post.isPinned = held.isPinned
        post.pinStamp = held.pinStamp
        post.score = held.score
        post.commentCount = held.commentCount
        if let deletion = decision.deletion(among: writes) {
            post.erase(try tombstone(of: deletion, in: state))
        } else {
            for update in decision.updates(among: writes) {
                guard case .postUpdated(let payload) = try payload(of: update, in: state) else {
                    throw FoldFault("a remembered update of post \(held.id.rawValue) is none in the log")
                }
                _ = post.take(payload, stamp: update.stamp)
            }
        }
        try replacePost(held, by: post, at: row, in: &state)
        let before = held.isLive ? held.creation?.author : nil
        try moveKarma(of: target, from: before, to: post.isLive ? creation.author : nil, in: &state)
    }

    /// Writes a changed row and moves the root with it.
    private mutating func replacePost(
        _ held: PostRow,
        by post: PostRow,
        at row: RowNumber,
        in state: inout State
    ) throws {
        try state.putPost(post, at: row)
        if let before = try entity(held, in: state) { try root.remove(before, crypto, state) }
        if let after = try entity(post, in: state) { try root.add(after, crypto, state) }
    }

    private func entity(_ post: PostRow, in state: State) throws -> Entity? {
        guard let creation = post.creation else { return nil }
        return .post(
            post,
            author: try state.agentKey(creation.author),
            deletedBy: try post.tombstone.map { try state.agentKey($0.by) }
        )
    }

    private func heldPost(_ id: EntityID, in state: State) throws -> (row: RowNumber, post: PostRow) {
        guard let held = try state.post(id) else { throw FoldFault("post \(id.rawValue) is there and is not") }
        return held
    }

    private func heldOrStubPost(_ id: EntityID, in state: inout State) throws -> (row: RowNumber, post: PostRow) {
        if let held = try state.post(id) { return held }
        let stub = PostRow(id: id)
        guard let row = try state.insertPost(stub) else { return try heldPost(id, in: state) }
        return (row, stub)
    }
}

extension PostRow {
    /// Takes each field that is present and newer than what is there; false where nothing changed.
    fileprivate mutating func take(_ update: PostUpdated, stamp: Stamp) -> Bool {
        guard let created = creation?.stamp else { return false }
        var changed = false
        if case .set(let value) = update.title, stamp > titleStamp ?? created {
            title = value
            titleStamp = stamp
            changed = true
        }
        if case .set(let value) = update.content, stamp > contentStamp ?? created {
            content = value
            contentStamp = stamp
            changed = true
        }
        if case .set(let value) = update.url, stamp > urlStamp ?? created {
            url = value
            urlStamp = stamp
            changed = true
        }
        return changed
    }

    /// Leaves id, author, creation and the tombstone; what was written goes.
    fileprivate mutating func erase(_ tombstone: Tombstone) {
        self.tombstone = tombstone
        title = ""
        content = nil
        url = nil
        titleStamp = nil
        contentStamp = nil
        urlStamp = nil
    }
}
