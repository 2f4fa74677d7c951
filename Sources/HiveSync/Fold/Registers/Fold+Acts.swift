import HiveModel

// Acts whose effect is decided over all of them: remembered here, decided in `settle`.
extension Fold {
    /// `group_created`: counts where its hash is the group's id.
    mutating func recordGenesis(_ genesis: GroupCreated, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.groupID == nil, GroupID(genesisHash: event.hash) == group,
            event.header.isBy(genesis.owner.key)
        else { return .void("not the event this group is named after") }
        guard try state.group() == nil else { return .applied }
        _ = try loadDecisions(&state)
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
        stale.isRoster = true
        return .applied
    }

    /// `instance_added`: remembered whoever wrote it, because later acts may give its writer the right.
    mutating func recordAddition(_ addition: InstanceAdded, _ event: Event, in state: inout State) throws -> FoldVerdict
    {
        guard addition.role != .owner,
            addition.instance == InstanceID(identityKey: addition.identityKey, hashing: crypto)
        else { return .void("the instance id does not belong to the identity key, or the role can't be given") }
        return try record(ActKey(roster: addition.instance), event, in: &state)
    }

    /// `instance_removed`: of another, or of the writer itself (leave).
    mutating func recordRemoval(_ removal: InstanceRemoved, _ event: Event, in state: inout State) throws -> FoldVerdict
    {
        try record(ActKey(roster: removal.instance), event, in: &state)
    }

    /// `owner_changed`: its signatures say whether it counts, whoever wrote it.
    mutating func recordTransfer(_ event: Event, in state: inout State) throws -> FoldVerdict {
        try record(.ownership, event, in: &state)
    }

    /// `moderator_changed`: a register for each agent.
    mutating func recordModerator(
        _ change: ModeratorChanged,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(change.by.key) else { return VoidReason.foreignAgent }
        try know(change.agent, in: &state)
        try know(change.by, in: &state)
        stale.isModerators = true
        return try record(ActKey(.moderator, about: change.agent.key), event, in: &state)
    }

    /// `membership_changed` ban, unban and approve: a register for each agent.
    mutating func recordBan(
        _ change: MembershipChanged,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(change.by.key) else { return VoidReason.foreignAgent }
        try know(change.agent, in: &state)
        try know(change.by, in: &state)
        stale.bans.insert(change.agent.key)
        return try record(ActKey(.ban, about: change.agent.key), event, in: &state)
    }

    /// `hive_setting_changed`: a register for each key.
    mutating func recordSetting(
        _ change: HiveSettingChanged,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(change.by.key) else { return VoidReason.foreignAgent }
        if let fault = HiveSettings.fault(change.key, change.value) { return .void(fault) }
        try know(change.by, in: &state)
        stale.settings.insert(ActKey(setting: change.key))
        return try record(ActKey(setting: change.key), event, in: &state)
    }

    private mutating func record(_ key: ActKey, _ event: Event, in state: inout State) throws -> FoldVerdict {
        // What was decided without it has to be known first.
        _ = try loadDecisions(&state)
        try state.addAct(key, origin: event.header.origin, place: event.header.place)
        if key.kind == .ownership || key.kind == .roster { stale.isRoster = true }
        return .applied
    }

    private func know(_ agent: AgentSnapshot, in state: inout State) throws {
        _ = try state.agentRow(agent.key, name: agent.name, avatarURL: agent.avatarURL)
    }
}

/// Which registers got acts since they were decided.
struct StaleDecisions {
    /// Ownership or roster, and with them everything.
    var isRoster = false
    var isModerators = false
    var bans: Set<AgentKey> = []
    var settings: Set<ActKey> = []

    var isEmpty: Bool { !isRoster && !isModerators && bans.isEmpty && settings.isEmpty }
}
