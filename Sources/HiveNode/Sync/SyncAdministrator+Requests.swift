import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Instances that wait to be let in.
extension SyncAdministrator {
    func joinRequests(group id: String?) async throws -> [PendingJoin] {
        let group = try await id.asyncMap { try await record($0).id }
        let now = SystemClock.nowMs()
        return try await store.pendingJoins().filter { request in
            request.expiresAtMs > now && (group == nil || request.group == group)
        }
    }

    func approveRequest(id: String, role: MemberRole) async throws -> PendingJoin {
        guard role != .owner else {
            throw HiveError(.badRequest, "role is admin, member or readonly; transfer-owner names another owner.")
        }
        return try await writer.perform { [kept] turn in
            let approved = try turn.approve(id, as: role)
            try turn.keep(kept, of: approved)
            return approved
        }
    }

    func denyRequest(id: String) async throws -> PendingJoin {
        try await writer.perform { [kept] turn in
            let denied = try turn.deny(id)
            try turn.keep(kept, of: denied)
            return denied
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
