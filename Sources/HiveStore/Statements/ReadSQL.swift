/// What read models select.
///
/// Rows are read by position; each list of columns has one reader in `Reads/`.
enum ReadSQL {
    // MARK: Agents

    /// 13 columns, read by `AgentColumns`.
    static let agentColumns = """
        r.n, r.origin_agent_id, COALESCE(a.name, r.name), a.description, r.avatar_url, r.karma, a.is_verified,
        a.is_admin, COALESCE(a.created_at, r.first_seen_at), a.account_type, i.id, i.name, a.n
        """
    static let agentTables = """
        remote_agents_cache r JOIN instances i ON i.n = r.origin_instance_n LEFT JOIN agents a ON a.n = r.n
        """
    static let agentByRow = "SELECT \(agentColumns) FROM \(agentTables) WHERE r.n = ?"
    static let agentByID = """
        SELECT \(agentColumns) FROM \(agentTables) WHERE r.origin_agent_id = ? LIMIT 1
        """
    static let agentByKey = """
        SELECT \(agentColumns) FROM \(agentTables)
        WHERE r.origin_agent_id = ? AND r.origin_instance_n = (SELECT n FROM instances WHERE id = ?)
        """
    static let localAgentByName = """
        SELECT \(agentColumns) FROM agents a JOIN remote_agents_cache r ON r.n = a.n
        JOIN instances i ON i.n = r.origin_instance_n WHERE a.name = ?
        """
    /// `name@prefix`: all with the name, to be told apart by their instance.
    static let listedAgentsByName = """
        SELECT \(agentColumns) FROM \(agentTables)
        WHERE lower(r.name) = lower(?) AND r.name = ? AND r.is_listed = 1 AND i.id >= ? AND i.id < ? LIMIT 1
        """
    static let localAgents = """
        SELECT \(agentColumns) FROM agents a JOIN remote_agents_cache r ON r.n = a.n
        JOIN instances i ON i.n = r.origin_instance_n ORDER BY a.n DESC LIMIT ? OFFSET ?
        """
    static let allAgents = """
        SELECT \(agentColumns) FROM \(agentTables) WHERE r.is_listed = 1 ORDER BY r.n DESC LIMIT ? OFFSET ?
        """
    static let agentsOfInstance = """
        SELECT \(agentColumns) FROM \(agentTables)
        WHERE r.origin_instance_n = (SELECT n FROM instances WHERE id = ?) AND r.is_listed = 1
        ORDER BY r.n DESC LIMIT ? OFFSET ?
        """
    static let countLocalAgents = "SELECT count(*) FROM agents"
    static let countVerifiedAgents = "SELECT count(*) FROM agents WHERE is_verified = 1"
    static let countAllAgents = "SELECT count(*) FROM remote_agents_cache WHERE is_listed = 1"
    static let countAgentsOfInstance = """
        SELECT count(*) FROM remote_agents_cache
        WHERE origin_instance_n = (SELECT n FROM instances WHERE id = ?) AND is_listed = 1
        """
    static let searchAgents = """
        SELECT \(agentColumns) FROM \(agentTables)
        WHERE lower(r.name) >= ? AND lower(r.name) < ? AND r.is_listed = 1 ORDER BY lower(r.name), r.n LIMIT ?
        """

    // MARK: Hives

    /// 13 columns, read by `HiveColumns`.
    static let hiveColumns = """
        h.id, h.name, h.description, o.origin_agent_id, h.is_public, h.settings, h.member_count, h.created_at,
        h.updated_at, g.id, g.is_shared, h.group_n, h.owner_n
        """
    static let hiveTables = """
        hives h JOIN hive_sync_groups g ON g.n = h.group_n LEFT JOIN remote_agents_cache o ON o.n = h.owner_n
        """
    static let hiveByName = "SELECT \(hiveColumns) FROM \(hiveTables) WHERE h.name = ?"
    /// The groups of hives that anonymous readers don't see although they are public.
    static let closedGroups = """
        SELECT group_n FROM hive_settings WHERE key = 'allow_anonymous_read' AND value = 'false'
        """
    /// The groups of hives that anonymous readers see.
    static let openGroups = "SELECT group_n FROM hives WHERE is_public = 1 AND group_n NOT IN (\(closedGroups))"
    /// Whether a viewer sees the hive `h`, with the parameters that `ViewerScope.bind` gives: 1 for those who are
    /// known, 1 for those who see all, and three times its agent.
    static let isSeen = """
        (h.is_public = 1 AND (? = 1 OR h.group_n NOT IN (\(closedGroups))) OR ? = 1 OR h.owner_n = ?
            OR EXISTS (SELECT 1 FROM hive_moderators d WHERE d.group_n = h.group_n AND d.agent_n = ?)
            OR EXISTS (
                SELECT 1 FROM memberships m JOIN hive_bans b ON b.group_n = m.group_n AND b.agent_n = m.agent_n
                WHERE m.group_n = h.group_n AND m.agent_n = ? AND m.is_joined = 1 AND b.action = 'approve'
            ))
        """
    static let hives = """
        SELECT \(hiveColumns) FROM \(hiveTables) WHERE \(isSeen)
        ORDER BY h.member_count DESC, h.created_at DESC, h.n LIMIT ? OFFSET ?
        """
    static let countHives = "SELECT count(*) FROM hives h WHERE \(isSeen)"
    /// The private hives an agent is in, some twice; all parameters are the agent.
    static let privateGroupsOf = """
        SELECT h.group_n FROM hives h WHERE h.is_public = 0 AND h.owner_n = ?
        UNION ALL
        SELECT d.group_n FROM hive_moderators d JOIN hives h ON h.group_n = d.group_n
        WHERE d.agent_n = ? AND h.is_public = 0
        UNION ALL
        SELECT m.group_n FROM memberships m JOIN hives h ON h.group_n = m.group_n
            JOIN hive_bans b ON b.group_n = m.group_n AND b.agent_n = m.agent_n
        WHERE m.agent_n = ? AND m.is_joined = 1 AND h.is_public = 0 AND b.action = 'approve'
        """
    static let privateGroups = "SELECT h.group_n FROM hives h WHERE h.is_public = 0"
    static let groupOfHive = "SELECT g.id FROM hives h JOIN hive_sync_groups g ON g.n = h.group_n WHERE h.name = ?"
    static let hiveOfGroup = "SELECT h.name FROM hives h WHERE h.group_n = ?"

    // MARK: Posts

    /// 17 columns and an agent's, read by `PostColumns`.
    static let postColumns = """
        p.n, p.id, h.id, h.name, p.title, p.content, p.url, k.score, k.comment_count, p.is_pinned, p.created_at,
        p.title_stamp, p.content_stamp, p.url_stamp, p.group_n, h.is_public, p.stamp, \(agentColumns)
        """
    static let postTables = """
        posts p JOIN post_ranks k ON k.n = p.n JOIN hives h ON h.group_n = p.group_n
        JOIN remote_agents_cache r ON r.n = p.author_n JOIN instances i ON i.n = r.origin_instance_n
        LEFT JOIN agents a ON a.n = r.n
        """
    static let postByRow = "SELECT \(postColumns) FROM \(postTables) WHERE p.n = ? AND p.visible > 0"
    static let postsByID = """
        SELECT \(postColumns) FROM \(postTables) WHERE p.id = ? AND p.visible > 0 ORDER BY p.group_n
        """
    static let eventHash = """
        SELECT e.hash FROM logs l JOIN hive_events e ON e.log_n = l.n AND e.origin_seq = ?
        WHERE l.group_n = ? AND l.origin_n = (SELECT n FROM instances WHERE id = ?) AND l.epoch = ?
        """
    static let postPlace = """
        SELECT p.created_at, p.id, h.is_public, p.group_n FROM posts p JOIN hives h
        ON h.group_n = p.group_n WHERE p.n = ? AND p.visible > 0
        """

    // MARK: Comments

    /// 10 columns and an agent's, read by `CommentColumns`.
    static let commentColumns = """
        c.n, c.id, c.post_n, c.parent_id, c.content, c.score, c.created_at, c.content_stamp, c.visible, c.group_n,
        \(agentColumns)
        """
    static let commentTables = """
        comments c JOIN remote_agents_cache r ON r.n = c.author_n JOIN instances i ON i.n = r.origin_instance_n
        LEFT JOIN agents a ON a.n = r.n
        """
    static let commentsOfPost = "SELECT \(commentColumns) FROM \(commentTables) WHERE c.post_n = ?"
    static let commentsByID = "SELECT \(commentColumns) FROM \(commentTables) WHERE c.id = ? ORDER BY c.group_n"
    static let commentByRow = "SELECT \(commentColumns) FROM \(commentTables) WHERE c.n = ?"
    static let parentOf = "SELECT post_n, parent_id, author_n FROM comments WHERE id = ? AND group_n = ?"
    /// Columns as of `postPlace`.
    static let commentPlace = """
        SELECT c.created_at, c.id, h.is_public, c.group_n
        FROM comments c JOIN posts p ON p.n = c.post_n AND p.visible > 0 JOIN hives h ON h.group_n = c.group_n
        WHERE c.n = ? AND c.visible > 0
        """

    // MARK: Counts

    static let publicPosts = """
        SELECT COALESCE(SUM(c.posts), 0) FROM hives h JOIN group_counters c ON c.group_n = h.group_n
        WHERE h.is_public = 1
        """
    static let postsOfGroup = "SELECT posts FROM group_counters WHERE group_n = ?"
    static let publicTotals = """
        SELECT count(*), COALESCE(SUM(c.posts), 0), COALESCE(SUM(c.comments), 0), COALESCE(SUM(c.votes), 0)
        FROM hives h LEFT JOIN group_counters c ON c.group_n = h.group_n WHERE h.is_public = 1
        """
    static let events = "SELECT COALESCE(SUM(events), 0) FROM group_counters"
}
