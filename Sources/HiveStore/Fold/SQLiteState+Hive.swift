import HiveModel
import HiveSync

/// The hive's row as genesis, owners, settings and members make it, and what in other tables hangs on it.
extension SQLiteState {
    /// Whether the group's hive is public by its genesis and settings; false before its genesis.
    func isPublic() throws -> Bool {
        if let isPublic = memory.isPublic { return isPublic }
        let isPublic = try group().map { try EffectiveHive(genesis: $0, settings: settings()).isPublic } ?? false
        memory.isPublic = isPublic
        return isPublic
    }

    /// Writes what was decided into the hive's row; its local name stays.
    func showHive() throws {
        guard let genesis = try group() else { return }
        let wasPublic = try isPublic()
        let hive = EffectiveHive(genesis: genesis, settings: try settings())
        memory.isPublic = hive.isPublic
        let owner = try owners().last.map(\.agent) ?? genesis.owner.key
        let show = try core.prepare(GroupSQL.showHive)
        let row = try owner.map { try agentRow($0, name: nil, avatarURL: nil) }
        show.bind(1, hive.description)
        show.bind(2, row)
        show.bind(3, hive.isPublic)
        show.bind(4, genesis.hive.createdAtMs).bind(5, number)
        try show.run()
        memory.mustRecountMembers = true
        if wasPublic != hive.isPublic { try showPosts(isPublic: hive.isPublic) }
    }

    /// Shows in a new row what was decided before it was made.
    func hiveMade() throws {
        try showHive()
        if try !settings().isEmpty { try showSettings() }
    }

    private func showPosts(isPublic: Bool) throws {
        for set in [statements.setVisibility, statements.setRankVisibility] {
            set.bind(1, isPublic ? 2 : 1).bind(2, number)
            try set.run()
        }
        guard isPublic else { return }
        // Whoever wrote here was met in public now.
        try runForGroup(AgentSQL.listThoseOfGroup, parameters: 5)
    }

    /// Writes the settings that the API shows as one object.
    func showSettings() throws {
        let json = EffectiveHive.othersJSON(try settings())
        let show = try core.prepare(GroupSQL.showSettings)
        if let json { show.bind(1, utf8: json) } else { show.bindNull(1) }
        show.bind(2, core.now()).bind(3, number)
        try show.run()
    }

    /// Takes the settings out of the hive's row, before they go.
    func forgetSettings() throws {
        guard try !settings().isEmpty else { return }
        try runForGroup(DecidedSQL.clearSettings)
        try showSettings()
    }

    // MARK: Members

    /// Runs `body`, which changes whether an agent is a member, and counts that.
    func countingMember(_ agent: RowNumber, _ body: () throws -> Void) throws {
        if memory.mustRecountMembers { return try body() }
        let before = try memberCount(agent)
        try body()
        memory.memberDelta += try memberCount(agent) - before
    }

    private func memberCount(_ agent: RowNumber) throws -> Int64 {
        let row = statements.isMember
        defer { row.reset() }
        row.bind(1, number).bind(2, agent)
        return try row.step() ? row.int(0) : 0
    }

    func flushMemberCount() throws {
        if memory.mustRecountMembers {
            try runForGroup(GroupSQL.recountMembers, parameters: 2)
        } else if memory.memberDelta != 0 {
            let add = try core.prepare(GroupSQL.addMembers)
            add.bind(1, memory.memberDelta).bind(2, number)
            try add.run()
        }
        memory.memberDelta = 0
        memory.mustRecountMembers = false
    }
}

/// A hive as its settings leave what its genesis says.
struct EffectiveHive {
    var description: String?
    var isPublic: Bool
    var policy: GroupPolicy

    init(genesis: GroupRow, settings: [SettingRow]) {
        description = genesis.hive.description
        isPublic = genesis.hive.isPublic
        policy = genesis.policy
        for setting in settings {
            guard let value = try? JSONValue(parsing: setting.value) else { continue }
            switch setting.key {
            case HiveSettings.description: description = value.string
            case HiveSettings.isPublic: isPublic = value.bool ?? isPublic
            case HiveSettings.retentionDays: policy.retentionDays = value.int ?? policy.retentionDays
            case HiveSettings.maxClockDriftMs: policy.maxClockDriftMs = value.int ?? policy.maxClockDriftMs
            default: break
            }
        }
    }

    /// All settings that have no meaning of their own here and are not null, as one canonical object; nil where there
    /// are none.
    static func othersJSON(_ settings: [SettingRow]) -> [UInt8]? {
        let known = [
            HiveSettings.description, HiveSettings.isPublic, HiveSettings.retentionDays, HiveSettings.maxClockDriftMs,
        ]
        let members = settings.compactMap { setting -> JSONMember? in
            guard !known.contains(setting.key), let value = try? JSONValue(parsing: setting.value), !value.isNull else {
                return nil
            }
            return JSONMember(setting.key, value)
        }
        return members.isEmpty ? nil : JSONValue.object(unsorted: members).canonicalBytes()
    }
}
