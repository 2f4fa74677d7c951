import GRDB
import GRDBSQLite
import HiveModel

/// A prepared statement, used directly through SQLite's C interface: the fold runs four of them an event, and a wrapper
/// that looks each up by its text costs a third of its time.
///
/// Not thread-safe: belongs to the connection it was prepared on and is used where that is. Bound values are copied
/// once, into memory of the statement, and live until `reset`.
final class HotStatement {
    let sql: String
    let raw: OpaquePointer
    private let connection: OpaquePointer?
    private let isOwned: Bool
    private var buffer: BindBuffer

    /// Prepares `sql` for many uses on a connection that outlives the statement.
    init(_ sql: String, on connection: OpaquePointer) throws {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw SQLiteFault(connection: connection, code: code, sql: sql)
        }
        self.sql = sql
        self.raw = statement
        self.connection = connection
        self.isOwned = true
        self.buffer = BindBuffer(capacity: 512)
    }

    /// Uses a statement of GRDB's cache for one query.
    ///
    /// - Parameter sql: its text as it was asked for. GRDB's own `sql` trims it anew each time, through Foundation,
    ///   which takes longer than running most statements.
    init(borrowing statement: Statement, sql: String) {
        self.sql = sql
        self.raw = statement.sqliteStatement
        self.connection = sqlite3_db_handle(statement.sqliteStatement)
        self.isOwned = false
        self.buffer = BindBuffer(capacity: 128)
        sqlite3_reset(raw)
    }

    deinit {
        if isOwned {
            sqlite3_finalize(raw)
        } else {
            sqlite3_reset(raw)
            sqlite3_clear_bindings(raw)
        }
        buffer.deallocate()
    }

    // MARK: Running

    /// Goes to the next row; false at the end, where the statement is reset.
    func step() throws -> Bool {
        let code = sqlite3_step(raw)
        if code == SQLITE_ROW { return true }
        if code != SQLITE_DONE {
            let fault = SQLiteFault(connection: connection, code: code, sql: sql)
            reset()
            throw fault
        }
        reset()
        return false
    }

    /// Runs a statement that returns no rows.
    func run() throws {
        while try step() {}
    }

    /// Runs a statement that changes rows and says how many.
    func runCountingChanges() throws -> Int {
        try run()
        return Int(sqlite3_changes(connection))
    }

    /// Runs an insert; nil where a conflict clause made it do nothing.
    ///
    /// The number of the row otherwise.
    func insert() throws -> Int64? {
        try run()
        return sqlite3_changes(connection) == 0 ? nil : sqlite3_last_insert_rowid(connection)
    }

    /// Lets go of the row and of what was bound.
    func reset() {
        sqlite3_reset(raw)
        buffer.clear()
    }

    // MARK: Binding

    @discardableResult
    func bind(_ index: Int32, _ value: Int64) -> HotStatement {
        sqlite3_bind_int64(raw, index, value)
        return self
    }

    func bind(_ index: Int32, _ value: Int64?) {
        guard let value else { return bindNull(index) }
        sqlite3_bind_int64(raw, index, value)
    }

    func bind(_ index: Int32, _ value: Bool) {
        sqlite3_bind_int64(raw, index, value ? 1 : 0)
    }

    func bindNull(_ index: Int32) {
        sqlite3_bind_null(raw, index)
    }

    @discardableResult
    func bind(_ index: Int32, _ text: String) -> HotStatement {
        var text = text
        text.withUTF8 { bytes in
            let place = copy(UnsafeRawBufferPointer(bytes))
            sqlite3_bind_text(raw, index, place.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil)
        }
        return self
    }

    func bind(_ index: Int32, _ text: String?) {
        guard let text else { return bindNull(index) }
        bind(index, text)
    }

    /// UTF-8 as text.
    func bind(_ index: Int32, utf8 bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            let place = copy(bytes)
            sqlite3_bind_text(raw, index, place.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil)
        }
    }

    @discardableResult
    func bind(_ index: Int32, blob bytes: [UInt8]) -> HotStatement {
        bytes.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(raw, index, copy(bytes), Int32(bytes.count), nil)
        }
        return self
    }

    func bind(_ index: Int32, _ hash: Hash256?) {
        guard let hash else { return bindNull(index) }
        let place = buffer.reserve(Hash256.byteCount)
        place.storeBytes(of: hash.word0.bigEndian, toByteOffset: 0, as: UInt64.self)
        place.storeBytes(of: hash.word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        place.storeBytes(of: hash.word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        place.storeBytes(of: hash.word3.bigEndian, toByteOffset: 24, as: UInt64.self)
        sqlite3_bind_blob(raw, index, place, Int32(Hash256.byteCount), nil)
    }

    func bind(_ index: Int32, _ stamp: Stamp?) {
        guard let stamp else { return bindNull(index) }
        let place = buffer.reserve(StampCode.byteCount)
        StampCode.write(stamp, to: place)
        sqlite3_bind_blob(raw, index, place, Int32(StampCode.byteCount), nil)
    }

    private func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer {
        let place = buffer.reserve(bytes.count)
        if let base = bytes.baseAddress { place.copyMemory(from: base, byteCount: bytes.count) }
        return place
    }
}
