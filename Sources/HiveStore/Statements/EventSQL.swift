/// `hive_events`, `logs`, `event_types`, `changes`.
enum EventSQL {
    static let insert = """
        INSERT INTO hive_events (seq, log_n, origin_seq, event_type, verified, origin_ts, origin_lc, at_ts, at_lc,
            extra, prev, hash, payload_hash, refs, payload, signature)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// In the order `EventColumns` reads.
    static let columns = """
        seq, log_n, origin_seq, event_type, verified, origin_ts, origin_lc, at_ts, at_lc, extra,
        prev, hash, payload_hash, refs, payload, signature
        """
    /// As `columns`, of a table by another name.
    static func columns(of table: String) -> String { columns(columns, of: table) }

    /// A list of columns, each named as one of a table.
    static func columns(_ columns: String, of table: String) -> String {
        columns.split(whereSeparator: { ", \n".contains($0) }).map { "\(table).\($0)" }.joined(separator: ", ")
    }

    static let atPlace = "SELECT \(columns) FROM hive_events WHERE log_n = ? AND origin_seq = ?"
    static let run = """
        SELECT \(columns) FROM hive_events WHERE log_n = ? AND origin_seq >= ? ORDER BY origin_seq LIMIT ?
        """
    static let hashAt = "SELECT hash FROM hive_events WHERE log_n = ? AND origin_seq = ?"
    static let atArrival = "SELECT \(columns) FROM hive_events WHERE seq = ?"
    /// Arrival numbers of a log from a place on; reads the index only.
    static let arrivals = """
        SELECT seq FROM hive_events WHERE log_n = ? AND origin_seq >= ? ORDER BY origin_seq LIMIT ?
        """
    static let lastArrival = "SELECT max(seq) FROM hive_events"

    // MARK: Logs

    static let logs = """
        SELECT n, origin_n, epoch, head, head_hash, signing_key FROM logs WHERE group_n = ?
        """
    static let insertLog = "INSERT INTO logs (group_n, origin_n, epoch) VALUES (?, ?, ?)"
    static let updateLog = "UPDATE logs SET head = ?, head_hash = ?, signing_key = ? WHERE n = ?"

    static let types = "SELECT n, name FROM event_types"
    static let insertType = "INSERT INTO event_types (n, name) VALUES (?, ?)"

    // MARK: Changes

    static let insertChange = "INSERT INTO changes (change_seq, group_n, kind, row_n) VALUES (?, ?, ?, ?)"
    static let lastChange = "SELECT max(change_seq) FROM changes"
    static let firstChange = "SELECT min(change_seq) FROM changes"
    static let changesAfter = """
        SELECT change_seq, group_n, kind, row_n FROM changes WHERE change_seq > ? ORDER BY change_seq LIMIT ?
        """
    static let pruneChanges = "DELETE FROM changes WHERE change_seq <= ?"

    // MARK: Meta

    static let meta = "SELECT value FROM meta WHERE key = ?"
    static let removeMeta = "DELETE FROM meta WHERE key = ?"
    static let putMeta = """
        INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
}
