import GRDB

/// SQLite's own check of a database file, without comparing indexes with their tables.
public enum QuickCheck {
    /// Sentences that name what is wrong with the file, at most 20; empty where nothing is.
    ///
    /// Reads the whole file over a connection of its own that can't write, beside whoever uses the file; blocks its
    /// thread.
    public static func faults(path: String) throws -> [String] {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.label = "check"
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            let found = try queue.read { try String.fetchAll($0, sql: SQLiteDialect.quickCheck) }
            return found == ["ok"] ? [] : found
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return [error.message ?? "The file is no database."]
        } catch {
            throw FaultMapping.outward(error)
        }
    }
}
