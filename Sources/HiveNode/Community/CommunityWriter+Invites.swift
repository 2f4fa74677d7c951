import HiveCrypto
import HiveModel
import HivePorts
import HiveStore

extension CommunityWriter: AgentInvites {
    func createAgentInvite(_ invite: NewAgentInvite, keeping kept: KeptReply?) async throws -> CreatedAgentInvite {
        let code = RandomText.token()
        let hash = local.crypto.sha256(Array(code.utf8)).bytes
        return try await writer.perform { turn in
            let made = AgentInvite(
                id: "invite_" + RandomText.nanoid(),
                createdBy: invite.createdBy,
                usesLeft: invite.uses,
                expiresAtMs: invite.expiresInDays.map { turn.nowMs + $0 * 86_400_000 },
                createdAtMs: turn.nowMs
            )
            var transaction = turn.transaction
            try transaction.addAgentInvite(made, codeHash: hash)
            let created = CreatedAgentInvite(invite: made, code: code)
            try turn.keep(kept, of: created)
            return created
        }
    }

    func agentInvites(isActive: Bool, limit: Int, offset: Int) async throws -> [AgentInvite] {
        let now = SystemClock.nowMs()
        let all = try await writer.perform { turn in try turn.transaction.agentInvites() }
        return Array(all.filter { !isActive || $0.isActive(atMs: now) }.dropFirst(offset).prefix(limit))
    }

    func removeAgentInvite(id: String) async throws {
        try await writer.perform { turn in
            guard try turn.transaction.agentInvites().contains(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no invite \(id) here.")
            }
            var transaction = turn.transaction
            try transaction.removeAgentInvite(id)
        }
    }
}

extension WriteTurn {
    /// Uses a code up for a new agent; the same words for all codes that let nobody in.
    func redeem(agentInvite code: String, for agent: String) throws {
        let hash = local.crypto.sha256(Array(code.utf8)).bytes
        guard let invite = try transaction.agentInvite(codeHash: hash), invite.isActive(atMs: nowMs) else {
            throw HiveError(
                .forbidden,
                "The invite_code is not known here, was used before, or has expired: ask an admin for another."
            )
        }
        var transaction = transaction
        try transaction.useAgentInvite(invite.id, by: agent)
    }
}
