/// `sync_requests`.
enum PendingJoinSQL {
    /// In the order `PendingJoinRows` reads and binds.
    private static let columns = """
        id, sync_group_id, hive_name, instance_id, identity_key, name, sync_endpoint, address, state, tries, first_at,
        last_at, expires_at
        """
    static let all = "SELECT \(columns) FROM sync_requests ORDER BY first_at, id"
    static let put = """
        INSERT INTO sync_requests (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET hive_name = excluded.hive_name, name = excluded.name,
            sync_endpoint = excluded.sync_endpoint, address = excluded.address, state = excluded.state,
            tries = excluded.tries, last_at = excluded.last_at, expires_at = excluded.expires_at
        """
    static let remove = "DELETE FROM sync_requests WHERE sync_group_id = ? AND instance_id = ?"
    static let prune = "DELETE FROM sync_requests WHERE expires_at <= ?"
}
