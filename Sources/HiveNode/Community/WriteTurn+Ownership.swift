import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Handing a hive over (protocol, section 7).
extension WriteTurn {
    /// As the owner: signed with the identity key, which pins this instance's log as it is just before.
    func transfer(_ hive: HiveView, to agent: AgentSnapshot, by governor: Governor, in group: GroupID) throws {
        try checkHeir(agent, in: group, hive)
        let state = try state(of: group)
        guard let owner = try state.owners().last, let head = try state.head(of: local.instance) else {
            throw HiveError(.internalFault, "The hive \(hive.name) has no owner or no log here.")
        }
        var transfer = OwnerChanged(
            n: owner.n,
            to: AgentSnapshot(key: agent.key, name: agent.name, avatarURL: nil),
            pin: Fence(place: head.place, hash: head.hash),
            authority: .owner(signature: []),
            extra: governor.actingAdmin.map { [Self.acting($0)] } ?? []
        )
        transfer.authority = .owner(signature: local.sign(transfer.signedText(group: group)))
        memory.hives.removeAll()
        try emit(.ownerChanged(transfer), in: group)
        guard try self.state(of: group).owners().last?.agent == agent.key else { throw Self.noEffect }
    }

    /// The new owner must be able to act: on an instance that is a member and may write.
    func checkHeir(_ agent: AgentSnapshot, in group: GroupID, _ hive: HiveView) throws {
        guard try !isOwner(agent, in: group) else {
            throw HiveError(.badRequest, "\(agent.name) owns the hive \(hive.name) already.")
        }
        let instance = agent.key.instance
        let member = try state(of: group).members().first { $0.instance == instance }
        guard let member, member.role != .readonly else {
            throw HiveError(
                .badRequest,
                "\(agent.name) lives on instance \(instance.rawValue), which may not write in the group of \(hive.name)."
            )
        }
    }

    /// Repeats word for word the transfer that makes an agent of this instance the owner: its first act as one.
    ///
    /// Nothing where it was done, or no transfer names this instance.
    func acceptOwnership(in group: GroupID) throws {
        let state = try state(of: group)
        guard try state.head(of: local.instance) != nil, let owner = try state.owners().last, owner.n > 1,
            let agent = owner.agent, agent.instance == local.instance
        else { return }
        let transfers = try state.acts(ActKind.ownership).filter { event in
            guard case .ownerChanged(let said) = EventPayload(of: event) else { return false }
            return said.n == owner.n - 1 && said.to.key == agent
        }
        guard !transfers.contains(where: { $0.header.origin == local.instance }),
            let first = transfers.min(by: { $0.id < $1.id })
        else { return }
        memory.hives.removeAll()
        try emit(LocalWrite(type: first.header.type, payload: first.payload), in: group)
    }
}
