import GRDB
import HivePorts

/// One connection on one snapshot: a reader's, or the writer's inside its transaction.
///
/// Statements come from the connection's cache.
///
/// Two statements of the same text MUST NOT be used at the same time.
struct Reader {
    let db: Database

    /// The cached statement with this text, ready to be bound.
    func prepare(_ sql: String) throws -> HotStatement {
        HotStatement(borrowing: try db.cachedStatement(sql: sql), sql: sql)
    }

    /// The first column of the first row as a number.
    func int(_ sql: String, _ bind: (HotStatement) -> Void = { _ in }) throws -> Int64? {
        let statement = try prepare(sql)
        bind(statement)
        return try statement.step() ? statement.optionalInt(0) : nil
    }
}

extension Reader {
    /// As `prepare`, for statements that several parts of one read may step through at the same time.
    func prepareAlone(_ sql: String) throws -> HotStatement {
        guard let connection = db.sqliteConnection else { throw HiveError(.unavailable, "The database is closed.") }
        return try HotStatement(sql, on: connection)
    }
}
