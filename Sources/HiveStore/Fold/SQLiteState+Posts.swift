public import HiveModel
public import HiveSync

extension SQLiteState {
    public func post(_ id: EntityID) throws -> (row: RowNumber, post: PostRow)? {
        try core.flushCounts()
        let row = statements.postByID
        defer { row.reset() }
        row.bind(1, id.rawValue).bind(2, number)
        guard try row.step() else { return nil }
        return (row.int(0), try post(id, row, from: 1))
    }

    public func insertPost(_ post: PostRow) throws -> RowNumber? {
        let insert = statements.insertPost
        let visible = try visibility(of: post)
        bind(post, visible: visible, to: insert)
        insert.bind(17, post.id.rawValue).bind(18, number)
        guard let row = try insert.insert() else { return nil }
        let rank = statements.insertRank
        bind(post, visible: visible, at: row, toRank: rank)
        rank.bind(6, post.id.rawValue).bind(7, number)
        try rank.run()
        remember(post, at: row)
        if visible > 0 { memory.counters.posts += 1 }
        if post.isLive { try queueForSearch(row * 2) }
        return row
    }

    public func putPost(_ post: PostRow, at row: RowNumber) throws {
        try core.flushCounts()
        let shown = statements.shownPost
        shown.bind(1, row)
        defer { shown.reset() }
        guard try shown.step() else { throw DamagedRow("post \(row) has no row") }
        let wasLive = shown.int(0) > 0
        let isSameText = wasLive && post.isLive && shown.holds(post.title, at: 1) && shown.holds(post.content, at: 2)
        if wasLive, !isSameText { try removeFromSearch(post: row, title: 1, content: 2, of: shown) }
        let visible = try visibility(of: post)
        bind(post, visible: visible, to: statements.putPost)
        statements.putPost.bind(17, row)
        try statements.putPost.run()
        bind(post, visible: visible, at: row, toRank: statements.putRank)
        try statements.putRank.run()
        remember(post, at: row)
        memory.counters.posts += (visible > 0 ? 1 : 0) - (wasLive ? 1 : 0)
        if post.isLive, !isSameText { try queueForSearch(row * 2) }
    }

    public func postID(_ row: RowNumber) throws -> EntityID {
        let statement = statements.postID
        defer { statement.reset() }
        statement.bind(1, row)
        guard try statement.step() else { throw DamagedRow("post \(row) has no row") }
        return try statement.entityID(0)
    }

    public func addScore(_ delta: Int64, to target: TargetRow) throws {
        core.counts.addScore(delta, to: target)
    }

    public func addCommentCount(_ delta: Int64, to post: RowNumber) throws {
        core.counts.addComments(delta, to: post)
    }

    public func voteTarget(_ target: ContentTarget) throws -> VoteTarget? {
        let key = Interning.TargetKey(group: number, target: target)
        if let known = core.interning.targets.value(of: key) { return known }
        let find = target.kind == .post ? statements.postVoteTarget : statements.commentVoteTarget
        defer { find.reset() }
        find.bind(1, target.id.rawValue).bind(2, number)
        guard try find.step() else { return nil }
        let found = VoteTarget(
            target: TargetRow(kind: target.kind, row: find.int(0)),
            author: find.optionalInt(1),
            isLive: find.int(2) > 0
        )
        core.interning.targets.put(found, for: key)
        return found
    }

    // MARK: Rows

    /// What votes and comments ask of a post.
    private func remember(_ post: PostRow, at row: RowNumber) {
        let target = TargetRow(kind: .post, row: row)
        core.interning.targets.put(
            VoteTarget(target: target, author: post.creation?.author, isLive: post.isLive),
            for: Interning.TargetKey(group: number, target: ContentTarget(kind: .post, id: post.id))
        )
    }

    /// In which feeds a post is.
    private func visibility(of post: PostRow) throws -> Int64 {
        guard post.isLive else { return 0 }
        return try isPublic() ? 2 : 1
    }

    private func bind(_ post: PostRow, visible: Int64, to put: HotStatement) {
        put.bind(1, visible)
        put.bind(2, post.isHidden)
        put.bind(3, post.creation?.author)
        put.bind(4, post.creation?.createdAtMs ?? 0)
        put.bind(5, post.isPinned)
        put.bind(6, post.creation?.stamp)
        put.bind(7, post.titleStamp)
        put.bind(8, post.contentStamp)
        put.bind(9, post.urlStamp)
        put.bind(10, post.pinStamp)
        put.bind(11, post.tombstone?.by)
        put.bind(12, post.tombstone?.stamp)
        put.bind(13, post.tombstone?.reason)
        put.bind(14, post.title)
        put.bind(15, post.url)
        put.bind(16, post.content)
    }

    private func bind(_ post: PostRow, visible: Int64, at row: RowNumber, toRank put: HotStatement) {
        put.bind(1, visible).bind(2, post.score).bind(3, post.commentCount)
        put.bind(4, post.creation?.createdAtMs ?? 0).bind(5, row)
    }

    /// Reads `PostSQL.columns`, score and count of comments that begin at a position.
    func post(_ id: EntityID, _ row: HotStatement, from first: Int32) throws -> PostRow {
        var post = PostRow(id: id)
        post.isHidden = row.bool(first + 1)
        if let author = row.optionalInt(first + 2) {
            post.creation = Creation(
                author: author,
                stamp: try core.stamp(row, first + 5),
                createdAtMs: row.int(first + 3)
            )
        }
        post.isPinned = row.bool(first + 4)
        post.titleStamp = try core.optionalStamp(row, first + 6)
        post.contentStamp = try core.optionalStamp(row, first + 7)
        post.urlStamp = try core.optionalStamp(row, first + 8)
        post.pinStamp = try core.optionalStamp(row, first + 9)
        if let by = row.optionalInt(first + 10) {
            post.tombstone = Tombstone(
                by: by,
                stamp: try core.stamp(row, first + 11),
                reason: row.optionalText(first + 12)
            )
        }
        post.title = row.text(first + 13)
        post.url = row.optionalText(first + 14)
        post.content = row.optionalText(first + 15)
        post.score = row.int(first + 16)
        post.commentCount = row.int(first + 17)
        return post
    }
}

extension HotStatement {
    /// Whether a column holds exactly these bytes; nil = NULL.
    func holds(_ text: String?, at index: Int32) -> Bool {
        guard var text else { return isNull(index) }
        guard !isNull(index) else { return false }
        return text.withUTF8 { bytes in
            withBytes(index) { $0.elementsEqual(bytes) }
        }
    }
}
