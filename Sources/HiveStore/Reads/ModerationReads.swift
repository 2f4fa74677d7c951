import HiveModel
import HivePorts
import HiveSync

/// What owners and moderators of a hive did, from the log.
struct ModerationReads {
    private let reader: Reader
    private let hive: HiveRow
    private let events: GroupEvents
    private let rights: ModerationRights
    private let inForce: ActsInForce

    init(_ hive: HiveRow, _ reader: Reader) throws {
        self.reader = reader
        self.hive = hive
        events = try GroupEvents(hive, reader)
        rights = try ModerationRights(events, reader)
        inForce = try ActsInForce(hive.group, reader)
    }

    /// Newest first.
    func entries(limit: Int, offset: Int) throws -> [ModerationEntry] {
        let row = try reader.prepare(GovernanceSQL.moderation)
        row.bind(1, hive.group).bind(2, hive.group)
        var entries: [ModerationEntry] = []
        var passed = 0
        while entries.count < limit, try row.step() {
            guard let event = try events.event(log: row.int(1), seq: row.int(2)),
                let entry = try row.isNull(3) ? act(event) : write(event, to: TargetRow(number: row.int(3)))
            else { continue }
            if passed < offset { passed += 1 } else { entries.append(entry) }
        }
        return entries
    }

    // MARK: Acts

    private func act(_ event: Event) throws -> ModerationEntry? {
        let isInForce = inForce.events.contains(event.id.rawValue)
        switch EventPayload(of: event) {
        case .membershipChanged(let said):
            guard isInForce || mayModerate(said.by, event) else { return nil }
            let action: ModerationEntry.Action? =
                switch said.action {
                case .ban: .ban
                case .unban: .unban
                case .approve: .approve
                case .join, .leave: nil
                }
            guard let action, let agent = try agent(said.agent) else { return nil }
            return try entry(action, .agent(agent), event, by: said.by, reason: said.reason, isInForce)
        case .moderatorChanged(let said):
            guard isInForce || mayModerate(said.by, event), let agent = try agent(said.agent) else { return nil }
            if case .add = said.change {
                return try entry(.moderatorAdded, .agent(agent), event, by: said.by, reason: said.reason, isInForce)
            }
            let isGone = !inForce.moderators.contains(agent.row)
            return try entry(.moderatorRemoved, .agent(agent), event, by: said.by, reason: said.reason, isGone)
        case .hiveSettingChanged(let said):
            guard isInForce || mayModerate(said.by, event) else { return nil }
            let value = String(decoding: said.value.canonicalBytes(), as: UTF8.self)
            let subject = ModerationEntry.Subject.setting(key: said.key, valueJSON: value)
            return try entry(.settingChanged, subject, event, by: said.by, reason: nil, isInForce)
        case .ownerChanged(let said):
            guard let agent = try agent(said.to) else { return nil }
            let isOwner = inForce.owners[said.n + 1] == agent.row
            return try entry(.ownerChanged, .agent(agent), event, by: nil, reason: nil, isOwner)
        case .instanceAdded(let said):
            let subject = ModerationEntry.Subject.instance(said.instance.rawValue)
            return try entry(.instanceAdded, subject, event, by: nil, reason: nil, isInForce)
        case .instanceRemoved(let said):
            let isGone = !inForce.members.contains(said.instance.rawValue)
            let subject = ModerationEntry.Subject.instance(said.instance.rawValue)
            return try entry(.instanceRemoved, subject, event, by: nil, reason: said.reason, isGone)
        default: return nil
        }
    }

    // MARK: Content

    private func write(_ event: Event, to target: TargetRow) throws -> ModerationEntry? {
        let (id, stamps) = try self.stamps(of: target)
        let isInForce = stamps.contains(event.header.stamp)
        func entry(
            _ action: ModerationEntry.Action,
            _ by: AgentSnapshot,
            _ reason: String? = nil
        ) throws
            -> ModerationEntry?
        {
            guard isInForce || mayModerate(by, event) else { return nil }
            return try self.entry(action, .content(id), event, by: by, reason: reason, isInForce)
        }
        return switch EventPayload(of: event) {
        case .postUpdated(let said): try entry(.postUpdated, said.by)
        case .postDeleted(let said): try entry(.postDeleted, said.by, said.reason)
        case .postPinned(let said): try entry(said.isPinned ? .postPinned : .postUnpinned, said.by)
        case .commentUpdated(let said): try entry(.commentUpdated, said.by)
        case .commentDeleted(let said): try entry(.commentDeleted, said.by, said.reason)
        default: nil
        }
    }

    /// The id of a post or comment, and the stamps of the writes it shows.
    private func stamps(of target: TargetRow) throws -> (id: String, stamps: [Stamp]) {
        let row = try reader.prepare(target.kind == .post ? GovernanceSQL.postStamps : GovernanceSQL.commentStamps)
        row.bind(1, target.row)
        guard try row.step() else { throw DamagedRow("a remembered write is about no row") }
        let stamps = try (Int32(1)...5).compactMap { index in
            row.isNull(index) ? nil : try row.stamp(index, prefix: StampCode.unpack)
        }
        return (row.text(0), stamps)
    }

    // MARK: Parts

    private func mayModerate(_ agent: AgentSnapshot, _ event: Event) -> Bool {
        rights.mayModerate(agent.key, by: event.header.refs.auth)
    }

    private func agent(_ snapshot: AgentSnapshot) throws -> AgentView? { try AgentReads.agent(snapshot.key, reader) }

    private func entry(
        _ action: ModerationEntry.Action,
        _ subject: ModerationEntry.Subject,
        _ event: Event,
        by agent: AgentSnapshot?,
        reason: String?,
        _ isInForce: Bool
    ) throws -> ModerationEntry {
        ModerationEntry(
            action: action,
            subject: subject,
            by: try agent.flatMap { try self.agent($0) },
            originInstanceID: event.header.origin.rawValue,
            reason: reason,
            atMs: event.header.stamp.time.ms,
            eventID: event.id.rawValue,
            isInForce: isInForce
        )
    }
}

/// What decides in a group now.
private struct ActsInForce {
    /// Of bans, moderators, settings and additions, by id.
    private(set) var events: Set<String> = []
    private(set) var moderators: Set<Int64> = []
    /// Instances.
    private(set) var members: Set<String> = []
    /// Agents by the number of their term.
    private(set) var owners: [Int64: Int64] = [:]

    init(_ group: Int64, _ reader: Reader) throws {
        let bans = try reader.prepare(DecidedSQL.bans)
        bans.bind(1, group)
        while try bans.step() { events.insert(bans.text(9)) }
        let moderators = try reader.prepare(DecidedSQL.moderators)
        moderators.bind(1, group)
        while try moderators.step() {
            self.moderators.insert(moderators.int(0))
            events.insert(moderators.text(2))
        }
        for setting in try GroupReads.settings(group, reader) { events.insert(setting.event.rawValue) }
        for member in try GroupReads.members(group, reader) {
            members.insert(member.instance.rawValue)
            if let event = member.addedBy { events.insert(event.rawValue) }
        }
        let owners = try reader.prepare(DecidedSQL.owners)
        owners.bind(1, group)
        while try owners.step() { self.owners[owners.int(0)] = owners.optionalInt(1) }
    }
}
