/// The orders of the feeds, read from indexes alone.
///
/// Each row is (n, created_at, id, score).
enum FeedSQL {
    /// Parameters: group, not after, not before, and the end of the page before as (created_at, id).
    ///
    /// The score is in another index, which both orders name: the planner would ask the row.
    static let hiveNew = """
        SELECT p.n, p.created_at, p.id, s.score
        FROM posts p CROSS JOIN posts s \(SQLiteDialect.byScoreIndex) ON s.n = p.n AND s.visible > 0
        WHERE p.group_n = ? AND p.visible > 0 AND p.created_at <= ? AND p.created_at >= ?
            AND (p.created_at < ? OR p.id > ?)
        ORDER BY p.created_at DESC, p.id
        """
    /// As `hiveNew`, without group.
    static let allNew = """
        SELECT p.n, p.created_at, p.id, s.score
        FROM posts p CROSS JOIN posts s \(SQLiteDialect.byScoreIndex) ON s.n = p.n AND s.visible > 0
        WHERE p.visible = 2 AND p.created_at <= ? AND p.created_at >= ? AND (p.created_at < ? OR p.id > ?)
        ORDER BY p.created_at DESC, p.id
        """
    /// Parameters: group, not before.
    ///
    /// The plus keeps the planner from the other index, which would have to be sorted.
    static let hiveTop = """
        SELECT n, created_at, id, score FROM posts
        WHERE group_n = ? AND visible > 0 AND +created_at >= ? ORDER BY score DESC, created_at DESC, id
        """
    static let allTop = """
        SELECT n, created_at, id, score FROM posts
        WHERE visible = 2 AND +created_at >= ? ORDER BY score DESC, created_at DESC, id
        """
    static let countHiveSince = "SELECT count(*) FROM posts WHERE group_n = ? AND visible > 0 AND created_at >= ?"
    static let countAllSince = "SELECT count(*) FROM posts WHERE visible = 2 AND created_at >= ?"
}
