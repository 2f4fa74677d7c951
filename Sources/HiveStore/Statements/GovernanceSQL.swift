/// Who is in a hive and what was done there, as read models select it.
enum GovernanceSQL {
    // MARK: People

    /// An agent's columns, role, join stamp, and the hive's making where its founder still owns it.
    static let members = """
        SELECT \(ReadSQL.agentColumns), v.role, s.stamp,
            CASE WHEN v.role = 'owner'
                AND NOT EXISTS (SELECT 1 FROM group_owners o WHERE o.group_n = v.group_n AND o.n > 1)
            THEN h.created_at END
        FROM hive_members v JOIN hives h ON h.group_n = v.group_n
            LEFT JOIN memberships s ON s.group_n = v.group_n AND s.agent_n = v.agent_n AND s.is_joined = 1
            JOIN \(agentOf("v.agent_n"))
        WHERE v.group_n = ?
        ORDER BY CASE v.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'moderator' THEN 2 ELSE 3 END,
            s.stamp, v.agent_n LIMIT ? OFFSET ?
        """
    private static let applicantTables = """
        memberships s JOIN hives h ON h.group_n = s.group_n AND h.is_public = 0
            LEFT JOIN hive_bans b ON b.group_n = s.group_n AND b.agent_n = s.agent_n
        """
    private static let isApplicant = """
        s.group_n = ? AND s.is_joined = 1 AND COALESCE(b.action, 'unban') = 'unban'
            AND s.agent_n <> COALESCE(h.owner_n, 0)
            AND NOT EXISTS (SELECT 1 FROM hive_moderators d WHERE d.group_n = s.group_n AND d.agent_n = s.agent_n)
        """
    static let applicants = """
        SELECT \(ReadSQL.agentColumns), NULL, s.stamp, NULL FROM \(applicantTables) JOIN \(agentOf("s.agent_n"))
        WHERE \(isApplicant) ORDER BY s.stamp LIMIT ? OFFSET ?
        """
    static let countApplicants = "SELECT count(*) FROM \(applicantTables) WHERE \(isApplicant)"

    static let role = "SELECT role FROM hive_members WHERE group_n = ? AND agent_n = ?"
    static let standing = "SELECT action FROM hive_bans WHERE group_n = ? AND agent_n = ?"
    static let grant = "SELECT event_id FROM hive_moderators WHERE group_n = ? AND agent_n = ?"

    /// An agent's columns, role, event.
    static let moderators = """
        SELECT \(ReadSQL.agentColumns), d.role, d.event_id FROM hive_moderators d JOIN \(agentOf("d.agent_n"))
        WHERE d.group_n = ?
        """
    /// An agent's columns, then those of the ban.
    static let bans = """
        SELECT \(ReadSQL.agentColumns), b.by_n, b.reason, b.scope, b.stamp, b.event_id
        FROM hive_bans b JOIN \(agentOf("b.agent_n"))
        WHERE b.group_n = ? AND b.action = 'ban' ORDER BY b.stamp DESC LIMIT ? OFFSET ?
        """
    static let countBans = "SELECT count(*) FROM hive_bans WHERE group_n = ? AND action = 'ban'"

    /// The tables of `ReadSQL.agentColumns`, joined by the agent's number.
    private static func agentOf(_ number: String) -> String {
        """
        remote_agents_cache r ON r.n = \(number) JOIN instances i ON i.n = r.origin_instance_n
            LEFT JOIN agents a ON a.n = r.n
        """
    }

    // MARK: What was done

    static let post = "SELECT n, author_n, stamp FROM posts WHERE n = ?"
    /// Updates and pins of a target, oldest first.
    static let edits = """
        SELECT kind, log_n, origin_seq, agent_n, grant_event, stamp FROM content_writes
        WHERE target = ? AND kind <> 2 ORDER BY stamp
        """
    /// Acts, and writes to content of others, newest first: (kind of act or 0, log, place, target).
    ///
    /// All parameters are the group's number.
    static let moderation = """
        SELECT a.kind, a.log_n, a.origin_seq, NULL, COALESCE(e.at_ts, e.origin_ts) AS ms
        FROM control_acts a JOIN hive_events e ON e.log_n = a.log_n AND e.origin_seq = a.origin_seq
        WHERE a.group_n = ?
        UNION ALL
        SELECT 0, w.log_n, w.origin_seq, w.target, COALESCE(e.at_ts, e.origin_ts)
        FROM logs l JOIN content_writes w ON w.log_n = l.n
            JOIN hive_events e ON e.log_n = w.log_n AND e.origin_seq = w.origin_seq
            LEFT JOIN posts p ON w.target % 2 = 0 AND p.n = w.target / 2
            LEFT JOIN comments c ON w.target % 2 = 1 AND c.n = w.target / 2
        WHERE l.group_n = ? AND (w.kind > 2 OR w.agent_n <> COALESCE(p.author_n, c.author_n, w.agent_n))
        ORDER BY ms DESC, 2 DESC, 3 DESC
        """
    /// Id, and the stamps of what is in force.
    static let postStamps = """
        SELECT id, deleted_stamp, pin_stamp, title_stamp, content_stamp, url_stamp FROM posts WHERE n = ?
        """
    static let commentStamps = "SELECT id, deleted_stamp, NULL, content_stamp, NULL, NULL FROM comments WHERE n = ?"
}
