import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync

extension SyncAdministrator {
    func changePolicy(group id: String, _ change: PolicyChange, by admin: AgentIdentity?) async throws -> GroupStatus {
        let record = try await record(id)
        guard let name = record.hiveName else { throw Self.withoutHive }
        let hiveChange = HiveChange(retentionDays: change.retentionDays, maxClockDriftMs: change.maxClockDriftMs)
        try await writer.perform { turn in
            let viewer = Viewer.admin(admin)
            try turn.change(try turn.hive(name, viewer: viewer), hiveChange, viewer: viewer)
        }
        return try await group(id: id)
    }

    func transferOwner(
        group id: String,
        _ order: TransferOrder,
        by admin: AgentIdentity?
    ) async throws -> TransferOutcome {
        let record = try await record(id)
        guard let name = record.hiveName else { throw Self.withoutHive }
        let step = try await writer.perform { turn in
            let viewer = Viewer.admin(admin)
            let hive = try turn.hive(name, viewer: viewer)
            let heir = try turn.subject(order.agent, in: record.id).snapshot
            guard heir.key.instance.rawValue == order.instance else {
                throw HiveError(.badRequest, "\(order.agent) lives on instance \(heir.key.instance.rawValue).")
            }
            let owner = try turn.state(of: record.id).owners().last?.agent
            guard owner?.instance == turn.local.instance, order.cosignatures.isEmpty else {
                return try turn.succeed(order, by: heir, in: record.id, hive)
            }
            let governor = try turn.governor(of: hive, viewer: viewer, least: .owner)
            try turn.transfer(hive, to: heir, by: governor, in: record.id)
            return SuccessionStep.transferred
        }
        switch step {
        case .transferred: return .transferred(try await group(id: id))
        case .needsMore(let pin, let cosignatures, let quorum):
            return .needsMore(pin: pin, cosignatures: cosignatures, quorum: quorum)
        }
    }

    func removeMember(group id: String, _ order: RemovalOrder) async throws -> FencedMember {
        let record = try await record(id)
        guard order.instance != local.instance.rawValue else {
            try await leave(record, reason: order.reason)
            return FencedMember(cutEvents: 0, fence: nil, isFetched: true)
        }
        let isFetched = order.fence == nil ? await fetch(from: order.instance, group: record.id) : false
        var removed = try await writer.perform { turn in try turn.removeMember(order, from: record.id) }
        removed.isFetched = isFetched
        return removed
    }

    /// How long a removal waits for what the member has written and nobody here has yet.
    private static let fetchMs: Int64 = 5_000

    /// Fetches what a member holds, so that the fence about it leaves out nothing it acknowledged; false where it can't
    /// be reached in time.
    private func fetch(from instance: String, group: GroupID) async -> Bool {
        guard let service = peering.service, let peers = try? await store.peers() else { return false }
        let peer = peers.first { peer in
            peer.instance?.rawValue == instance && peer.groups.contains(group) && peer.syncEndpoint != nil
        }
        guard let peer else { return false }
        return await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                do {
                    try await service.fetchAll(of: group, from: peer.id)
                    return true
                } catch {
                    return false
                }
            }
            tasks.addTask {
                try? await Task.sleep(for: .milliseconds(Self.fetchMs))
                return false
            }
            let isFetched = await tasks.next() ?? false
            tasks.cancelAll()
            return isFetched
        }
    }

    func changeRole(group id: String, instance: String, role: MemberRole) async throws -> FencedMember {
        let group = try await record(id).id
        let isFetched = await fetch(from: instance, group: group)
        var changed = try await writer.perform { turn in try turn.changeRole(of: instance, to: role, in: group) }
        changed.isFetched = isFetched
        return changed
    }

    func openEpoch(group id: String, _ order: EpochOrder) async throws -> OpenedEpoch {
        let group = try await record(id).id
        return try await writer.perform { [kept] turn in
            let opened = try turn.renewLog(order, in: group)
            try turn.keep(kept, of: opened)
            return opened
        }
    }

    private static let withoutHive = HiveError(.conflict, "The group has no hive here yet: it is still being received.")
}
