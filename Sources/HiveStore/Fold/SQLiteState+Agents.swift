public import HiveModel
public import HiveSync

extension SQLiteState {
    public func agentRow(_ key: AgentKey, name: String?, avatarURL: String?) throws -> RowNumber {
        // Who votes under another name is nobody to be listed.
        let isListed = try !key.agent.rawValue.hasPrefix("v_") && isPublic()
        return try core.agentRow(key, name: name, avatarURL: avatarURL, isListed: isListed)
    }

    public func agentKey(_ row: RowNumber) throws -> AgentKey {
        if let key = core.interning.agentKeys[row] { return key }
        let find = statements.agentKey
        defer { find.reset() }
        find.bind(1, row)
        guard try find.step() else { throw DamagedRow("agent \(row) has no row") }
        let key = AgentKey(instance: try core.instanceID(find.int(1)), agent: try find.entityID(0))
        core.interning.remember(row, key)
        return key
    }

    public func profile(of agent: RowNumber) throws -> ProfileRow? {
        let statement = statements.profile
        defer { statement.reset() }
        statement.bind(1, number).bind(2, agent)
        guard try statement.step() else { return nil }
        return ProfileRow(
            name: statement.text(0),
            avatarURL: statement.optionalText(1),
            stamp: try core.stamp(statement, 2)
        )
    }

    public func putProfile(_ profile: ProfileRow, of agent: RowNumber) throws {
        let put = statements.putProfile
        put.bind(1, number).bind(2, agent).bind(3, profile.name)
        put.bind(4, profile.avatarURL)
        put.bind(5, profile.stamp)
        try put.run()
        let show = statements.showAgent
        show.bind(1, profile.name)
        show.bind(2, profile.avatarURL)
        show.bind(3, profile.stamp)
        show.bind(4, agent)
        show.bind(5, profile.stamp)
        try show.run()
    }

    public func addKarma(_ delta: Int64, to agent: RowNumber) throws {
        core.addKarma(delta, to: agent, group: number)
    }

    public func karma(of agent: RowNumber) throws -> Int64 {
        let statement = statements.groupKarma
        defer { statement.reset() }
        statement.bind(1, agent).bind(2, number)
        let stored = try statement.step() ? statement.int(0) : 0
        return stored + core.pendingKarma(of: agent, group: number)
    }
}
