public import HivePorts

/// Codes with which agents register, on one connection.
private enum AgentInviteRows {
    static func all(_ reader: Reader) throws -> [AgentInvite] {
        let row = try reader.prepare(AgentInviteSQL.all)
        var invites: [AgentInvite] = []
        while try row.step() { invites.append(read(row)) }
        return invites
    }

    static func read(_ row: HotStatement) -> AgentInvite {
        AgentInvite(
            id: row.text(0),
            createdBy: row.optionalText(1),
            usedBy: row.optionalText(2),
            usesLeft: row.int(3),
            expiresAtMs: row.optionalInt(4),
            createdAtMs: row.int(5)
        )
    }
}

extension WriteTransaction {
    /// Newest first.
    public func agentInvites() throws -> [AgentInvite] { try AgentInviteRows.all(reader) }

    /// - Parameter codeHash: SHA-256 of the code.
    public func agentInvite(codeHash: [UInt8]) throws -> AgentInvite? {
        let row = try reader.prepare(AgentInviteSQL.byCode)
        row.bind(1, blob: codeHash)
        return try row.step() ? AgentInviteRows.read(row) : nil
    }

    public mutating func addAgentInvite(_ invite: AgentInvite, codeHash: [UInt8]) throws {
        let insert = try reader.prepare(AgentInviteSQL.insert)
        insert.bind(1, invite.id)
        insert.bind(2, invite.createdBy)
        insert.bind(3, invite.usedBy)
        insert.bind(4, invite.usesLeft)
        insert.bind(5, invite.expiresAtMs)
        insert.bind(6, invite.createdAtMs).bind(7, blob: codeHash)
        try insert.run()
    }

    public mutating func useAgentInvite(_ id: String, by agent: String) throws {
        let use = try reader.prepare(AgentInviteSQL.use)
        use.bind(1, agent).bind(2, id)
        try use.run()
    }

    public mutating func removeAgentInvite(_ id: String) throws {
        let remove = try reader.prepare(AgentInviteSQL.remove)
        remove.bind(1, id)
        try remove.run()
    }
}
