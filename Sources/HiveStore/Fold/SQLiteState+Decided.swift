import HiveModel
public import HiveSync

extension SQLiteState {
    // MARK: Owners and moderators

    public func owners() throws -> [OwnerRow] {
        let row = statements.owners
        row.bind(1, number)
        var terms: [(n: Int64, agent: RowNumber?)] = []
        while try row.step() { terms.append((row.int(0), row.optionalInt(1))) }
        return try terms.map { OwnerRow(n: $0.n, agent: try $0.agent.map(agentKey)) }
    }

    public func putOwners(_ owners: [OwnerRow]) throws {
        try runForGroup(DecidedSQL.clearOwners)
        let insert = try core.prepare(DecidedSQL.insertOwner)
        for owner in owners {
            let agent = try owner.agent.map { try agentRow($0, name: nil, avatarURL: nil) }
            insert.bind(1, number).bind(2, owner.n)
            insert.bind(3, agent)
            try insert.run()
        }
        try showHive()
    }

    public func moderators() throws -> [ModeratorRow] {
        let row = statements.moderators
        defer { row.reset() }
        row.bind(1, number)
        var moderators: [ModeratorRow] = []
        while try row.step() {
            guard let role = ModeratorRole(rawValue: row.text(1)) else { throw DamagedRow("a moderator has no role") }
            moderators.append(ModeratorRow(agent: row.int(0), role: role, event: try row.eventID(2)))
        }
        return moderators
    }

    public func putModerators(_ moderators: [ModeratorRow]) throws {
        try runForGroup(DecidedSQL.clearModerators)
        let insert = try core.prepare(DecidedSQL.insertModerator)
        for moderator in moderators {
            insert.bind(1, number).bind(2, moderator.agent).bind(3, moderator.role.rawValue)
            insert.bind(4, moderator.event.rawValue)
            try insert.run()
        }
        memory.mustRecountMembers = true
    }

    // MARK: Bans

    public func bans() throws -> [BanRow] {
        let row = statements.bans
        defer { row.reset() }
        row.bind(1, number)
        var bans: [BanRow] = []
        while try row.step() { bans.append(try BanColumns.read(row, core)) }
        return bans
    }

    public func ban(of agent: RowNumber) throws -> BanRow? {
        let row = statements.ban
        defer { row.reset() }
        row.bind(1, number).bind(2, agent)
        return try row.step() ? try BanColumns.read(row, core) : nil
    }

    public func putBan(_ ban: BanRow?, of agent: RowNumber) throws {
        try countingMember(agent) {
            guard let ban else {
                statements.removeBan.bind(1, number).bind(2, agent)
                return try statements.removeBan.run()
            }
            let put = statements.putBan
            put.bind(1, number).bind(2, agent).bind(3, ban.action.rawValue).bind(4, ban.scope.rawValue)
            put.bind(5, ban.fence?.place.epoch)
            put.bind(6, ban.fence?.place.seq)
            put.bind(7, ban.fence?.hash)
            put.bind(8, ban.by)
            put.bind(9, ban.reason)
            put.bind(10, ban.stamp)
            put.bind(11, ban.event.rawValue)
            try put.run()
        }
    }

    // MARK: Memberships

    public func membership(of agent: RowNumber) throws -> MembershipRow? {
        let row = statements.membership
        defer { row.reset() }
        row.bind(1, number).bind(2, agent)
        return try row.step() ? MembershipRow(isJoined: row.bool(0), stamp: try core.stamp(row, 1)) : nil
    }

    public func putMembership(_ membership: MembershipRow, of agent: RowNumber) throws {
        try countingMember(agent) {
            let put = statements.putMembership
            put.bind(1, number).bind(2, agent)
            put.bind(3, membership.isJoined)
            put.bind(4, membership.stamp)
            try put.run()
        }
    }

    /// By agent row.
    func memberships() throws -> [(agent: RowNumber, membership: MembershipRow)] {
        let row = statements.memberships
        defer { row.reset() }
        row.bind(1, number)
        var memberships: [(agent: RowNumber, membership: MembershipRow)] = []
        while try row.step() {
            memberships.append((row.int(0), MembershipRow(isJoined: row.bool(1), stamp: try core.stamp(row, 2))))
        }
        return memberships
    }

    // MARK: Settings

    public func settings() throws -> [SettingRow] {
        let row = statements.settings
        defer { row.reset() }
        row.bind(1, number)
        var settings: [SettingRow] = []
        while try row.step() { settings.append(try SettingColumns.read(row)) }
        return settings
    }

    public func setting(_ key: String) throws -> SettingRow? {
        let row = statements.setting
        defer { row.reset() }
        row.bind(1, number).bind(2, key)
        return try row.step() ? try SettingColumns.read(row) : nil
    }

    public func putSetting(_ setting: SettingRow?, of key: String) throws {
        // What it was before is told from the settings as they were.
        _ = try isPublic()
        if let setting {
            let put = statements.putSetting
            put.bind(1, number).bind(2, key)
            put.bind(3, utf8: setting.value)
            put.bind(4, setting.event.rawValue).bind(5, setting.heads.map(\.rawValue).joined(separator: " "))
            try put.run()
        } else {
            statements.removeSetting.bind(1, number).bind(2, key)
            try statements.removeSetting.run()
        }
        try showHive()
        try showSettings()
    }
}

/// A row of `DecidedSQL.bans`.
enum BanColumns {
    static func read(_ row: HotStatement, _ core: WriterCore) throws -> BanRow {
        guard let action = MembershipChanged.Action(rawValue: row.text(1)), let scope = BanScope(rawValue: row.text(2))
        else { throw DamagedRow("a ban has no action or scope") }
        var fence: Fence?
        if let epoch = row.optionalInt(3) {
            fence = Fence(place: Place(epoch: epoch, seq: row.int(4)), hash: try row.hash(5))
        }
        return BanRow(
            agent: row.int(0),
            event: try row.eventID(9),
            action: action,
            scope: scope,
            fence: fence,
            by: row.int(6),
            reason: row.optionalText(7),
            stamp: try core.stamp(row, 8)
        )
    }
}

/// A row of `DecidedSQL.settings`.
enum SettingColumns {
    static func read(_ row: HotStatement) throws -> SettingRow {
        SettingRow(
            key: row.text(0),
            value: row.blob(1),
            event: try row.eventID(2),
            heads: row.text(3).split(separator: " ").compactMap { EventID(String($0)) }
        )
    }
}
