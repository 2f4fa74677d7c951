import HiveModel
public import HiveSync

extension SQLiteState {
    public func group() throws -> GroupRow? {
        if case .read(let genesis) = memory.genesis { return genesis }
        let genesis = try storedGenesis()
        memory.genesis = .read(genesis)
        return genesis
    }

    /// Whether the group's hive is public; false before its genesis.
    func isPublic() throws -> Bool {
        if let isPublic = memory.isPublic { return isPublic }
        let isPublic = try group()?.hive.isPublic ?? false
        memory.isPublic = isPublic
        return isPublic
    }

    public func putGroup(_ group: GroupRow) throws {
        let wasPublic = try self.group()?.hive.isPublic
        let owner = try agentRow(group.owner.key, name: group.owner.name, avatarURL: group.owner.avatarURL)
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
        memory.isPublic = group.hive.isPublic

        let show = statements.showGenesis
        show.bind(1, group.hive.description)
        show.bind(2, owner)
        show.bind(3, group.hive.isPublic)
        show.bind(4, group.hive.createdAtMs).bind(5, number)
        try show.run()
        if wasPublic != group.hive.isPublic {
            statements.setVisibility.bind(1, group.hive.isPublic ? 2 : 1).bind(2, number)
            try statements.setVisibility.run()
        }
    }

    // MARK: Roster

    public func rosterActs() throws -> [RosterAct] {
        let row = statements.acts
        defer { row.reset() }
        row.bind(1, number)
        var acts: [RosterAct] = []
        while try row.step() {
            acts.append(
                RosterAct(
                    origin: try row.instanceID(1),
                    stamp: try core.stamp(row, 0),
                    event: try row.eventID(2),
                    subject: try row.instanceID(3),
                    identityKey: try row.publicKey(4),
                    role: try row.role(5),
                    name: row.text(6),
                    fromEpoch: row.int(7),
                    replaces: row.text(8).split(separator: " ").compactMap { EventID(String($0)) },
                    grant: row.isNull(9) ? nil : try row.eventID(9)
                )
            )
        }
        return acts
    }

    public func addRosterAct(_ act: RosterAct) throws {
        let insert = statements.insertAct
        insert.bind(1, number)
        insert.bind(2, act.stamp)
        insert.bind(3, try core.instance(act.origin)).bind(4, act.event.rawValue)
        insert.bind(5, try core.instance(act.subject)).bind(6, blob: act.identityKey.bytes)
        insert.bind(7, act.role.rawValue).bind(8, act.name).bind(9, act.fromEpoch)
        insert.bind(10, act.replaces.map(\.rawValue).joined(separator: " "))
        insert.bind(11, act.grant?.rawValue)
        try insert.run()
    }

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
