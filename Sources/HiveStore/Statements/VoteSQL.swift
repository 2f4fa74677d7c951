/// `votes`, `content_writes`, `group_karma`.
enum VoteSQL {
    static let insert = """
        INSERT INTO votes (target, voter_n, value, is_hidden, stamp) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (target, voter_n) DO NOTHING
        """
    static let get = "SELECT value, is_hidden, stamp FROM votes WHERE target = ? AND voter_n = ?"
    static let put = """
        INSERT INTO votes (target, voter_n, value, is_hidden, stamp) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (target, voter_n) DO UPDATE
        SET value = excluded.value, is_hidden = excluded.is_hidden, stamp = excluded.stamp
        """
    static let scoreByOthers = """
        SELECT COALESCE(SUM(value), 0) FROM votes WHERE target = ? AND voter_n <> ? AND is_hidden = 0
        """
    static let pseudonyms = "SELECT voter_n FROM vote_pseudonyms WHERE agent_n = ?"
    static let pseudonym = "SELECT voter_n FROM vote_pseudonyms WHERE agent_n = ? AND group_n = ?"
    static let putPseudonym = """
        INSERT INTO vote_pseudonyms (agent_n, group_n, voter_n) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
        """
    static let ofTarget = "SELECT voter_n, value, is_hidden, stamp FROM votes WHERE target = ? ORDER BY voter_n"
    static let clearPosts = "DELETE FROM votes WHERE target IN (SELECT n * 2 FROM posts WHERE group_n = ?)"
    static let clearComments = "DELETE FROM votes WHERE target IN (SELECT n * 2 + 1 FROM comments WHERE group_n = ?)"

    // MARK: Updates and deletions

    static let addWrite = """
        INSERT INTO content_writes (target, stamp, kind, log_n, origin_seq, agent_n, grant_event)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (target, stamp) DO NOTHING
        """
    static let writes = """
        SELECT stamp, kind, log_n, agent_n, grant_event FROM content_writes WHERE target = ? ORDER BY stamp
        """
    /// Targets a moderator wrote to under a grant; the group's number comes first.
    static let granted = """
        SELECT DISTINCT w.target FROM content_writes w JOIN logs l ON l.n = w.log_n AND l.group_n = ?
        WHERE w.agent_n = ? AND w.grant_event IS NOT NULL ORDER BY w.target
        """
    static let clearWrites = "DELETE FROM content_writes WHERE log_n IN (SELECT n FROM logs WHERE group_n = ?)"

    // MARK: Karma

    static let addGroupKarma = """
        INSERT INTO group_karma (agent_n, group_n, karma) VALUES (?, ?, ?)
        ON CONFLICT (agent_n, group_n) DO UPDATE SET karma = karma + excluded.karma
        """
    static let addKarma = "UPDATE remote_agents_cache SET karma = karma + ? WHERE n = ?"
    static let groupKarma = "SELECT karma FROM group_karma WHERE agent_n = ? AND group_n = ?"
    static let takeKarmaBack = """
        UPDATE remote_agents_cache SET karma = karma
            - COALESCE((SELECT k.karma FROM group_karma k WHERE k.agent_n = remote_agents_cache.n AND k.group_n = ?), 0)
        WHERE n IN (SELECT agent_n FROM group_karma WHERE group_n = ?)
        """
    static let clearGroupKarma = "DELETE FROM group_karma WHERE group_n = ?"
}
