/// `posts` and `post_ranks`, as the fold writes them.
enum PostSQL {
    /// In the order `SQLiteState` reads and binds.
    static let columns = """
        visible, is_hidden, author_n, created_at, is_pinned, stamp, title_stamp, content_stamp, url_stamp, pin_stamp,
        deleted_by_n, deleted_stamp, deleted_reason, title, url, content
        """
    /// Number, `columns`, score and count of comments.
    private static let row = "p.n, \(EventSQL.columns(columns, of: "p")), r.score, r.comment_count"
    static let byID = """
        SELECT \(row) FROM posts p JOIN post_ranks r ON r.n = p.n WHERE p.id = ? AND p.group_n = ?
        """
    static let insert = """
        INSERT INTO posts (\(columns), id, group_n)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id, group_n) DO NOTHING
        """
    static let put = """
        UPDATE posts SET visible = ?, is_hidden = ?, author_n = ?, created_at = ?, is_pinned = ?, stamp = ?,
            title_stamp = ?, content_stamp = ?, url_stamp = ?, pin_stamp = ?, deleted_by_n = ?, deleted_stamp = ?,
            deleted_reason = ?, title = ?, url = ?, content = ?
        WHERE n = ?
        """
    static let insertRank = """
        INSERT INTO post_ranks (visible, score, comment_count, created_at, n, id, group_n) VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    static let putRank = "UPDATE post_ranks SET visible = ?, score = ?, comment_count = ?, created_at = ? WHERE n = ?"
    static let id = "SELECT id FROM posts WHERE n = ?"
    /// What a replaced row had in feeds and search.
    static let shown = "SELECT visible, title, content FROM posts WHERE n = ?"
    static let voteTarget = "SELECT n, author_n, visible FROM posts WHERE id = ? AND group_n = ?"
    static let addCounts = "UPDATE post_ranks SET score = score + ?, comment_count = comment_count + ? WHERE n = ?"
    /// Apart from `addCounts`, which moves the post in the feeds by score even where that stays the same.
    static let addCommentCount = "UPDATE post_ranks SET comment_count = comment_count + ? WHERE n = ?"
    static let clear = "DELETE FROM posts WHERE group_n = ?"
    static let clearRanks = "DELETE FROM post_ranks WHERE n IN (SELECT n FROM posts WHERE group_n = ?)"
    /// A page for walking all rows of a group: by its own number, so that the walk may be interrupted.
    static let page = """
        SELECT \(row), p.id FROM posts p JOIN post_ranks r ON r.n = p.n
        WHERE p.group_n = ? AND p.n > ? ORDER BY p.n LIMIT ?
        """
    static let setVisibility = """
        UPDATE posts SET visible = ? WHERE n IN (SELECT r.n FROM post_ranks r WHERE r.group_n = ? AND r.visible > 0)
        """
    static let setRankVisibility = "UPDATE post_ranks SET visible = ? WHERE group_n = ? AND visible > 0"
    static let stillQueued = "DELETE FROM fts_queue WHERE target = ?"
    static let queue = "INSERT INTO fts_queue (target) VALUES (?) ON CONFLICT (target) DO NOTHING"
}
