/// `invite_codes`.
enum AgentInviteSQL {
    private static let columns = "id, created_by, used_by, uses_left, expires_at, created_at"

    static let all = "SELECT \(columns) FROM invite_codes ORDER BY created_at DESC, id"
    static let byCode = "SELECT \(columns) FROM invite_codes WHERE code_hash = ?"
    static let insert = """
        INSERT INTO invite_codes (\(columns), code_hash) VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    static let use = "UPDATE invite_codes SET uses_left = uses_left - 1, used_by = ? WHERE id = ?"
    static let remove = "DELETE FROM invite_codes WHERE id = ?"
}
