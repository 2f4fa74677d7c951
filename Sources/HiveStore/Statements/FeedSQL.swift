/// The orders of the feeds, each read in the order of an index of `post_ranks`.
///
/// Each row is (n, created_at, id, score).
enum FeedSQL {
    /// Parameters: group, not after, not before, and the end of the page before as (created_at, id).
    static let hiveNew = """
        SELECT n, created_at, id, score FROM post_ranks
        WHERE group_n = ? AND visible > 0 AND created_at <= ? AND created_at >= ? AND (created_at < ? OR id > ?)
        ORDER BY created_at DESC, id
        """
    /// As `hiveNew`, without group.
    static let allNew = """
        SELECT n, created_at, id, score FROM post_ranks
        WHERE visible = 2 AND created_at <= ? AND created_at >= ? AND (created_at < ? OR id > ?)
        ORDER BY created_at DESC, id
        """
    /// Parameters: group, not before.
    ///
    /// The plus keeps the planner from the other index, which would have to be sorted.
    static let hiveTop = """
        SELECT n, created_at, id, score FROM post_ranks
        WHERE group_n = ? AND visible > 0 AND +created_at >= ? ORDER BY score DESC, created_at DESC, id
        """
    static let allTop = """
        SELECT n, created_at, id, score FROM post_ranks
        WHERE visible = 2 AND +created_at >= ? ORDER BY score DESC, created_at DESC, id
        """
    static let countHiveSince = """
        SELECT count(*) FROM post_ranks WHERE group_n = ? AND visible > 0 AND created_at >= ?
        """
    static let countAllSince = "SELECT count(*) FROM post_ranks WHERE visible = 2 AND created_at >= ?"
}
