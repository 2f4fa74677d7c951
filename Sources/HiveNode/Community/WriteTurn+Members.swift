import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Removing instances from a group, and giving them other roles (protocol, section 7).
extension WriteTurn {
    func removeMember(_ order: RemovalOrder, from group: GroupID) throws -> FencedMember {
        let member = try member(order.instance, of: group)
        guard member.instance != local.instance else { return try leave(member, reason: order.reason, group) }
        let grant = try rosterGrant(over: member, in: group)
        let fence = try fence(order.fence, of: member.instance, in: group)
        try remove(member, fence, order, grant, in: group)
        guard try !state(of: group).members().contains(where: { $0.instance == member.instance }) else {
            throw Self.noEffect
        }
        return FencedMember(cutEvents: try count(of: member.instance, beyond: fence, in: group), fence: fence)
    }

    /// A role never changes in place: a removal with a fence, and an addition that replaces it, from the next epoch on.
    func changeRole(of instance: String, to role: MemberRole, in group: GroupID) throws -> FencedMember {
        let member = try member(instance, of: group)
        let fence = try fence(nil, of: member.instance, in: group)
        guard member.role != role else { return FencedMember(cutEvents: 0, fence: fence) }
        guard member.instance != local.instance else {
            throw HiveError(.forbidden, "An instance does not change its own role.")
        }
        let grant = try rosterGrant(over: member, in: group)
        guard role != .owner else {
            throw HiveError(.badRequest, "The group has one owner: use transfer-owner to name another.")
        }
        guard role != .admin || grant == nil else {
            throw HiveError(.forbidden, "Only the owner makes an instance admin of the group.")
        }
        let order = RemovalOrder(instance: instance, reason: "role changed to \(role.rawValue)")
        try remove(member, fence, order, grant, in: group)
        let addition = InstanceAdded(
            instance: member.instance,
            identityKey: member.identityKey,
            role: role,
            name: member.name,
            fromEpoch: (fence?.place.epoch ?? 0) + 1
        )
        try emitRoster(.instanceAdded(addition), about: member.instance, grant, in: group)
        let now = try state(of: group).members().first { $0.instance == member.instance }
        guard now?.role == role else { throw Self.noEffect }
        return FencedMember(cutEvents: 0, fence: fence)
    }

    // MARK: Parts

    private func member(_ id: String, of group: GroupID) throws -> MemberRow {
        guard let member = try state(of: group).members().first(where: { $0.instance.rawValue == id }) else {
            throw HiveError(.notFound, "No instance \(id) is a member of the group.")
        }
        return member
    }

    private func leave(_ member: MemberRow, reason: String?, _ group: GroupID) throws -> FencedMember {
        guard member.role != .owner else {
            throw HiveError(.conflict, "This instance owns the group: hand it over (transfer-owner) before it leaves.")
        }
        let leaving = InstanceRemoved(instance: member.instance, fence: nil, reason: reason)
        try emitRoster(.instanceRemoved(leaving), about: member.instance, nil, in: group)
        return FencedMember(cutEvents: 0, fence: nil)
    }

    /// What an act about a member cites: nothing for the owner, its own addition for an admin instance.
    private func rosterGrant(over member: MemberRow, in group: GroupID) throws -> EventID? {
        guard member.role != .owner else {
            throw HiveError(.forbidden, "Nobody removes the instance that owns the group.")
        }
        let own = try state(of: group).members().first { $0.instance == local.instance }
        switch own?.role {
        case .owner: return nil
        case .admin where member.role != .admin: return own?.addedBy
        case .admin, .member, .readonly, nil:
            throw HiveError(
                .forbidden,
                "Only the instance that owns the group, and its admin instances for others than admins, may do this."
            )
        }
    }

    private func remove(
        _ member: MemberRow,
        _ fence: Fence?,
        _ order: RemovalOrder,
        _ grant: EventID?,
        in group: GroupID
    ) throws {
        let removal = InstanceRemoved(
            instance: member.instance,
            fence: fence,
            reason: order.reason,
            removesInvited: order.removesInvited
        )
        try emitRoster(.instanceRemoved(removal), about: member.instance, grant, in: group)
    }

    private func emitRoster(
        _ payload: EventPayload,
        about instance: InstanceID,
        _ grant: EventID?,
        in group: GroupID
    ) throws {
        let refs = EventRefs(par: try seenHeads(of: ActKey(roster: instance), in: group), auth: grant)
        guard let write = LocalWrite(payload, refs: refs) else {
            throw HiveError(.internalFault, "An event without a payload can't be written.")
        }
        try emit(write, in: group)
    }

    /// As given, where that event is held; otherwise how far the log is held.
    private func fence(_ given: Fence?, of instance: InstanceID, in group: GroupID) throws -> Fence? {
        guard let given else { return try fence(of: instance, in: group) }
        guard try state(of: group).eventHash(origin: instance, place: given.place) == given.hash else {
            throw HiveError(
                .badRequest,
                "The fence names event \(given.place.seq) of epoch \(given.place.epoch), which is not held with that hash."
            )
        }
        return given
    }

    /// Events held of an instance behind a place.
    func count(of instance: InstanceID, beyond fence: Fence?, in group: GroupID) throws -> Int64 {
        let state = try state(of: group)
        guard let head = try state.head(of: instance) else { return 0 }
        if let fence, fence.place.epoch == head.place.epoch { return max(0, head.place.seq - fence.place.seq) }
        var (count, arrival): (Int64, RowNumber) = (0, 0)
        while let page = try Optional(state.events(of: instance, after: arrival, limit: 500)), let last = page.last {
            count += Int64(page.count { stored in fence.map { stored.event.header.place > $0.place } ?? true })
            arrival = last.arrival
        }
        return count
    }
}
