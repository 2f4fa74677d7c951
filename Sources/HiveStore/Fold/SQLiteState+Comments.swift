public import HiveModel
public import HiveSync

extension SQLiteState {
    public func comment(_ id: EntityID) throws -> (row: RowNumber, comment: CommentRow)? {
        try core.flushCounts()
        let row = statements.commentByID
        defer { row.reset() }
        row.bind(1, id.rawValue).bind(2, number)
        guard try row.step() else { return nil }
        return (row.int(0), try comment(id, row, from: 1))
    }

    public func insertComment(_ comment: CommentRow) throws -> RowNumber? {
        let insert = statements.insertComment
        bind(comment, to: insert)
        insert.bind(14, comment.id.rawValue).bind(15, number)
        guard let row = try insert.insert() else { return nil }
        if comment.isLive {
            memory.counters.comments += 1
            try queueForSearch(row * 2 + 1)
        }
        return row
    }

    public func putComment(_ comment: CommentRow, at row: RowNumber) throws {
        try core.flushCounts()
        let target = ContentTarget(kind: .comment, id: comment.id)
        core.interning.targets.remove(Interning.TargetKey(group: number, target: target))
        let shown = statements.shownComment
        shown.bind(1, row)
        defer { shown.reset() }
        guard try shown.step() else { throw DamagedRow("comment \(row) has no row") }
        let wasLive = shown.bool(0)
        let isSameText = wasLive && comment.isLive && shown.holds(comment.content, at: 1)
        if wasLive, !isSameText { try removeFromSearch(comment: row, content: 1, of: shown) }
        bind(comment, to: statements.putComment)
        statements.putComment.bind(14, row)
        try statements.putComment.run()
        memory.counters.comments += (comment.isLive ? 1 : 0) - (wasLive ? 1 : 0)
        if comment.isLive, !isSameText { try queueForSearch(row * 2 + 1) }
    }

    func commentID(_ row: RowNumber) throws -> EntityID {
        let statement = statements.commentID
        defer { statement.reset() }
        statement.bind(1, row)
        guard try statement.step() else { throw DamagedRow("comment \(row) has no row") }
        return try statement.entityID(0)
    }

    private func bind(_ comment: CommentRow, to put: HotStatement) {
        put.bind(1, comment.isLive)
        put.bind(2, comment.isHidden)
        put.bind(3, comment.post)
        put.bind(4, comment.parent?.rawValue)
        put.bind(5, comment.creation?.author)
        put.bind(6, comment.creation?.createdAtMs ?? 0).bind(7, comment.score)
        put.bind(8, comment.creation?.stamp)
        put.bind(9, comment.contentStamp)
        put.bind(10, comment.tombstone?.by)
        put.bind(11, comment.tombstone?.stamp)
        put.bind(12, comment.tombstone?.reason)
        put.bind(13, comment.content)
    }

    /// Reads `CommentSQL.columns` that begin at a position.
    func comment(_ id: EntityID, _ row: HotStatement, from first: Int32) throws -> CommentRow {
        var comment = CommentRow(id: id)
        comment.isHidden = row.bool(first + 1)
        comment.post = row.optionalInt(first + 2)
        comment.parent = row.isNull(first + 3) ? nil : try row.entityID(first + 3)
        if let author = row.optionalInt(first + 4) {
            comment.creation = Creation(
                author: author,
                stamp: try core.stamp(row, first + 7),
                createdAtMs: row.int(first + 5)
            )
        }
        comment.score = row.int(first + 6)
        comment.contentStamp = try core.optionalStamp(row, first + 8)
        if let by = row.optionalInt(first + 9) {
            comment.tombstone = Tombstone(
                by: by,
                stamp: try core.stamp(row, first + 10),
                reason: row.optionalText(first + 11)
            )
        }
        comment.content = row.text(first + 12)
        return comment
    }
}
