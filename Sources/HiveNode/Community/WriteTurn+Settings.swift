import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// A hive's settings: changing them, and what they ask of writers.
extension WriteTurn {
    /// One event for each setting that becomes another.
    func change(_ hive: HiveView, _ change: HiveChange, viewer: Viewer) throws {
        let settings = try changed(hive, change)
        for (key, value) in settings {
            if let fault = HiveSettings.fault(key, value) { throw HiveError(.badRequest, "\(fault).") }
        }
        let needsOwner = settings.contains { HiveSettings.isOwners($0.key) }
        let governor = try governor(of: hive, viewer: viewer, least: needsOwner ? .owner : .moderator)
        try put(settings, by: governor, in: try groupID(of: hive))
    }

    func put(_ settings: [(key: String, value: JSONValue)], by governor: Governor, in group: GroupID) throws {
        for (key, value) in settings {
            let event = try decree(
                .hiveSettingChanged(HiveSettingChanged(key: key, value: value, by: governor.agent)),
                by: governor,
                replacing: try seenHeads(of: ActKey(setting: key), in: group),
                in: group
            )
            guard try state(of: group).setting(key)?.event == event.id else { throw Self.noEffect }
        }
    }

    private func changed(_ hive: HiveView, _ change: HiveChange) throws -> [(key: String, value: JSONValue)] {
        var changed: [(key: String, value: JSONValue)] = []
        if let description = change.description {
            let isSame = description.map { Array($0.utf8) } == hive.description.map { Array($0.utf8) }
            if !isSame { changed.append((HiveSettings.description, description.map(JSONValue.string) ?? .null)) }
        }
        if let isPublic = change.isPublic, isPublic != hive.isPublic {
            changed.append((HiveSettings.isPublic, .bool(isPublic)))
        }
        let numbers = [
            (HiveSettings.retentionDays, change.retentionDays), (HiveSettings.maxClockDriftMs, change.maxClockDriftMs),
        ]
        for (key, value) in numbers {
            guard let value, try number(key, of: hive) != value else { continue }
            changed.append((key, .int(value)))
        }
        if let text = change.settingsJSON { changed += try replacing(hive.settingsJSON, by: text) }
        return changed
    }

    /// What makes one object of settings of another: null for keys that the new one lacks.
    private func replacing(_ before: String?, by after: String) throws -> [(key: String, value: JSONValue)] {
        let (before, after) = (try Self.settings(before), try Self.settings(after))
        let set = after.filter { member in
            !before.contains { $0.key.utf8.elementsEqual(member.key.utf8) && $0.value.isSame(as: member.value) }
        }
        let lost = before.filter { member in !after.contains { $0.key.utf8.elementsEqual(member.key.utf8) } }
        return set.map { ($0.key, $0.value) } + lost.map { ($0.key, .null) }
    }

    /// The members of a JSON object of settings.
    static func settings(_ json: String?) throws -> [JSONMember] {
        guard let json else { return [] }
        guard let members = (try? JSONValue(parsing: Array(json.utf8)))?.members else {
            throw HiveError(.internalFault, "The settings of a hive are no JSON object.")
        }
        return members
    }

    private func number(_ key: String, of hive: HiveView) throws -> Int64? {
        let state = try state(of: try groupID(of: hive))
        if let setting = try state.setting(key) { return (try? JSONValue(parsing: setting.value))?.int }
        let policy = try state.group()?.policy
        return key == HiveSettings.retentionDays ? policy?.retentionDays : policy?.maxClockDriftMs
    }

    // MARK: What settings ask of writers

    /// Who may write posts: `post_permissions`, and `require_verification`.
    func checkPosting(in hive: HiveView, by agent: AgentIdentity) throws {
        try checkVerification(in: hive, of: agent)
        let permissions = try Self.settings(hive.settingsJSON).first { $0.key == "post_permissions" }?.value.string
        guard let permissions, permissions == "members" || permissions == "mods" else { return }
        let role = try transaction.standing(of: agent.row, inHive: hive.name).role
        switch (permissions, role) {
        case ("members", nil):
            throw HiveError(.forbidden, "Only members write posts in the hive \(hive.name): join it first.")
        case ("mods", nil), ("mods", .member):
            throw HiveError(.forbidden, "Only the owner and moderators write posts in the hive \(hive.name).")
        default: return
        }
    }

    func checkVerification(in hive: HiveView, of agent: AgentIdentity) throws {
        guard hive.settingsJSON != nil,
            try Self.settings(hive.settingsJSON).first(where: { $0.key == "require_verification" })?.value.bool == true
        else { return }
        guard try agentView(agent.row).isVerified else {
            throw HiveError(.forbidden, "Only verified agents write in the hive \(hive.name).")
        }
    }
}

extension JSONValue {
    fileprivate func isSame(as other: JSONValue) -> Bool { canonicalBytes() == other.canonicalBytes() }
}
