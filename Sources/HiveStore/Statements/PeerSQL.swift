/// `sync_peer_configs`, `hive_sync_peers`, `sync_sessions`, `sync_invites`, `idempotency_keys`.
enum PeerSQL {
    /// In the order `PeerColumns` reads and `put` binds.
    static let columns = """
        id, name, sync_endpoint, shared_hives, peer_instance_id, identity_key, sync_token, source, status, last_error,
        failure_count, last_heartbeat_at, last_sync_at, created_at, updated_at, reaches_us, gossip_ttl, discovered_via,
        announcement
        """
    static let all = "SELECT \(columns) FROM sync_peer_configs ORDER BY id"
    static let byID = "SELECT \(columns) FROM sync_peer_configs WHERE id = ?"
    static let byEndpoint = "SELECT id FROM sync_peer_configs WHERE sync_endpoint = ?"
    static let put = """
        INSERT INTO sync_peer_configs (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, sync_endpoint = excluded.sync_endpoint,
            shared_hives = excluded.shared_hives, peer_instance_id = excluded.peer_instance_id,
            identity_key = excluded.identity_key, sync_token = excluded.sync_token, source = excluded.source,
            status = excluded.status, last_error = excluded.last_error, failure_count = excluded.failure_count,
            last_heartbeat_at = excluded.last_heartbeat_at, last_sync_at = excluded.last_sync_at,
            created_at = excluded.created_at, updated_at = excluded.updated_at,
            reaches_us = excluded.reaches_us, gossip_ttl = excluded.gossip_ttl,
            discovered_via = excluded.discovered_via, announcement = excluded.announcement
        """
    static let remove = "DELETE FROM sync_peer_configs WHERE id = ?"

    static let groups = "SELECT sync_group_id FROM hive_sync_peers WHERE peer_id = ? ORDER BY sync_group_id"
    static let addGroup = "INSERT INTO hive_sync_peers (peer_id, sync_group_id) VALUES (?, ?)"
    static let clearGroups = "DELETE FROM hive_sync_peers WHERE peer_id = ?"

    static let sessionByToken = "SELECT instance_id FROM sync_sessions WHERE token_hash = ?"
    static let session = "SELECT token_hash FROM sync_sessions WHERE instance_id = ?"
    static let putSession = """
        INSERT INTO sync_sessions (instance_id, token_hash, identity_key) VALUES (?, ?, ?)
        ON CONFLICT (instance_id) DO UPDATE
        SET token_hash = excluded.token_hash, identity_key = excluded.identity_key
        """
    static let removeSession = "DELETE FROM sync_sessions WHERE instance_id = ?"

    // MARK: Invites

    /// In the order `InviteColumns` reads and `putInvite` binds.
    static let inviteColumns = """
        id, sync_group_id, hive_name, role, secret_hash, uses_left, max_uses, created_at, expires_at
        """
    static let invites = "SELECT \(inviteColumns) FROM sync_invites ORDER BY created_at, id"
    static let invite = "SELECT \(inviteColumns) FROM sync_invites WHERE id = ?"
    static let putInvite = """
        INSERT INTO sync_invites (\(inviteColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET sync_group_id = excluded.sync_group_id, hive_name = excluded.hive_name,
            role = excluded.role, secret_hash = excluded.secret_hash, uses_left = excluded.uses_left,
            max_uses = excluded.max_uses, created_at = excluded.created_at, expires_at = excluded.expires_at
        """
    static let removeInvite = "DELETE FROM sync_invites WHERE id = ?"

    // MARK: Idempotency

    static let reply = """
        SELECT request_hash, status, content_type, body, created_at FROM idempotency_keys
        WHERE subject = ? AND target = ? AND key = ?
        """
    static let putReply = """
        INSERT INTO idempotency_keys (subject, target, key, request_hash, status, content_type, body, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (subject, target, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status,
            content_type = excluded.content_type, body = excluded.body, created_at = excluded.created_at
        """
    static let pruneReplies = "DELETE FROM idempotency_keys WHERE created_at < ?"
}
