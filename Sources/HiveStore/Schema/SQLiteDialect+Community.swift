extension SQLiteDialect {
    // MARK: Accounts and hives

    static let communityTables = [
        // `n` is the agent's number in remote_agents_cache.
        """
        CREATE TABLE agents (
            n INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            is_verified INTEGER NOT NULL,
            is_admin INTEGER NOT NULL,
            metadata TEXT,
            account_type TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE agents_keys (
            n INTEGER PRIMARY KEY,
            agent_n INTEGER NOT NULL,
            key_hash BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX agents_keys_agent ON agents_keys (agent_n)",
        // Under which other name an agent of this instance votes in a group of pseudonymous votes; both are numbers in
        // remote_agents_cache. It never leaves this database.
        """
        CREATE TABLE vote_pseudonyms (
            agent_n INTEGER NOT NULL,
            group_n INTEGER NOT NULL,
            voter_n INTEGER NOT NULL,
            PRIMARY KEY (agent_n, group_n)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE hives (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            owner_n INTEGER,
            is_public INTEGER NOT NULL,
            settings TEXT,
            member_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            group_n INTEGER NOT NULL UNIQUE
        ) STRICT
        """,
        "CREATE INDEX hives_listed ON hives (member_count DESC, created_at DESC, n)",
        "CREATE INDEX hives_private ON hives (owner_n, group_n) WHERE is_public = 0",
        """
        CREATE TABLE idempotency_keys (
            subject TEXT NOT NULL,
            target TEXT NOT NULL,
            key TEXT NOT NULL,
            request_hash BLOB NOT NULL,
            status INTEGER NOT NULL,
            content_type TEXT,
            body BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (subject, target, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)",
    ]

    // MARK: Peers

    static let peerTables = [
        """
        CREATE TABLE sync_peer_configs (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            sync_endpoint TEXT UNIQUE,
            shared_hives TEXT NOT NULL,
            peer_instance_id TEXT,
            identity_key BLOB,
            sync_token TEXT,
            source TEXT NOT NULL,
            status TEXT NOT NULL,
            last_error TEXT,
            failure_count INTEGER NOT NULL,
            last_heartbeat_at INTEGER,
            last_sync_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            reaches_us INTEGER NOT NULL,
            gossip_ttl INTEGER NOT NULL,
            discovered_via TEXT,
            announcement BLOB
        ) STRICT, WITHOUT ROWID
        """,
        // The groups a peer entry shares.
        """
        CREATE TABLE hive_sync_peers (
            peer_id TEXT NOT NULL,
            sync_group_id TEXT NOT NULL,
            PRIMARY KEY (peer_id, sync_group_id)
        ) STRICT, WITHOUT ROWID
        """,
        // Who may call us with which token.
        """
        CREATE TABLE sync_sessions (
            instance_id TEXT NOT NULL PRIMARY KEY,
            token_hash BLOB NOT NULL UNIQUE,
            identity_key BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sync_invites (
            id TEXT NOT NULL PRIMARY KEY,
            sync_group_id TEXT NOT NULL,
            hive_name TEXT NOT NULL,
            role TEXT NOT NULL,
            secret_hash BLOB NOT NULL,
            uses_left INTEGER NOT NULL,
            max_uses INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Which groups `ReadSQL.closedGroups` names.
    static let closedHivesIndex = """
        CREATE INDEX hive_settings_closed ON hive_settings (group_n)
        WHERE key = 'allow_anonymous_read' AND value = 'false'
        """

    // Codes with which agents register.
    static let inviteCodeTables = [
        """
        CREATE TABLE invite_codes (
            id TEXT NOT NULL PRIMARY KEY,
            code_hash BLOB NOT NULL UNIQUE,
            created_by TEXT,
            used_by TEXT,
            uses_left INTEGER NOT NULL,
            expires_at INTEGER,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    // Instances that ask to be let into a group.
    static let requestTables = [
        """
        CREATE TABLE sync_requests (
            id TEXT NOT NULL PRIMARY KEY,
            sync_group_id TEXT NOT NULL,
            hive_name TEXT NOT NULL,
            instance_id TEXT NOT NULL,
            identity_key BLOB NOT NULL,
            name TEXT NOT NULL,
            sync_endpoint TEXT,
            address TEXT,
            state TEXT NOT NULL,
            tries INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            UNIQUE (sync_group_id, instance_id)
        ) STRICT, WITHOUT ROWID
        """
    ]
}
