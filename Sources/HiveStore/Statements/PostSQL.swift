/// `posts`, as the fold writes it.
enum PostSQL {
    /// In the order `SQLiteState` reads and binds.
    static let columns = """
        visible, is_hidden, author_n, created_at, score, comment_count, is_pinned, stamp, title_stamp, content_stamp,
        url_stamp, pin_stamp, deleted_by_n, deleted_stamp, deleted_reason, title, url, content
        """
    static let byID = "SELECT n, \(columns) FROM posts WHERE id = ? AND group_n = ?"
    static let insert = """
        INSERT INTO posts (\(columns), id, group_n)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id, group_n) DO NOTHING
        """
    static let put = """
        UPDATE posts SET visible = ?, is_hidden = ?, author_n = ?, created_at = ?, score = ?, comment_count = ?,
            is_pinned = ?, stamp = ?, title_stamp = ?, content_stamp = ?, url_stamp = ?, pin_stamp = ?,
            deleted_by_n = ?, deleted_stamp = ?, deleted_reason = ?, title = ?, url = ?, content = ?
        WHERE n = ?
        """
    static let id = "SELECT id FROM posts WHERE n = ?"
    /// What a replaced row had in feeds and search.
    static let shown = "SELECT visible, title, content FROM posts WHERE n = ?"
    static let voteTarget = "SELECT n, author_n, visible FROM posts WHERE id = ? AND group_n = ?"
    static let addScore = "UPDATE posts SET score = score + ? WHERE n = ?"
    static let addCommentCount = "UPDATE posts SET comment_count = comment_count + ? WHERE n = ?"
    static let clear = "DELETE FROM posts WHERE group_n = ?"
    /// A page for walking all rows of a group: by its own number, so that the walk may be interrupted.
    static let page = """
        SELECT n, \(columns), id FROM posts WHERE group_n = ? AND n > ? ORDER BY n LIMIT ?
        """
    static let setVisibility = "UPDATE posts SET visible = ? WHERE group_n = ? AND visible > 0"
    static let stillQueued = "DELETE FROM fts_queue WHERE target = ?"
    static let queue = "INSERT INTO fts_queue (target) VALUES (?) ON CONFLICT (target) DO NOTHING"
}
