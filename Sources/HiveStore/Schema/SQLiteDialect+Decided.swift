extension SQLiteDialect {
    // MARK: What the fold decides about people

    static let decidedTables = [
        // The n-th owner; no agent where an owner signed two transfers.
        """
        CREATE TABLE group_owners (
            group_n INTEGER NOT NULL,
            n INTEGER NOT NULL,
            agent_n INTEGER,
            PRIMARY KEY (group_n, n)
        ) STRICT, WITHOUT ROWID
        """,
        // Present ones; `event_id` is the grant that their acts name.
        """
        CREATE TABLE hive_moderators (
            group_n INTEGER NOT NULL,
            agent_n INTEGER NOT NULL,
            role TEXT NOT NULL,
            event_id TEXT NOT NULL,
            PRIMARY KEY (group_n, agent_n)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX hive_moderators_agent ON hive_moderators (agent_n, group_n)",
        // What decides in each agent's ban register: a ban, an unban or an approval.
        """
        CREATE TABLE hive_bans (
            group_n INTEGER NOT NULL,
            agent_n INTEGER NOT NULL,
            action TEXT NOT NULL,
            scope TEXT NOT NULL,
            fence_epoch INTEGER,
            fence_seq INTEGER,
            fence_hash BLOB,
            by_n INTEGER NOT NULL,
            reason TEXT,
            stamp BLOB NOT NULL,
            event_id TEXT NOT NULL,
            PRIMARY KEY (group_n, agent_n)
        ) STRICT, WITHOUT ROWID
        """,
        // Each agent's own newest word.
        """
        CREATE TABLE memberships (
            group_n INTEGER NOT NULL,
            agent_n INTEGER NOT NULL,
            is_joined INTEGER NOT NULL,
            stamp BLOB NOT NULL,
            PRIMARY KEY (group_n, agent_n)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX memberships_agent ON memberships (agent_n, group_n) WHERE is_joined = 1",
        // `value` is JSON in canonical form, `heads` the ids of the concurrent acts, by spaces.
        """
        CREATE TABLE hive_settings (
            group_n INTEGER NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            event_id TEXT NOT NULL,
            heads TEXT NOT NULL,
            PRIMARY KEY (group_n, key)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Who is in a hive, each once, as what.
    ///
    /// A public hive has the agents that joined and are not banned, a private one those that joined and are approved;
    /// owner and moderators are in either.
    static let memberView = """
        CREATE VIEW hive_members AS
        SELECT h.group_n, h.owner_n AS agent_n, 'owner' AS role FROM hives h WHERE h.owner_n IS NOT NULL
        UNION ALL
        SELECT d.group_n, d.agent_n, d.role
        FROM hive_moderators d JOIN hives h ON h.group_n = d.group_n WHERE d.agent_n IS NOT h.owner_n
        UNION ALL
        SELECT m.group_n, m.agent_n, 'member'
        FROM memberships m JOIN hives h ON h.group_n = m.group_n
            LEFT JOIN hive_bans b ON b.group_n = m.group_n AND b.agent_n = m.agent_n
        WHERE m.is_joined = 1 AND m.agent_n IS NOT h.owner_n
            AND (b.action = 'approve' OR (h.is_public = 1 AND b.action IS NOT 'ban'))
            AND NOT EXISTS (
                SELECT 1 FROM hive_moderators d WHERE d.group_n = m.group_n AND d.agent_n = m.agent_n
            )
        """
}
