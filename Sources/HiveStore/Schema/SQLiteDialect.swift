/// Everything that only SQLite understands: table definitions, search tables and pragmas.
///
/// A second database needs this file and a driver; the statements in `Statements/` keep to what SQLite and PostgreSQL
/// share, with `?` placeholders.
///
/// Numbers (`n`, and columns that end in `_n`) are local and in no event, dump or root. A stamp is 28 bytes
/// (`StampCode`). Times are milliseconds since 1970. No foreign keys: rows of the fold may name what has not come yet.
enum SQLiteDialect {
    // MARK: Identity and log

    static let logTables = [
        """
        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        // Every instance ever named. `name` is what a roster calls it.
        """
        CREATE TABLE instances (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT
        ) STRICT
        """,
        // What this instance knows of a group beyond its events.
        """
        CREATE TABLE hive_sync_groups (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            is_shared INTEGER NOT NULL DEFAULT 0,
            status TEXT NOT NULL DEFAULT 'active',
            status_reason TEXT,
            created_at INTEGER NOT NULL
        ) STRICT
        """,
        // Instances whose events are taken (protocol 4.1), for ever.
        """
        CREATE TABLE known_instances (
            group_n INTEGER NOT NULL,
            instance_n INTEGER NOT NULL,
            identity_key BLOB NOT NULL,
            PRIMARY KEY (group_n, instance_n)
        ) STRICT, WITHOUT ROWID
        """,
        // One log: (group, instance, epoch). `head` is its last place held.
        """
        CREATE TABLE logs (
            n INTEGER PRIMARY KEY,
            group_n INTEGER NOT NULL,
            origin_n INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            head INTEGER NOT NULL DEFAULT 0,
            head_hash BLOB,
            signing_key BLOB,
            UNIQUE (group_n, origin_n, epoch)
        ) STRICT
        """,
        // Numbers below 100 are the control types of the protocol, 100 to 999 its other types.
        """
        CREATE TABLE event_types (
            n INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT
        """,
        // `seq` is the arrival number. NULL: `at` absent; no unknown header fields; `prev` is the row before; no refs.
        """
        CREATE TABLE hive_events (
            seq INTEGER PRIMARY KEY,
            log_n INTEGER NOT NULL,
            origin_seq INTEGER NOT NULL,
            event_type INTEGER NOT NULL,
            verified INTEGER NOT NULL,
            origin_ts INTEGER NOT NULL,
            origin_lc INTEGER NOT NULL,
            at_ts INTEGER,
            at_lc INTEGER,
            extra TEXT,
            prev BLOB,
            hash BLOB NOT NULL,
            payload_hash BLOB NOT NULL,
            refs TEXT,
            payload TEXT NOT NULL,
            signature BLOB NOT NULL,
            UNIQUE (log_n, origin_seq)
        ) STRICT
        """,
        // What `par` and `auth` name.
        "CREATE INDEX hive_events_control ON hive_events (hash) WHERE event_type < 100",
        // Events held that do not stand; columns as above, `prev` always written, `seq` local.
        """
        CREATE TABLE kept_events (
            seq INTEGER PRIMARY KEY,
            log_n INTEGER NOT NULL,
            origin_seq INTEGER NOT NULL,
            event_type INTEGER NOT NULL,
            verified INTEGER NOT NULL,
            origin_ts INTEGER NOT NULL,
            origin_lc INTEGER NOT NULL,
            at_ts INTEGER,
            at_lc INTEGER,
            extra TEXT,
            prev BLOB,
            hash BLOB NOT NULL,
            payload_hash BLOB NOT NULL,
            refs TEXT,
            payload TEXT NOT NULL,
            signature BLOB NOT NULL,
            UNIQUE (log_n, origin_seq, hash)
        ) STRICT
        """,
        // One for each forked epoch; the proof is JSON in RFC 8785 form.
        """
        CREATE TABLE fork_proofs (
            log_n INTEGER NOT NULL PRIMARY KEY,
            origin_seq INTEGER NOT NULL,
            proof TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE poison_events (
            group_n INTEGER NOT NULL,
            hash BLOB NOT NULL,
            origin_n INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            origin_seq INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (group_n, hash)
        ) STRICT, WITHOUT ROWID
        """,
        // How a standing log may grow. `awaited` is an array of [epoch, seq, hash].
        """
        CREATE TABLE log_terms (
            group_n INTEGER NOT NULL,
            origin_n INTEGER NOT NULL,
            cut BLOB,
            end_epoch INTEGER,
            end_seq INTEGER,
            awaited TEXT NOT NULL,
            PRIMARY KEY (group_n, origin_n)
        ) STRICT, WITHOUT ROWID
        """,
        // Checked changes of owner, kept because of what they pin.
        """
        CREATE TABLE owner_transfers (
            group_n INTEGER NOT NULL,
            n INTEGER NOT NULL,
            payload TEXT NOT NULL,
            signer_n INTEGER,
            to_n INTEGER NOT NULL,
            pin_epoch INTEGER NOT NULL,
            pin_seq INTEGER NOT NULL,
            pin_hash BLOB NOT NULL,
            PRIMARY KEY (group_n, n, payload)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE changes (
            change_seq INTEGER PRIMARY KEY,
            group_n INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            row_n INTEGER NOT NULL
        ) STRICT
        """,
    ]

    // MARK: What the fold writes

    static let foldTables = [
        """
        CREATE TABLE group_genesis (
            group_n INTEGER PRIMARY KEY,
            sync_group_name TEXT NOT NULL,
            hive_name TEXT NOT NULL,
            hive_description TEXT,
            is_public INTEGER NOT NULL,
            hive_created_at INTEGER NOT NULL,
            owner_instance_n INTEGER NOT NULL,
            owner_agent_id TEXT NOT NULL,
            owner_name TEXT NOT NULL,
            owner_avatar_url TEXT,
            identity_key BLOB NOT NULL,
            max_clock_drift_ms INTEGER NOT NULL,
            retention_days INTEGER NOT NULL,
            admission TEXT NOT NULL,
            vote_privacy TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE group_members (
            group_n INTEGER NOT NULL,
            instance_n INTEGER NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            identity_key BLOB NOT NULL,
            added_by TEXT,
            PRIMARY KEY (group_n, instance_n)
        ) STRICT, WITHOUT ROWID
        """,
        // Acts of the registers that are decided together, by the place of their events. `subject` as in `ActKey`.
        """
        CREATE TABLE control_acts (
            group_n INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            subject TEXT NOT NULL,
            log_n INTEGER NOT NULL,
            origin_seq INTEGER NOT NULL,
            PRIMARY KEY (group_n, kind, subject, log_n, origin_seq)
        ) STRICT, WITHOUT ROWID
        """,
        // All agents, local and remote; accounts in `agents` have the same number. `karma` is the sum over groups.
        // `is_listed`: is local or was met in a public hive, so that lists don't tell who is in private ones.
        """
        CREATE TABLE remote_agents_cache (
            n INTEGER PRIMARY KEY,
            origin_agent_id TEXT NOT NULL,
            origin_instance_n INTEGER NOT NULL,
            name TEXT NOT NULL,
            avatar_url TEXT,
            profile_stamp BLOB,
            karma INTEGER NOT NULL DEFAULT 0,
            is_listed INTEGER NOT NULL,
            first_seen_at INTEGER NOT NULL,
            UNIQUE (origin_agent_id, origin_instance_n)
        ) STRICT
        """,
        "CREATE INDEX remote_agents_instance ON remote_agents_cache (origin_instance_n, n)",
        "CREATE INDEX remote_agents_name ON remote_agents_cache (lower(name), n)",
        """
        CREATE TABLE group_karma (
            agent_n INTEGER NOT NULL,
            group_n INTEGER NOT NULL,
            karma INTEGER NOT NULL,
            PRIMARY KEY (agent_n, group_n)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE profiles (
            group_n INTEGER NOT NULL,
            agent_n INTEGER NOT NULL,
            name TEXT NOT NULL,
            avatar_url TEXT,
            stamp BLOB NOT NULL,
            PRIMARY KEY (group_n, agent_n)
        ) STRICT, WITHOUT ROWID
        """,
        // A row without author is a stub. `visible`: 0 no (stub, deleted, hidden), 1 in a private hive, 2 in a public
        // one. `is_hidden`: by a ban of its author. The same id may live in two groups (adoption; a member that repeats
        // itself), so it is unique per group. Field stamps: NULL = as created.
        """
        CREATE TABLE posts (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            group_n INTEGER NOT NULL,
            visible INTEGER NOT NULL,
            is_hidden INTEGER NOT NULL,
            author_n INTEGER,
            created_at INTEGER NOT NULL,
            is_pinned INTEGER NOT NULL,
            stamp BLOB,
            title_stamp BLOB,
            content_stamp BLOB,
            url_stamp BLOB,
            pin_stamp BLOB,
            deleted_by_n INTEGER,
            deleted_stamp BLOB,
            deleted_reason TEXT,
            title TEXT NOT NULL,
            url TEXT,
            content TEXT,
            UNIQUE (id, group_n)
        ) STRICT
        """,
        // What feeds order posts by and what votes and comments change of them, apart from the texts: a vote rewrites a
        // narrow row and not the post. One for each row of `posts`, with its number; `id`, `group_n`, `visible` and
        // `created_at` as there.
        """
        CREATE TABLE post_ranks (
            n INTEGER PRIMARY KEY,
            group_n INTEGER NOT NULL,
            visible INTEGER NOT NULL,
            score INTEGER NOT NULL,
            comment_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            id TEXT NOT NULL
        ) STRICT
        """,
        // The feeds. A vote moves a post in the two by score only. `visible` is a column too: otherwise SQLite asks the
        // row for it.
        "CREATE INDEX post_ranks_hive_new ON post_ranks (group_n, created_at DESC, id, visible) WHERE visible > 0",
        """
        CREATE INDEX post_ranks_hive_top ON post_ranks (group_n, score DESC, created_at DESC, id, visible)
        WHERE visible > 0
        """,
        "CREATE INDEX post_ranks_all_new ON post_ranks (visible, created_at DESC, id) WHERE visible = 2",
        "CREATE INDEX post_ranks_all_top ON post_ranks (visible, score DESC, created_at DESC, id) WHERE visible = 2",
        // `visible`: 1 where created, not deleted, not hidden; whether its post is visible is asked when answering.
        """
        CREATE TABLE comments (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            group_n INTEGER NOT NULL,
            visible INTEGER NOT NULL,
            is_hidden INTEGER NOT NULL,
            post_n INTEGER,
            parent_id TEXT,
            author_n INTEGER,
            created_at INTEGER NOT NULL,
            score INTEGER NOT NULL,
            stamp BLOB,
            content_stamp BLOB,
            deleted_by_n INTEGER,
            deleted_stamp BLOB,
            deleted_reason TEXT,
            content TEXT NOT NULL,
            UNIQUE (id, group_n)
        ) STRICT
        """,
        "CREATE INDEX comments_post ON comments (post_n, created_at)",
        // `target` is the post's or comment's number times 2, plus 1 for a comment. A hidden vote counts 0.
        // Not WITHOUT ROWID: rows are appended and only the index, a quarter of their size, is written all over.
        """
        CREATE TABLE votes (
            target INTEGER NOT NULL,
            voter_n INTEGER NOT NULL,
            value INTEGER NOT NULL,
            is_hidden INTEGER NOT NULL,
            stamp BLOB NOT NULL,
            UNIQUE (target, voter_n)
        ) STRICT
        """,
        """
        CREATE TABLE content_writes (
            target INTEGER NOT NULL,
            stamp BLOB NOT NULL,
            kind INTEGER NOT NULL,
            log_n INTEGER NOT NULL,
            origin_seq INTEGER NOT NULL,
            agent_n INTEGER NOT NULL,
            grant_event TEXT,
            PRIMARY KEY (target, stamp)
        ) STRICT, WITHOUT ROWID
        """,
        // What a later fence walks.
        "CREATE INDEX content_writes_place ON content_writes (log_n, origin_seq)",
        // What is computed anew where a moderator's grant gains or loses its worth; few rows.
        "CREATE INDEX content_writes_granted ON content_writes (agent_n) WHERE grant_event IS NOT NULL",
        """
        CREATE TABLE state_root (
            group_n INTEGER PRIMARY KEY,
            buckets BLOB NOT NULL
        ) STRICT
        """,
        // Kept up inside the event's transaction; always equal to a recount.
        """
        CREATE TABLE group_counters (
            group_n INTEGER PRIMARY KEY,
            events INTEGER NOT NULL,
            posts INTEGER NOT NULL,
            comments INTEGER NOT NULL,
            votes INTEGER NOT NULL
        ) STRICT
        """,
    ]

    // MARK: Search

    /// External content, filled from `fts_queue` (no triggers: they cost more than the rest of the fold).
    static let searchTables = [
        "CREATE TABLE fts_queue (target INTEGER PRIMARY KEY) STRICT",
        // What is or will be indexed: no stubs, no tombstones, nothing hidden.
        """
        CREATE VIEW posts_text AS SELECT n, title, content FROM posts WHERE visible > 0
        """,
        """
        CREATE VIEW comments_text AS SELECT n, content FROM comments WHERE visible > 0
        """,
        """
        CREATE VIRTUAL TABLE posts_fts USING fts5(
            title, content, content='posts_text', content_rowid='n', tokenize='unicode61'
        )
        """,
        """
        CREATE VIRTUAL TABLE comments_fts USING fts5(
            content, content='comments_text', content_rowid='n', tokenize='unicode61'
        )
        """,
    ]
}
