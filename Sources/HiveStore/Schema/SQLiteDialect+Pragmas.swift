extension SQLiteDialect {
    /// Pages of the write-ahead log after which a commit moves them into the database file.
    static let checkpointPages = 4_000
    /// The same while a backfill runs: pages written many times are then moved once.
    static let checkpointPagesWhileBackfilling = 16_000

    /// For every connection, before anything else.
    static let connectionPragmas = [
        "PRAGMA temp_store = MEMORY",
        "PRAGMA trusted_schema = OFF",
    ]

    /// `secure_delete` so that erased content leaves no bytes in free pages; FULL because acknowledged means durable.
    static let writerPragmas = [
        "PRAGMA synchronous = FULL",
        "PRAGMA cache_size = -16384",
        "PRAGMA secure_delete = ON",
        "PRAGMA wal_autocheckpoint = \(checkpointPages)",
    ]

    static let readerPragmas = [
        "PRAGMA cache_size = -8192"
    ]

    static func checkpointAfter(pages: Int) -> String { "PRAGMA wal_autocheckpoint = \(pages)" }

    static func busyTimeout(ms: Int) -> String { "PRAGMA busy_timeout = \(ms)" }

    static let truncateLog = "PRAGMA wal_checkpoint(TRUNCATE)"

    /// Tables of our own, without those that back the search index.
    static let tableNames = """
        SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\'
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'grdb\\_%' ESCAPE '\\'
            AND name NOT LIKE '%\\_fts' ESCAPE '\\' ORDER BY name
        """

    static let integrityCheck = "PRAGMA integrity_check(20)"
    static let quickCheck = "PRAGMA quick_check(20)"

    // MARK: Search

    /// Hives are few: all are looked at.
    static let searchHives = """
        SELECT \(ReadSQL.hiveColumns) FROM \(ReadSQL.hiveTables)
        WHERE \(ReadSQL.isSeen)
            AND (instr(lower(h.name), ?) > 0 OR instr(lower(COALESCE(h.description, '')), ?) > 0)
        ORDER BY instr(lower(h.name), ?) = 0, h.member_count DESC, h.name LIMIT ?
        """
    /// Hits, newest row first, with their rank (smaller is better).
    static let findPosts = """
        SELECT rowid, bm25(posts_fts) FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid DESC
        """
    static let findComments = """
        SELECT rowid, bm25(comments_fts) FROM comments_fts WHERE comments_fts MATCH ? ORDER BY rowid DESC
        """

    // MARK: Search index

    /// The last of the next `?` queued rows.
    static let queueEnd = "SELECT max(target), count(*) FROM (SELECT target FROM fts_queue ORDER BY target LIMIT ?)"
    static let unqueueUpTo = "DELETE FROM fts_queue WHERE target <= ?"

    static let indexPosts = """
        INSERT INTO posts_fts (rowid, title, content)
        SELECT p.n, p.title, p.content FROM fts_queue q JOIN posts_text p ON p.n = q.target / 2
        WHERE q.target <= ? AND q.target % 2 = 0
        """
    static let indexComments = """
        INSERT INTO comments_fts (rowid, content)
        SELECT c.n, c.content FROM fts_queue q JOIN comments_text c ON c.n = q.target / 2
        WHERE q.target <= ? AND q.target % 2 = 1
        """
    /// Needs the text as it was indexed.
    static let unindexPost = "INSERT INTO posts_fts (posts_fts, rowid, title, content) VALUES ('delete', ?, ?, ?)"
    static let unindexComment = "INSERT INTO comments_fts (comments_fts, rowid, content) VALUES ('delete', ?, ?)"

    static let unindexPostsOfGroup = """
        INSERT INTO posts_fts (posts_fts, rowid, title, content)
        SELECT 'delete', t.n, t.title, t.content FROM posts p JOIN posts_text t ON t.n = p.n
        WHERE p.group_n = ? AND NOT EXISTS (SELECT 1 FROM fts_queue q WHERE q.target = p.n * 2)
        """
    static let unindexCommentsOfGroup = """
        INSERT INTO comments_fts (comments_fts, rowid, content)
        SELECT 'delete', t.n, t.content FROM comments c JOIN comments_text t ON t.n = c.n
        WHERE c.group_n = ? AND NOT EXISTS (SELECT 1 FROM fts_queue q WHERE q.target = c.n * 2 + 1)
        """
    static let unqueuePostsOfGroup = """
        DELETE FROM fts_queue WHERE target IN (SELECT n * 2 FROM posts WHERE group_n = ?)
        """
    static let unqueueCommentsOfGroup = """
        DELETE FROM fts_queue WHERE target IN (SELECT n * 2 + 1 FROM comments WHERE group_n = ?)
        """

    /// Rewrites all segments into one, a number of pages at a time, so that words of erased texts leave the file.
    static let startScrub = [
        "INSERT INTO posts_fts (posts_fts, rank) VALUES ('merge', -64)",
        "INSERT INTO comments_fts (comments_fts, rank) VALUES ('merge', -64)",
    ]
    static let continueScrub = [
        "INSERT INTO posts_fts (posts_fts, rank) VALUES ('merge', 512)",
        "INSERT INTO comments_fts (comments_fts, rank) VALUES ('merge', 512)",
    ]
    /// Throws SQLITE_CORRUPT_VTAB where index and rows differ.
    static let checkIndex = [
        "INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)",
        "INSERT INTO comments_fts (comments_fts, rank) VALUES ('integrity-check', 1)",
    ]

    /// SQLite's own limit.
    static let pagesMax: Int64 = 4_294_967_294

    static func pageLimit(_ pages: Int64) -> String { "PRAGMA max_page_count = \(pages)" }
}
