import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Instances that ask to be let in (protocol, section 7: an admin approves).
extension WriteTurn {
    /// How long a request is kept after the last try, and a denied one after the denial.
    static let askingKeptMs: Int64 = 7 * 86_400_000
    private static let askersPerGroupMax = 100
    private static let askersPerAddressMax = 10
    /// Tries in between are not counted, so that asking often costs nothing.
    private static let askingCountedMs: Int64 = 10_000

    /// Remembers who asks, where this instance could let it in.
    func noteAsking(_ request: JoinRequest, for group: GroupID) throws {
        guard let record = try transaction.groups().first(where: { $0.id == group && $0.isShared }),
            let hive = record.hiveName, try mayLetIn(.member, to: group)
        else { return }
        var transaction = transaction
        try transaction.prunePendingJoins(nowMs: nowMs)
        let asking = try transaction.pendingJoins().filter { $0.group == group }
        if var held = asking.first(where: { $0.instance == request.instance }) {
            guard nowMs - held.lastAtMs >= Self.askingCountedMs else { return }
            held.tries += 1
            held.lastAtMs = nowMs
            if held.state == .pending {
                held.expiresAtMs = nowMs + Self.askingKeptMs
                held.name = request.name
                held.hiveName = hive
                held.syncEndpoint = request.syncEndpoint
                held.address = request.address
            }
            return try transaction.putPendingJoin(held)
        }
        let fromThere = asking.count { $0.address == request.address }
        guard asking.count < Self.askersPerGroupMax, fromThere < Self.askersPerAddressMax else { return }
        let new = PendingJoin(
            id: "req_" + RandomText.nanoid(),
            group: group,
            hiveName: hive,
            instance: request.instance,
            identityKey: request.identityKey,
            name: request.name,
            syncEndpoint: request.syncEndpoint,
            address: request.address,
            firstAtMs: nowMs,
            lastAtMs: nowMs,
            expiresAtMs: nowMs + Self.askingKeptMs
        )
        try transaction.putPendingJoin(new)
    }

    func pendingJoin(_ id: String) throws -> PendingJoin {
        guard let found = try transaction.pendingJoins().first(where: { $0.id == id && $0.expiresAtMs > nowMs }) else {
            throw HiveError(.notFound, "There is no request \(id) here: it may have expired, or been approved.")
        }
        return found
    }

    /// Lets the instance in: its next try finds it a member.
    func approve(_ id: String, as role: MemberRole) throws -> PendingJoin {
        var asked = try pendingJoin(id)
        guard let record = try transaction.groups().first(where: { $0.id == asked.group }), record.isShared else {
            throw HiveError(.conflict, "The group is not shared from here any more.")
        }
        let state = try state(of: asked.group)
        let own = try state.members().first { $0.instance == local.instance }?.role
        try mayInvite(role, as: own, policy: try state.group()?.policy)
        let newcomer = Newcomer(instance: asked.instance, identityKey: asked.identityKey, name: asked.name)
        _ = try letIn(newcomer, as: role, to: asked.group)
        var transaction = transaction
        try transaction.removePendingJoin(of: asked.instance, to: asked.group)
        asked.state = .approved
        return asked
    }

    func deny(_ id: String) throws -> PendingJoin {
        var asked = try pendingJoin(id)
        asked.state = .denied
        asked.expiresAtMs = nowMs + Self.askingKeptMs
        var transaction = transaction
        try transaction.putPendingJoin(asked)
        return asked
    }

    private func mayLetIn(_ role: MemberRole, to group: GroupID) throws -> Bool {
        let state = try state(of: group)
        let own = try state.members().first { $0.instance == local.instance }?.role
        let policy = try state.group()?.policy
        return (try? mayInvite(role, as: own, policy: policy)) != nil
    }
}
