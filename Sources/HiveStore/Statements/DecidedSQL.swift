/// `control_acts`, `group_owners`, `hive_moderators`, `hive_bans`, `memberships`, `hive_settings`, as the fold uses
/// them.
enum DecidedSQL {
    // MARK: Acts

    static let addAct = """
        INSERT INTO control_acts (group_n, kind, subject, log_n, origin_seq) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (group_n, kind, subject, log_n, origin_seq) DO NOTHING
        """
    /// Columns of `EventSQL`, then the hash of the event before it.
    ///
    /// Acts of events that stand no more are passed over.
    private static let actEvents = """
        SELECT \(EventSQL.columns(of: "e")), b.hash
        FROM control_acts a JOIN hive_events e ON e.log_n = a.log_n AND e.origin_seq = a.origin_seq
            LEFT JOIN hive_events b ON b.log_n = a.log_n AND b.origin_seq = a.origin_seq - 1
        """
    static let actsOfKind = "\(actEvents) WHERE a.group_n = ? AND a.kind = ?"
    static let actsOfKey = "\(actEvents) WHERE a.group_n = ? AND a.kind = ? AND a.subject = ?"
    static let clearActs = "DELETE FROM control_acts WHERE group_n = ?"

    // MARK: Owners and moderators

    static let owners = "SELECT n, agent_n FROM group_owners WHERE group_n = ? ORDER BY n"
    static let insertOwner = "INSERT INTO group_owners (group_n, n, agent_n) VALUES (?, ?, ?)"
    static let clearOwners = "DELETE FROM group_owners WHERE group_n = ?"

    static let moderators = """
        SELECT agent_n, role, event_id FROM hive_moderators WHERE group_n = ? ORDER BY agent_n
        """
    static let insertModerator = "INSERT INTO hive_moderators (group_n, agent_n, role, event_id) VALUES (?, ?, ?, ?)"
    static let clearModerators = "DELETE FROM hive_moderators WHERE group_n = ?"

    // MARK: Bans and memberships

    static let banColumns = """
        agent_n, action, scope, fence_epoch, fence_seq, fence_hash, by_n, reason, stamp, event_id
        """
    static let ban = "SELECT \(banColumns) FROM hive_bans WHERE group_n = ? AND agent_n = ?"
    static let bans = "SELECT \(banColumns) FROM hive_bans WHERE group_n = ? ORDER BY agent_n"
    static let putBan = """
        INSERT INTO hive_bans (group_n, \(banColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (group_n, agent_n) DO UPDATE SET action = excluded.action, scope = excluded.scope,
            fence_epoch = excluded.fence_epoch, fence_seq = excluded.fence_seq, fence_hash = excluded.fence_hash,
            by_n = excluded.by_n, reason = excluded.reason, stamp = excluded.stamp, event_id = excluded.event_id
        """
    static let removeBan = "DELETE FROM hive_bans WHERE group_n = ? AND agent_n = ?"
    static let clearBans = "DELETE FROM hive_bans WHERE group_n = ?"

    static let membership = "SELECT is_joined, stamp FROM memberships WHERE group_n = ? AND agent_n = ?"
    static let putMembership = """
        INSERT INTO memberships (group_n, agent_n, is_joined, stamp) VALUES (?, ?, ?, ?)
        ON CONFLICT (group_n, agent_n) DO UPDATE SET is_joined = excluded.is_joined, stamp = excluded.stamp
        """
    static let memberships = "SELECT agent_n, is_joined, stamp FROM memberships WHERE group_n = ? ORDER BY agent_n"
    static let clearMemberships = "DELETE FROM memberships WHERE group_n = ?"
    static let isMember = "SELECT count(*) FROM hive_members WHERE group_n = ? AND agent_n = ?"

    // MARK: Settings

    static let settings = "SELECT key, value, event_id, heads FROM hive_settings WHERE group_n = ? ORDER BY key"
    static let setting = "SELECT key, value, event_id, heads FROM hive_settings WHERE group_n = ? AND key = ?"
    static let putSetting = """
        INSERT INTO hive_settings (group_n, key, value, event_id, heads) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (group_n, key) DO UPDATE
        SET value = excluded.value, event_id = excluded.event_id, heads = excluded.heads
        """
    static let removeSetting = "DELETE FROM hive_settings WHERE group_n = ? AND key = ?"
    static let clearSettings = "DELETE FROM hive_settings WHERE group_n = ?"

    // MARK: What an agent wrote

    // Without an index: these look at every row of their table, in all groups (decision 8).

    static let postsBy = "SELECT id FROM posts WHERE author_n = ? AND group_n = ? ORDER BY n"
    static let commentsBy = "SELECT id FROM comments WHERE author_n = ? AND group_n = ? ORDER BY n"
    /// Parameters: group, group, voter.
    static let votesBy = """
        SELECT v.target, v.value, v.is_hidden, v.stamp, COALESCE(p.id, c.id) FROM votes v
            LEFT JOIN posts p ON v.target % 2 = 0 AND p.n = v.target / 2 AND p.group_n = ?
            LEFT JOIN comments c ON v.target % 2 = 1 AND c.n = v.target / 2 AND c.group_n = ?
        WHERE v.voter_n = ? AND (p.n IS NOT NULL OR c.n IS NOT NULL)
        """
}
