/// `instances`, `remote_agents_cache`, `profiles`, `agents`, `agents_keys`, as they are written.
enum AgentSQL {
    static let instance = "SELECT n FROM instances WHERE id = ?"
    static let instanceID = "SELECT id FROM instances WHERE n = ?"
    static let insertInstance = "INSERT INTO instances (id) VALUES (?)"
    static let nameInstance = "UPDATE instances SET name = ? WHERE n = ?"

    static let byKey =
        "SELECT n, is_listed FROM remote_agents_cache WHERE origin_agent_id = ? AND origin_instance_n = ?"
    static let insert = """
        INSERT INTO remote_agents_cache (origin_agent_id, origin_instance_n, name, avatar_url, is_listed, first_seen_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    static let list = "UPDATE remote_agents_cache SET is_listed = 1 WHERE n = ?"
    /// Those who wrote in a group, joined it or moderate it; all parameters are its number.
    static let listThoseOfGroup = """
        UPDATE remote_agents_cache SET is_listed = 1 WHERE is_listed = 0 AND n IN (
            SELECT p.author_n FROM post_ranks s JOIN posts p ON p.n = s.n WHERE s.group_n = ? AND s.visible > 0
            UNION SELECT author_n FROM comments WHERE group_n = ? AND visible > 0
            UNION SELECT agent_n FROM profiles WHERE group_n = ?
            UNION SELECT agent_n FROM memberships WHERE group_n = ?
            UNION SELECT agent_n FROM hive_moderators WHERE group_n = ?
        )
        """
    static let key = "SELECT origin_agent_id, origin_instance_n FROM remote_agents_cache WHERE n = ?"
    /// The newest profile of any group shows.
    static let show = """
        UPDATE remote_agents_cache SET name = ?, avatar_url = ?, profile_stamp = ?
        WHERE n = ? AND (profile_stamp IS NULL OR profile_stamp <= ?)
        """
    static let setAvatar = "UPDATE remote_agents_cache SET avatar_url = ? WHERE n = ?"

    static let profile = "SELECT name, avatar_url, stamp FROM profiles WHERE group_n = ? AND agent_n = ?"
    static let putProfile = """
        INSERT INTO profiles (group_n, agent_n, name, avatar_url, stamp) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (group_n, agent_n) DO UPDATE
        SET name = excluded.name, avatar_url = excluded.avatar_url, stamp = excluded.stamp
        """
    static let profilesOf = """
        SELECT agent_n, name, avatar_url, stamp FROM profiles WHERE group_n = ? ORDER BY agent_n
        """
    static let clearProfiles = "DELETE FROM profiles WHERE group_n = ?"

    // MARK: Local accounts

    static let insertAccount = """
        INSERT INTO agents (n, name, description, is_verified, is_admin, metadata, account_type, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let updateAccount = "UPDATE agents SET description = ?, metadata = ?, updated_at = ? WHERE n = ?"
    static let account = "SELECT description, metadata FROM agents WHERE n = ?"
    static let setAdmin = "UPDATE agents SET is_admin = ?, updated_at = ? WHERE n = ?"
    static let insertKey = """
        INSERT INTO agents_keys (agent_n, key_hash, name, created_at) VALUES (?, ?, ?, ?)
        """
    static let useKey = "UPDATE agents_keys SET last_used_at = ? WHERE key_hash = ?"
    static let identityByKey = """
        SELECT a.n, r.origin_agent_id, a.name, a.is_admin
        FROM agents_keys k JOIN agents a ON a.n = k.agent_n JOIN remote_agents_cache r ON r.n = a.n
        WHERE k.key_hash = ?
        """
    static let identityByName = """
        SELECT a.n, r.origin_agent_id, a.name, a.is_admin
        FROM agents a JOIN remote_agents_cache r ON r.n = a.n WHERE a.name = ?
        """
}
