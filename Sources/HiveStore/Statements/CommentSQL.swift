/// `comments`, as the fold writes it.
enum CommentSQL {
    /// In the order `SQLiteState` reads and binds.
    static let columns = """
        visible, is_hidden, post_n, parent_id, author_n, created_at, score, stamp, content_stamp, deleted_by_n,
        deleted_stamp, deleted_reason, content
        """
    static let byID = "SELECT n, \(columns) FROM comments WHERE id = ? AND group_n = ?"
    static let insert = """
        INSERT INTO comments (\(columns), id, group_n)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id, group_n) DO NOTHING
        """
    static let put = """
        UPDATE comments SET visible = ?, is_hidden = ?, post_n = ?, parent_id = ?, author_n = ?, created_at = ?,
            score = ?, stamp = ?, content_stamp = ?, deleted_by_n = ?, deleted_stamp = ?, deleted_reason = ?,
            content = ?
        WHERE n = ?
        """
    /// What a replaced row had in search.
    static let shown = "SELECT visible, content FROM comments WHERE n = ?"
    static let id = "SELECT id FROM comments WHERE n = ?"
    static let voteTarget = "SELECT n, author_n, visible FROM comments WHERE id = ? AND group_n = ?"
    static let addScore = "UPDATE comments SET score = score + ? WHERE n = ?"
    static let clear = "DELETE FROM comments WHERE group_n = ?"
    static let page = """
        SELECT n, \(columns), id FROM comments WHERE group_n = ? AND n > ? ORDER BY n LIMIT ?
        """
}
