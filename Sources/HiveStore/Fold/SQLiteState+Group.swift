import HiveModel
public import HiveSync

extension SQLiteState {
    public func group() throws -> GroupRow? {
        if case .read(let genesis) = memory.genesis { return genesis }
        let genesis = try storedGenesis()
        memory.genesis = .read(genesis)
        return genesis
    }

    public func putGroup(_ group: GroupRow) throws {
        _ = try agentRow(group.owner.key, name: group.owner.name, avatarURL: group.owner.avatarURL)
        let put = statements.putGenesis
        put.bind(1, number).bind(2, group.groupName).bind(3, group.hive.name)
        put.bind(4, group.hive.description)
        put.bind(5, group.hive.isPublic)
        put.bind(6, group.hive.createdAtMs).bind(7, try core.instance(group.owner.key.instance))
        put.bind(8, group.owner.key.agent.rawValue).bind(9, group.owner.name)
        put.bind(10, group.owner.avatarURL)
        put.bind(11, blob: group.identityKey.bytes)
        put.bind(12, group.policy.maxClockDriftMs).bind(13, group.policy.retentionDays)
        put.bind(14, group.policy.admission.rawValue).bind(15, group.policy.votePrivacy.rawValue)
        try put.run()
        memory.genesis = .read(group)
        try showHive()
    }

    // MARK: Roster

    public func members() throws -> [MemberRow] {
        if case .read(let members) = memory.members { return members }
        let row = statements.members
        defer { row.reset() }
        row.bind(1, number)
        var members: [MemberRow] = []
        while try row.step() { members.append(try MemberColumns.read(row)) }
        memory.members = .read(members)
        return members
    }

    public func putMembers(_ members: [MemberRow]) throws {
        statements.clearMembers.bind(1, number)
        try statements.clearMembers.run()
        let own = try core.meta(.instanceID)
        for member in members {
            let instance = try core.instance(member.instance)
            let insert = statements.insertMember
            insert.bind(1, number).bind(2, instance).bind(3, member.name).bind(4, member.role.rawValue)
            insert.bind(5, blob: member.identityKey.bytes)
            insert.bind(6, member.addedBy?.rawValue)
            try insert.run()
            guard !member.name.isEmpty, member.instance.rawValue != own else { continue }
            statements.nameInstance.bind(1, member.name).bind(2, instance)
            try statements.nameInstance.run()
        }
        memory.members = .read(members.sorted { $0.instance < $1.instance })
    }

    private func storedGenesis() throws -> GroupRow? {
        let row = statements.genesis
        defer { row.reset() }
        row.bind(1, number)
        return try row.step() ? try GenesisColumns.read(row) : nil
    }
}

/// A row of `GroupSQL.genesis`.
enum GenesisColumns {
    static func read(_ row: HotStatement) throws -> GroupRow {
        guard let admission = GroupPolicy.Admission(rawValue: row.text(12)),
            let votePrivacy = GroupPolicy.VotePrivacy(rawValue: row.text(13))
        else { throw DamagedRow("the policy of a group is unknown") }
        return GroupRow(
            groupName: row.text(0),
            hive: HiveDescription(
                name: row.text(1),
                description: row.optionalText(2),
                isPublic: row.bool(3),
                createdAtMs: row.int(4)
            ),
            owner: AgentSnapshot(
                key: AgentKey(instance: try row.instanceID(5), agent: try row.entityID(6)),
                name: row.text(7),
                avatarURL: row.optionalText(8)
            ),
            identityKey: try row.publicKey(9),
            policy: GroupPolicy(
                maxClockDriftMs: row.int(10),
                retentionDays: row.int(11),
                admission: admission,
                votePrivacy: votePrivacy
            )
        )
    }
}

/// A row of `GroupSQL.members`.
enum MemberColumns {
    static func read(_ row: HotStatement) throws -> MemberRow {
        MemberRow(
            instance: try row.instanceID(0),
            name: row.text(1),
            role: try row.role(2),
            identityKey: try row.publicKey(3),
            addedBy: row.isNull(4) ? nil : try row.eventID(4)
        )
    }
}
