import GRDB

extension HiveStore {
    /// Makes up to `limit` queued texts searchable, in one transaction.
    ///
    /// For the writer's idle time, every second or two, and every 20,000 events of a backfill. Returns how many queue
    /// entries were taken; 0 = all is searchable.
    @discardableResult
    public func indexPending(limit: Int = 1_000) throws -> Int {
        try withCore { core in
            try core.transaction { try SearchIndex(reader: Reader(db: core.connection)).indexQueued(limit: limit) }
        }
    }

    /// Removes the words of erased texts from the index' files, a bounded number of pages at a time.
    ///
    /// Returns whether there is more to do. For idle time, after `indexPending` has nothing left.
    @discardableResult
    public func scrubSearch() throws -> Bool {
        try withCore { core in
            try core.transaction {
                guard let state = try core.meta(.searchErased) else { return false }
                let index = SearchIndex(reader: Reader(db: core.connection))
                let isDone = try index.scrub(isFirst: state == "1")
                if isDone { try core.removeMeta(.searchErased) } else { try core.putMeta(.searchErased, "2") }
                return !isDone
            }
        }
    }
}

/// Feeds the full-text index from its queue.
///
/// External content without triggers: one statement for many rows is three times as cheap as one for each.
struct SearchIndex {
    let reader: Reader

    func indexQueued(limit: Int) throws -> Int {
        let next = try reader.prepare(SQLiteDialect.queueEnd)
        next.bind(1, Int64(limit))
        guard try next.step(), let end = next.optionalInt(0) else { return 0 }
        let count = Int(next.int(1))
        next.reset()
        for sql in [SQLiteDialect.indexPosts, SQLiteDialect.indexComments, SQLiteDialect.unqueueUpTo] {
            let statement = try reader.prepare(sql)
            statement.bind(1, end)
            try statement.run()
        }
        return count
    }

    /// One step of merging all segments into one; true when there is nothing left to merge.
    func scrub(isFirst: Bool) throws -> Bool {
        let before = reader.db.totalChangesCount
        for sql in isFirst ? SQLiteDialect.startScrub : SQLiteDialect.continueScrub {
            try reader.prepare(sql).run()
        }
        // The command itself counts as one change of each table; more means that pages were written.
        return !isFirst && reader.db.totalChangesCount - before < 4
    }
}
