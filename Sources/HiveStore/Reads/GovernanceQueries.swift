import HiveModel
import HivePorts
import HiveSync

/// Who is in a hive, as readers see it.
enum GovernanceQueries {
    /// Nil where it is no member.
    ///
    /// Admins of a hive count as its moderators.
    static func roleName(of agent: Int64, inHive name: String, _ reader: Reader) throws -> String? {
        guard let hive = try hive(named: name, reader), let role = try role(of: agent, hive.group, reader) else {
            return nil
        }
        return (role == .admin ? .moderator : role).rawValue
    }

    static func standing(of agent: Int64, inHive name: String, _ reader: Reader) throws -> HiveStanding {
        guard let hive = try hive(named: name, reader) else { throw HiveError.noHive(name) }
        var standing = HiveStanding(role: try role(of: agent, hive.group, reader))
        let membership = try reader.prepare(DecidedSQL.membership)
        membership.bind(1, hive.group).bind(2, agent)
        standing.hasJoined = try membership.step() && membership.bool(0)
        let ban = try reader.prepare(GovernanceSQL.standing)
        ban.bind(1, hive.group).bind(2, agent)
        if try ban.step() {
            standing.isBanned = ban.text(0) == MembershipChanged.Action.ban.rawValue
            standing.isApproved = ban.text(0) == MembershipChanged.Action.approve.rawValue
        }
        let grant = try reader.prepare(GovernanceSQL.grant)
        grant.bind(1, hive.group).bind(2, agent)
        standing.grantID = try grant.step() ? grant.text(0) : nil
        return standing
    }

    private static func role(of agent: Int64, _ group: Int64, _ reader: Reader) throws -> HiveRole? {
        let row = try reader.prepare(GovernanceSQL.role)
        row.bind(1, group).bind(2, agent)
        return try row.step() ? HiveRole(rawValue: row.text(0)) : nil
    }

    /// Whoever looks.
    private static func hive(named name: String, _ reader: Reader) throws -> HiveRow? {
        let row = try reader.prepare(ReadSQL.hiveByName)
        row.bind(1, name)
        return try row.step() ? HiveColumns.read(row) : nil
    }

    // MARK: Lists

    static func members(_ hive: HiveRow, limit: Int, offset: Int, _ reader: Reader) throws -> Page<HiveMember> {
        let row = try reader.prepare(GovernanceSQL.members)
        row.bind(1, hive.group).bind(2, Int64(limit)).bind(3, Int64(offset))
        return Page(rows: try members(row), total: hive.view.memberCount)
    }

    static func applicants(_ hive: HiveRow, limit: Int, offset: Int, _ reader: Reader) throws -> Page<HiveMember> {
        let row = try reader.prepare(GovernanceSQL.applicants)
        row.bind(1, hive.group).bind(2, Int64(limit)).bind(3, Int64(offset))
        let total = try reader.int(GovernanceSQL.countApplicants) { $0.bind(1, hive.group) }
        return Page(rows: try members(row), total: total ?? 0)
    }

    private static func members(_ row: HotStatement) throws -> [HiveMember] {
        let role = AgentColumns.count
        var members: [HiveMember] = []
        while try row.step() {
            members.append(
                HiveMember(
                    agent: AgentColumns.read(row, from: 0),
                    role: row.optionalText(role).flatMap { HiveRole(rawValue: $0) },
                    joinedAtMs: row.stampMs(role + 1) ?? row.optionalInt(role + 2)
                )
            )
        }
        return members
    }

    static func moderators(_ hive: HiveRow, _ reader: Reader) throws -> [HiveModerator] {
        let row = try reader.prepare(GovernanceSQL.moderators)
        row.bind(1, hive.group)
        var moderators: [HiveModerator] = []
        while try row.step() {
            moderators.append(
                HiveModerator(
                    agent: AgentColumns.read(row, from: 0),
                    role: HiveRole(rawValue: row.text(AgentColumns.count)) ?? .moderator,
                    appointedBy: nil,
                    appointedAtMs: nil,
                    eventID: row.text(AgentColumns.count + 1)
                )
            )
        }
        let acts = try GroupEvents(hive, reader).acts(.moderator)
        let byID = Dictionary(acts.map { ($0.id.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
        for index in moderators.indices {
            guard let act = byID[moderators[index].eventID] else { continue }
            moderators[index].appointedAtMs = act.header.stamp.time.ms
            guard case .moderatorChanged(let said) = EventPayload(of: act) else { continue }
            moderators[index].appointedBy = try AgentReads.agent(said.by.key, reader)
        }
        return moderators.sorted { left, right in
            let isAdmin = (left.role == .admin, right.role == .admin)
            if isAdmin.0 != isAdmin.1 { return isAdmin.0 }
            return (left.appointedAtMs ?? 0, left.eventID) < (right.appointedAtMs ?? 0, right.eventID)
        }
    }

    static func bans(_ hive: HiveRow, limit: Int, offset: Int, _ reader: Reader) throws -> Page<HiveBan> {
        let row = try reader.prepare(GovernanceSQL.bans)
        row.bind(1, hive.group).bind(2, Int64(limit)).bind(3, Int64(offset))
        let ban = AgentColumns.count
        var bans: [HiveBan] = []
        while try row.step() {
            guard let by = try AgentReads.agent(row: row.int(ban), reader) else {
                throw DamagedRow("a ban is by an agent without a row")
            }
            bans.append(
                HiveBan(
                    agent: AgentColumns.read(row, from: 0),
                    by: by,
                    reason: row.optionalText(ban + 1),
                    hidesPast: row.text(ban + 2) == BanScope.all.rawValue,
                    bannedAtMs: row.stampMs(ban + 3) ?? 0,
                    eventID: row.text(ban + 4)
                )
            )
        }
        return Page(rows: bans, total: try reader.int(GovernanceSQL.countBans) { $0.bind(1, hive.group) } ?? 0)
    }

    static func settings(_ hive: HiveRow, _ reader: Reader) throws -> HiveSettingsView {
        let settings = try GroupReads.settings(hive.group, reader)
        let policy = try GroupReads.genesis(hive.group, reader).map {
            EffectiveHive(genesis: $0, settings: settings).policy
        }
        return HiveSettingsView(
            description: hive.view.description,
            isPublic: hive.view.isPublic,
            retentionDays: (policy ?? GroupPolicy()).retentionDays,
            maxClockDriftMs: (policy ?? GroupPolicy()).maxClockDriftMs,
            othersJSON: hive.view.settingsJSON
        )
    }
}
