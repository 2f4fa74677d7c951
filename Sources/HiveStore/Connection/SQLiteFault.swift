import GRDB
import GRDBSQLite
import HivePorts
import HiveSync

/// What SQLite answered to a statement of the fold.
struct SQLiteFault: Error, CustomStringConvertible {
    /// The extended result code; its low byte is the primary one.
    let code: Int32
    let message: String
    let sql: String

    init(connection: OpaquePointer?, code: Int32, sql: String) {
        self.code = connection.map { sqlite3_extended_errcode($0) } ?? code
        self.message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "SQLite error \(code)"
        self.sql = sql
    }

    var description: String { "SQLite error \(code): \(message), in: \(sql)" }
}

/// A row holds what no code of ours writes.
struct DamagedRow: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The one place where faults of database and disk become errors that shells understand.
enum FaultMapping {
    /// What goes out of the store: `HiveError`s and errors of the caller as they are, faults of the disk as
    /// `.unavailable`, faults of this program as `.internalFault`.
    static func outward(_ error: any Error) -> any Error {
        switch error {
        case let fault as SQLiteFault where fault.code & 0xff == SQLITE_INTERRUPT:
            // GRDB interrupts a read whose task was cancelled.
            CancellationError()
        case let fault as SQLiteFault:
            hiveError(code: fault.code, detail: fault.description)
        case let fault as DatabaseError:
            hiveError(code: fault.extendedResultCode.rawValue, detail: fault.description)
        case let fault as EventFault: outward(fault.cause)
        case let damage as DamagedRow:
            HiveError(.internalFault, "A row of the database can't be read: \(damage.description).")
        default:
            error
        }
    }

    private static func hiveError(code: Int32, detail: String) -> HiveError {
        switch code & 0xff {
        case SQLITE_FULL:
            HiveError(.unavailable, "The disk is full: nothing was written. Free some space and try again.")
        case SQLITE_IOERR:
            HiveError(.unavailable, "The disk reported an error and nothing was written (\(detail)).")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            HiveError(.unavailable, "The database can't be written: check the rights of the data directory.")
        case SQLITE_CANTOPEN:
            HiveError(.unavailable, "The database can't be opened: check that its directory exists and is writable.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            HiveError(.unavailable, "Another program holds the database. Stop it and try again.")
        case SQLITE_NOMEM:
            HiveError(.unavailable, "There is not enough memory for this write; nothing was written.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            HiveError(.unavailable, "The database file is damaged (\(detail)). Restore a backup or sync anew.")
        default:
            HiveError(.internalFault, "The database refused a statement of this program (\(detail)).")
        }
    }
}
