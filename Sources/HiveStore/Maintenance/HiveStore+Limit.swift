import GRDB

extension HiveStore {
    /// Lets the database file grow to so many pages of 4 KiB and no further.
    ///
    /// What would need more throws `HiveError(.unavailable)`, as on a full disk. Nil lifts the limit.
    public func limitPages(_ pages: Int64?) throws {
        try withCore { core in
            _ = try Row.fetchAll(core.connection, sql: SQLiteDialect.pageLimit(pages ?? SQLiteDialect.pagesMax))
        }
    }
}
