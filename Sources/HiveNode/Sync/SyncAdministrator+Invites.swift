import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveWire

extension SyncAdministrator {
    func createInvite(_ command: InviteCommand) async throws -> CreatedInvite {
        try check(command)
        guard let endpoint = local.syncEndpoint else {
            throw HiveError(
                .conflict,
                "Nobody could use the invite: this instance names no endpoint. Start it with --sync and, where it listens "
                    + "on a wildcard address, with --sync-endpoint."
            )
        }
        let secret = RandomBytes.bytes(32)
        let secretHash = local.crypto.sha256(secret).bytes
        return try await writer.perform { [kept] turn in
            let group = try turn.invitedGroup(command)
            let state = try turn.state(of: group.id)
            let own = try state.members().first { $0.instance == turn.local.instance }?.role
            try turn.mayInvite(command.role, as: own, policy: try state.group()?.policy)
            let record = InviteRecord(
                id: "inv_" + RandomText.nanoid(),
                group: group.id,
                hiveName: group.hiveName ?? "",
                role: command.role,
                secretHash: secretHash,
                usesLeft: command.maxUses,
                maxUses: command.maxUses,
                createdAtMs: turn.nowMs,
                expiresAtMs: turn.nowMs + command.expiresInS * 1_000
            )
            var transaction = turn.transaction
            try transaction.putInvite(record)
            let invite = Invite(
                groupID: record.group,
                groupName: try state.group()?.groupName ?? record.hiveName,
                issuer: turn.local.instance,
                endpoints: [endpoint],
                id: record.id,
                secret: secret,
                expiresAtMs: record.expiresAtMs,
                role: record.role
            )
            let created = CreatedInvite(record: record, invite: invite.text)
            try turn.keep(kept, of: created)
            return created
        }
    }

    func invites() async throws -> [InviteRecord] { try await store.invites() }

    func removeInvite(id: String) async throws {
        guard try await store.invite(id: id) != nil else {
            throw HiveError(.notFound, "There is no invite \(id) here.")
        }
        try await writer.perform { turn in
            var transaction = turn.transaction
            try transaction.removeInvite(id: id)
        }
    }

    private func check(_ command: InviteCommand) throws {
        guard (1...10_000).contains(command.maxUses) else {
            throw HiveError(.badRequest, "max_uses is 1 to 10000.")
        }
        guard (1...31_536_000).contains(command.expiresInS) else {
            throw HiveError(.badRequest, "expires_in is 1 second to a year (31536000).")
        }
        guard command.role != .owner else {
            throw HiveError(.badRequest, "An invite makes an admin, member or readonly, never an owner.")
        }
    }
}

extension WriteTurn {
    fileprivate func invitedGroup(_ command: InviteCommand) throws -> GroupRecord {
        let groups = try transaction.groups()
        let found: GroupRecord?
        if let id = command.groupID {
            found = groups.first { $0.id.rawValue == id }
        } else {
            found = groups.first { $0.hiveName == command.hiveName }
        }
        guard let found else {
            throw HiveError(.notFound, "There is no group \(command.groupID ?? command.hiveName ?? "") here.")
        }
        guard found.isShared else {
            throw HiveError(.conflict, "The hive \(found.hiveName ?? "") is not shared yet: share it first.")
        }
        return found
    }

    func mayInvite(_ role: MemberRole, as own: MemberRole?, policy: GroupPolicy?) throws {
        switch own {
        case .owner: return
        case .admin where role != .admin: return
        case .member where role != .admin && policy?.admission == .members: return
        default:
            throw HiveError(
                .forbidden,
                "This instance (\(own?.rawValue ?? "no member yet")) may not let in a \(role.rawValue): ask the owner's."
            )
        }
    }
}
