/// Recounts of what the fold counts as it goes; each answers how many rows are wrong.
enum CounterSQL {
    struct Check {
        let what: String
        let sql: String
        /// All are the group's number.
        let parameters: Int32
    }

    static let checks = [
        Check(
            what: "scores of posts",
            sql: """
                SELECT count(*) FROM post_ranks r WHERE r.group_n = ?
                AND r.score <>
                    (SELECT COALESCE(SUM(v.value), 0) FROM votes v WHERE v.target = r.n * 2 AND v.is_hidden = 0)
                """,
            parameters: 1
        ),
        Check(
            what: "scores of comments",
            sql: """
                SELECT count(*) FROM comments c WHERE c.group_n = ?
                AND c.score <>
                    (SELECT COALESCE(SUM(v.value), 0) FROM votes v WHERE v.target = c.n * 2 + 1 AND v.is_hidden = 0)
                """,
            parameters: 1
        ),
        Check(
            what: "comment counts",
            sql: """
                SELECT count(*) FROM post_ranks r WHERE r.group_n = ? AND r.comment_count <>
                    (SELECT count(*) FROM comments c WHERE c.post_n = r.n AND c.visible > 0)
                """,
            parameters: 1
        ),
        Check(
            what: "places in feeds",
            sql: """
                SELECT (SELECT count(*) FROM posts p LEFT JOIN post_ranks r ON r.n = p.n WHERE p.group_n = ?
                    AND (r.n IS NULL OR r.group_n <> p.group_n OR r.id <> p.id OR r.visible <> p.visible
                        OR r.created_at <> p.created_at))
                + (SELECT count(*) FROM post_ranks r WHERE r.group_n = ? AND r.n NOT IN (SELECT p.n FROM posts p))
                """,
            parameters: 2
        ),
        Check(
            what: "numbers of posts",
            sql: """
                SELECT count(*) FROM group_counters k WHERE k.group_n = ?
                AND k.posts <> (SELECT count(*) FROM posts p WHERE p.group_n = k.group_n AND p.visible > 0)
                """,
            parameters: 1
        ),
        Check(
            what: "numbers of comments",
            sql: """
                SELECT count(*) FROM group_counters k WHERE k.group_n = ? AND k.comments <>
                    (SELECT count(*) FROM comments c WHERE c.group_n = k.group_n AND c.visible > 0)
                """,
            parameters: 1
        ),
        Check(
            what: "numbers of members",
            sql: """
                SELECT count(*) FROM hives h WHERE h.group_n = ?
                AND h.member_count <> (SELECT count(*) FROM hive_members m WHERE m.group_n = ?)
                """,
            parameters: 2
        ),
        Check(
            what: "numbers of events",
            sql: """
                SELECT count(*) FROM group_counters k WHERE k.group_n = ?
                AND k.events <> (SELECT COALESCE(SUM(l.head), 0) FROM logs l WHERE l.group_n = k.group_n)
                """,
            parameters: 1
        ),
        Check(
            what: "sums of karma",
            sql: """
                SELECT count(*) FROM group_karma g JOIN remote_agents_cache r ON r.n = g.agent_n WHERE g.group_n = ?
                AND r.karma <> (SELECT COALESCE(SUM(k.karma), 0) FROM group_karma k WHERE k.agent_n = r.n)
                """,
            parameters: 1
        ),
        Check(
            what: "karma of agents",
            sql: """
                WITH given (agent_n, points) AS (
                    SELECT t.author_n, SUM(v.value) FROM (
                        SELECT p.n * 2 AS target, p.author_n FROM posts p WHERE p.group_n = ? AND p.visible > 0
                        UNION ALL
                        SELECT c.n * 2 + 1, c.author_n FROM comments c WHERE c.group_n = ? AND c.visible > 0
                    ) t JOIN votes v ON v.target = t.target AND v.voter_n <> t.author_n AND v.is_hidden = 0
                    GROUP BY t.author_n
                )
                SELECT (SELECT count(*) FROM given g WHERE g.points <>
                    COALESCE((SELECT k.karma FROM group_karma k WHERE k.agent_n = g.agent_n AND k.group_n = ?), 0))
                + (SELECT count(*) FROM group_karma k WHERE k.group_n = ? AND k.karma <> 0
                    AND k.agent_n NOT IN (SELECT g.agent_n FROM given g))
                """,
            parameters: 4
        ),
    ]
}
