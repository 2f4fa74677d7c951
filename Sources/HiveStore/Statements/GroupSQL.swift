/// `hive_sync_groups`, `known_instances`, `group_genesis`, `group_members`, `state_root`, `group_counters`, `hives`, as
/// they are written.
enum GroupSQL {
    static let byID = "SELECT n FROM hive_sync_groups WHERE id = ?"
    static let insert = """
        INSERT INTO hive_sync_groups (id, is_shared, status, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """
    static let setStatus = "UPDATE hive_sync_groups SET status = ?, status_reason = ? WHERE n = ?"
    static let status = "SELECT status, status_reason FROM hive_sync_groups WHERE id = ?"
    static let setShared = "UPDATE hive_sync_groups SET is_shared = ? WHERE n = ?"
    static let all = "SELECT n, id, is_shared, status, status_reason, created_at FROM hive_sync_groups ORDER BY id"

    static let known = """
        SELECT i.id, k.identity_key FROM known_instances k JOIN instances i ON i.n = k.instance_n
        WHERE k.group_n = ? ORDER BY i.id
        """
    static let knownKey = """
        SELECT identity_key FROM known_instances
        WHERE group_n = ? AND instance_n = (SELECT n FROM instances WHERE id = ?)
        """
    /// By instance, its epochs ascending.
    static let logsWithOrigins = """
        SELECT l.n, i.id, l.epoch, l.head, l.head_hash FROM logs l JOIN instances i ON i.n = l.origin_n
        WHERE l.group_n = ? ORDER BY i.id, l.epoch
        """
    static let putKnown = """
        INSERT INTO known_instances (group_n, instance_n, identity_key) VALUES (?, ?, ?)
        ON CONFLICT (group_n, instance_n) DO NOTHING
        """

    // MARK: Genesis

    static let genesis = """
        SELECT g.sync_group_name, g.hive_name, g.hive_description, g.is_public, g.hive_created_at, i.id,
            g.owner_agent_id, g.owner_name, g.owner_avatar_url, g.identity_key, g.max_clock_drift_ms,
            g.retention_days, g.admission, g.vote_privacy
        FROM group_genesis g JOIN instances i ON i.n = g.owner_instance_n WHERE g.group_n = ?
        """
    static let putGenesis = """
        INSERT INTO group_genesis (group_n, sync_group_name, hive_name, hive_description, is_public, hive_created_at,
            owner_instance_n, owner_agent_id, owner_name, owner_avatar_url, identity_key, max_clock_drift_ms,
            retention_days, admission, vote_privacy)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (group_n) DO UPDATE SET sync_group_name = excluded.sync_group_name, hive_name = excluded.hive_name,
            hive_description = excluded.hive_description, is_public = excluded.is_public,
            hive_created_at = excluded.hive_created_at, owner_instance_n = excluded.owner_instance_n,
            owner_agent_id = excluded.owner_agent_id, owner_name = excluded.owner_name,
            owner_avatar_url = excluded.owner_avatar_url, identity_key = excluded.identity_key,
            max_clock_drift_ms = excluded.max_clock_drift_ms, retention_days = excluded.retention_days,
            admission = excluded.admission, vote_privacy = excluded.vote_privacy
        """
    static let clearGenesis = "DELETE FROM group_genesis WHERE group_n = ?"

    // MARK: Roster

    static let members = """
        SELECT i.id, m.name, m.role, m.identity_key, m.added_by
        FROM group_members m JOIN instances i ON i.n = m.instance_n WHERE m.group_n = ? ORDER BY i.id
        """
    static let insertMember = """
        INSERT INTO group_members (group_n, instance_n, name, role, identity_key, added_by) VALUES (?, ?, ?, ?, ?, ?)
        """
    static let clearMembers = "DELETE FROM group_members WHERE group_n = ?"
    // MARK: Root and counters

    static let root = "SELECT buckets FROM state_root WHERE group_n = ?"
    static let putRoot = """
        INSERT INTO state_root (group_n, buckets) VALUES (?, ?)
        ON CONFLICT (group_n) DO UPDATE SET buckets = excluded.buckets
        """
    static let clearRoot = "DELETE FROM state_root WHERE group_n = ?"
    static let addCounters = """
        INSERT INTO group_counters (group_n, events, posts, comments, votes) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (group_n) DO UPDATE SET events = events + excluded.events, posts = posts + excluded.posts,
            comments = comments + excluded.comments, votes = votes + excluded.votes
        """
    static let events = "SELECT events FROM group_counters WHERE group_n = ?"
    static let clearCounters = "UPDATE group_counters SET posts = 0, comments = 0, votes = 0 WHERE group_n = ?"

    // MARK: Hives

    static let insertHive = """
        INSERT INTO hives (id, name, description, owner_n, is_public, settings, member_count, created_at, updated_at,
            group_n)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING
        """
    /// What was decided shows in the hive; its local name stays.
    static let showHive = """
        UPDATE hives SET description = ?, owner_n = ?, is_public = ?, created_at = ? WHERE group_n = ?
        """
    static let showSettings = "UPDATE hives SET settings = ?, updated_at = ? WHERE group_n = ?"
    static let addMembers = "UPDATE hives SET member_count = member_count + ? WHERE group_n = ?"
    /// Both parameters are the group's number: with one of the outer row, the view would be made for all groups.
    static let recountMembers = """
        UPDATE hives SET member_count = (SELECT count(*) FROM hive_members WHERE group_n = ?) WHERE group_n = ?
        """
}
