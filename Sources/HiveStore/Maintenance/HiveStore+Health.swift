import GRDB

/// What `openhive db stats` and `doctor` ask the database.
public struct DatabaseStats: Sendable, Hashable {
    public struct Table: Sendable, Hashable {
        public var name: String
        public var rows: Int64
    }

    /// Bytes of the database file's pages, free ones included.
    public var fileBytes: Int64
    public var freeBytes: Int64
    /// By name.
    public var tables: [Table]
    /// Applied migrations, oldest first.
    public var migrations: [String]
    public var sqliteVersion: String
    /// Texts that wait to be searchable.
    public var unindexed: Int64
    public var incarnation: String
}

extension HiveStore {
    /// Row counts and sizes; reads whole tables.
    public func stats() async throws -> DatabaseStats {
        try await read { [incarnation] reader in
            let pageSize = try reader.int("PRAGMA page_size") ?? 0
            let names = try String.fetchAll(reader.db, sql: SQLiteDialect.tableNames)
            let tables = try names.map { name in
                DatabaseStats.Table(name: name, rows: try reader.int("SELECT count(*) FROM \"\(name)\"") ?? 0)
            }
            return DatabaseStats(
                fileBytes: pageSize * (try reader.int("PRAGMA page_count") ?? 0),
                freeBytes: pageSize * (try reader.int("PRAGMA freelist_count") ?? 0),
                tables: tables,
                migrations: try Migrations.migrator.appliedMigrations(reader.db),
                sqliteVersion: try String.fetchOne(reader.db, sql: "SELECT sqlite_version()") ?? "",
                unindexed: try reader.int("SELECT count(*) FROM fts_queue") ?? 0,
                incarnation: incarnation
            )
        }
    }

    /// Sentences that name what is wrong with the file or the search index; empty where nothing is.
    ///
    /// Reads everything and holds the writer meanwhile.
    public func integrity() throws -> [String] {
        try withCore { core in
            let found = try String.fetchAll(core.connection, sql: SQLiteDialect.integrityCheck)
            var faults = found == ["ok"] ? [] : found
            guard try Int64.fetchOne(core.connection, sql: "SELECT count(*) FROM fts_queue") == 0 else { return faults }
            for sql in SQLiteDialect.checkIndex {
                do {
                    try core.connection.execute(sql: sql)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    faults.append("The search index does not match its rows (\(sql)).")
                }
            }
            return faults
        }
    }

    /// Moves everything from the write-ahead log into the database file and empties it.
    ///
    /// Does not wait for readers of older snapshots: what they need stays for the next time.
    public func checkpoint() throws {
        try withCore { try emptyLog($0) }
    }

    private func emptyLog(_ core: WriterCore) throws {
        func waitForOthers(_ ms: Int) throws {
            _ = try Row.fetchAll(core.connection, sql: SQLiteDialect.busyTimeout(ms: ms))
        }
        try waitForOthers(0)
        defer { try? waitForOthers(options.busyTimeoutMs) }
        _ = try Row.fetchAll(core.connection, sql: SQLiteDialect.truncateLog)
    }

    /// While a backfill runs the write-ahead log may grow larger, so that pages written often are moved once.
    public func setBackfilling(_ isBackfilling: Bool) throws {
        try withCore { core in
            let pages =
                isBackfilling ? SQLiteDialect.checkpointPagesWhileBackfilling : SQLiteDialect.checkpointPages
            _ = try Row.fetchAll(core.connection, sql: SQLiteDialect.checkpointAfter(pages: pages))
            if !isBackfilling { try emptyLog(core) }
        }
    }
}
