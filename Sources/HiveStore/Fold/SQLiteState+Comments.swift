public import HiveModel
public import HiveSync

extension SQLiteState {
    public func comment(_ id: EntityID) throws -> (row: RowNumber, comment: CommentRow)? {
        let row = statements.commentByID
        defer { row.reset() }
        row.bind(1, id.rawValue).bind(2, number)
        guard try row.step() else { return nil }
        return (row.int(0), try comment(id, row, from: 1))
    }

    public func insertComment(_ comment: CommentRow) throws -> RowNumber? {
        let insert = statements.insertComment
        bind(comment, to: insert)
        insert.bind(12, comment.id.rawValue).bind(13, number)
        guard let row = try insert.insert() else { return nil }
        if comment.isLive {
            memory.counters.comments += 1
            try queueForSearch(row * 2 + 1)
        }
        return row
    }

    public func putComment(_ comment: CommentRow, at row: RowNumber) throws {
        let shown = statements.shownComment
        shown.bind(1, row)
        defer { shown.reset() }
        guard try shown.step() else { throw DamagedRow("comment \(row) has no row") }
        let wasLive = !shown.isNull(0) && shown.isNull(1)
        let isSameText = wasLive && comment.isLive && shown.holds(comment.content, at: 2)
        if wasLive, !isSameText { try removeFromSearch(comment: row, content: 2, of: shown) }
        bind(comment, to: statements.putComment)
        statements.putComment.bind(12, row)
        try statements.putComment.run()
        memory.counters.comments += (comment.isLive ? 1 : 0) - (wasLive ? 1 : 0)
        if comment.isLive, !isSameText { try queueForSearch(row * 2 + 1) }
    }

    private func bind(_ comment: CommentRow, to put: HotStatement) {
        put.bind(1, comment.post)
        put.bind(2, comment.parent?.rawValue)
        put.bind(3, comment.creation?.author)
        put.bind(4, comment.creation?.createdAtMs ?? 0).bind(5, comment.score)
        put.bind(6, comment.creation?.stamp)
        put.bind(7, comment.contentStamp)
        put.bind(8, comment.tombstone?.by)
        put.bind(9, comment.tombstone?.stamp)
        put.bind(10, comment.tombstone?.reason)
        put.bind(11, comment.content)
    }

    /// Reads `CommentSQL.columns` that begin at a position.
    func comment(_ id: EntityID, _ row: HotStatement, from first: Int32) throws -> CommentRow {
        var comment = CommentRow(id: id)
        comment.post = row.optionalInt(first)
        comment.parent = row.isNull(first + 1) ? nil : try row.entityID(first + 1)
        if let author = row.optionalInt(first + 2) {
            comment.creation = Creation(
                author: author,
                stamp: try core.stamp(row, first + 5),
                createdAtMs: row.int(first + 3)
            )
        }
        comment.score = row.int(first + 4)
        comment.contentStamp = try core.optionalStamp(row, first + 6)
        if let by = row.optionalInt(first + 7) {
            comment.tombstone = Tombstone(
                by: by,
                stamp: try core.stamp(row, first + 8),
                reason: row.optionalText(first + 9)
            )
        }
        comment.content = row.text(first + 10)
        return comment
    }
}
