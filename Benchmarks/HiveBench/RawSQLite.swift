import Foundation
import GRDBSQLite

/// The yardstick of storage figures: copies the tables that events are materialised in, row by row, through SQLite's C
/// interface into a fresh file with the same tables, indexes and pragmas, in transactions of 1,000 rows.
struct RawSQLite {
    struct Failure: Error {
        var message: String
    }

    static let tables = ["hive_events", "posts", "post_ranks", "comments", "votes"]

    /// Rows and seconds of copying `source`'s tables into a new file at `target`.
    static func copy(source: String, target: String) throws -> (rows: Int, seconds: Double) {
        let input = try Connection(path: source)
        let output = try Connection(path: target)
        for pragma in ["journal_mode=WAL", "synchronous=FULL", "cache_size=-16384", "wal_autocheckpoint=16000"] {
            try output.run("PRAGMA \(pragma)")
        }
        for table in tables {
            for sql in try input.schema(of: table) { try output.run(sql) }
        }
        var rows = 0
        let start = ContinuousClock.now
        for table in tables { rows += try copy(table: table, from: input, to: output) }
        let elapsed = start.duration(to: .now)
        return (rows, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
    }

    private static func copy(table: String, from input: Connection, to output: Connection) throws -> Int {
        let select = try input.prepare("SELECT * FROM \(table)")
        defer { sqlite3_finalize(select) }
        let columns = sqlite3_column_count(select)
        let marks = Array(repeating: "?", count: Int(columns)).joined(separator: ",")
        let insert = try output.prepare("INSERT INTO \(table) VALUES (\(marks))")
        defer { sqlite3_finalize(insert) }
        var rows = 0
        try output.run("BEGIN")
        while sqlite3_step(select) == SQLITE_ROW {
            for column in 0..<columns {
                sqlite3_bind_value(insert, column + 1, sqlite3_column_value(select, column))
            }
            guard sqlite3_step(insert) == SQLITE_DONE else { throw output.failure() }
            sqlite3_reset(insert)
            rows += 1
            if rows % 1_000 == 0 {
                try output.run("COMMIT")
                try output.run("BEGIN")
            }
        }
        try output.run("COMMIT")
        return rows
    }

    private final class Connection {
        private var handle: OpaquePointer?

        init(path: String) throws {
            guard sqlite3_open(path, &handle) == SQLITE_OK else { throw failure() }
        }

        deinit { sqlite3_close(handle) }

        func failure() -> Failure { Failure(message: String(cString: sqlite3_errmsg(handle))) }

        func run(_ sql: String) throws {
            guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
        }

        func prepare(_ sql: String) throws -> OpaquePointer? {
            var statement: OpaquePointer?
            guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure() }
            return statement
        }

        func schema(of table: String) throws -> [String] {
            let select = try prepare(
                "SELECT sql FROM sqlite_master WHERE tbl_name='\(table)' AND sql IS NOT NULL AND type IN ('table','index')"
                    + " ORDER BY type DESC"
            )
            defer { sqlite3_finalize(select) }
            var found: [String] = []
            while sqlite3_step(select) == SQLITE_ROW { found.append(String(cString: sqlite3_column_text(select, 0))) }
            return found
        }
    }
}
