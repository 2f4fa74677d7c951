import HiveModel

extension Fold {
    /// What may be done by whom, read from the state at the first use in a transaction.
    mutating func loadAuthority(_ state: inout State) throws -> Authority {
        if let authority { return authority }
        let loaded = try authority(with: state.members(), in: &state)
        authority = loaded
        return loaded
    }

    private func authority(with members: [MemberRow], in state: inout State) throws -> Authority {
        let ownership = try state.group().map(Ownership.init(genesis:))
        let agent = try ownership?.current.map { try state.agentRow($0, name: nil, avatarURL: nil) }
        return Authority(ownership: ownership, members: members, ownerAgent: agent)
    }

    /// `group_created`: counts where its hash is the group's id.
    mutating func foldGenesis(
        _ genesis: GroupCreated,
        _ event: Event,
        to state: inout State
    ) throws -> FoldVerdict {
        guard try recordGenesis(genesis, event, in: &state) else {
            return .void("not the event this group is named after")
        }
        isRosterStale = true
        return .applied
    }

    /// `instance_added`: remembered whoever wrote it, because later acts may give its writer the right.
    mutating func foldAddition(
        _ addition: InstanceAdded,
        _ event: Event,
        to state: inout State
    ) throws -> FoldVerdict {
        guard try recordAddition(addition, event, in: &state) else {
            return .void("the instance id does not belong to the identity key, or the role can't be given")
        }
        isRosterStale = true
        return .applied
    }

    /// Remembers the genesis without deciding anything; false where it is void.
    mutating func recordGenesis(_ genesis: GroupCreated, _ event: Event, in state: inout State) throws -> Bool {
        guard event.header.groupID == nil, GroupID(genesisHash: event.hash) == group,
            event.header.isBy(genesis.owner.key)
        else { return false }
        guard try state.group() == nil else { return true }
        let row = GroupRow(
            groupName: genesis.groupName,
            hive: genesis.hive,
            owner: genesis.owner,
            identityKey: genesis.identityKey,
            policy: genesis.policy
        )
        try state.putGroup(row)
        _ = try state.agentRow(genesis.owner.key, name: genesis.owner.name, avatarURL: genesis.owner.avatarURL)
        try root.add(.group(row), crypto, state)
        return true
    }

    /// Remembers an addition without deciding anything; false where it is void for everybody and ever.
    mutating func recordAddition(_ addition: InstanceAdded, _ event: Event, in state: inout State) throws -> Bool {
        guard addition.role != .owner,
            addition.instance == InstanceID(identityKey: addition.identityKey, hashing: crypto)
        else {
            return false
        }
        try state.addRosterAct(
            RosterAct(
                origin: event.header.origin,
                stamp: event.header.stamp,
                event: event.id,
                subject: addition.instance,
                identityKey: addition.identityKey,
                role: addition.role,
                name: addition.name,
                fromEpoch: addition.fromEpoch,
                replaces: event.header.refs.par,
                grant: event.header.refs.auth
            )
        )
        return true
    }

    /// Decides the roster anew where acts about it were folded since.
    ///
    /// Instances that may write from now on have their stored events applied; where one may not write any more the
    /// group is folded from nothing. Since the fold does not depend on order, content may be folded before by the old
    /// decision, and one decision for many acts is enough: at the end of a transaction, and before an event of an
    /// instance that may not write by the old one is set aside. So nobody can make a replica decide, or re-fold, once
    /// for every act it sends.
    mutating func settle(_ state: inout State) throws {
        guard isRosterStale else { return }
        isRosterStale = false
        let before = try state.members()
        let after = try decidedMembers(in: state)
        guard before != after else { return }
        try replaceMembers(before, by: after, in: &state)
        let couldWrite = Authority.writers(among: before)
        let canWrite = Authority.writers(among: after)
        guard couldWrite.isSubset(of: canWrite) else { return try refold(&state) }
        for member in after where canWrite.contains(member.instance) && !couldWrite.contains(member.instance) {
            try applyStoredContent(of: member.instance, in: &state)
        }
    }

    func decidedMembers(in state: State) throws -> [MemberRow] {
        guard let group = try state.group() else { return [] }
        return Roster.decide(group: group, ownership: Ownership(genesis: group), acts: try state.rosterActs())
    }

    mutating func replaceMembers(_ before: [MemberRow], by after: [MemberRow], in state: inout State) throws {
        for member in before where !after.contains(member) { try root.remove(.member(member), crypto, state) }
        for member in after where !before.contains(member) { try root.add(.member(member), crypto, state) }
        try state.putMembers(after)
        authority = try authority(with: after, in: &state)
        lastWriter = nil
        try state.note(.rosterChanged)
    }
}
