/// The search index as the fold leaves it: new texts are queued, old ones are taken out at once.
///
/// A live row is either in `fts_queue` or indexed, never both. FTS5's `delete` needs the text that was indexed, so it
/// runs before the row changes, and never for a row that still waits.
extension SQLiteState {
    func queueForSearch(_ target: Int64) throws {
        statements.queue.bind(1, target)
        try statements.queue.run()
    }

    /// True where the row was waiting and is no more.
    private func unqueue(_ target: Int64) throws -> Bool {
        statements.unqueue.bind(1, target)
        return try statements.unqueue.runCountingChanges() > 0
    }

    func removeFromSearch(post row: Int64, title: Int32, content: Int32, of shown: HotStatement) throws {
        guard try !unqueue(row * 2) else { return }
        let remove = statements.unindexPost
        remove.bind(1, row).bind(2, shown.text(title))
        remove.bind(3, shown.optionalText(content))
        try remove.run()
        core.pending.hasErased = true
    }

    func removeFromSearch(comment row: Int64, content: Int32, of shown: HotStatement) throws {
        guard try !unqueue(row * 2 + 1) else { return }
        statements.unindexComment.bind(1, row).bind(2, shown.text(content))
        try statements.unindexComment.run()
        core.pending.hasErased = true
    }

    /// Takes every row of the group out of queue and index, before the rows go.
    func clearSearch() throws {
        for sql in [
            SQLiteDialect.unindexPostsOfGroup, SQLiteDialect.unindexCommentsOfGroup, SQLiteDialect.unqueuePostsOfGroup,
            SQLiteDialect.unqueueCommentsOfGroup,
        ] {
            try runForGroup(sql)
        }
        core.pending.hasErased = true
    }
}
