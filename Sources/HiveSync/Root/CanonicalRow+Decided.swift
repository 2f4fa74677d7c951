import HiveModel

extension CanonicalRow {
    mutating func write(_ owner: OwnerRow) {
        begin("owner", String(owner.n))
        writer.int(owner.n)
        writer.string(owner.agent?.instance.rawValue)
        writer.string(owner.agent?.agent.rawValue)
    }

    mutating func write(_ moderator: ModeratorRow, _ agent: AgentKey) {
        begin("moderator", agent)
        writer.string(moderator.role.rawValue)
        writer.string(moderator.event.rawValue)
    }

    mutating func write(_ ban: BanRow, _ agent: AgentKey) {
        begin("ban", agent)
        writer.string(ban.action.rawValue)
        writer.string(ban.scope.rawValue)
        write(ban.fence)
        writer.string(ban.event.rawValue)
    }

    mutating func write(_ membership: MembershipRow, _ agent: AgentKey) {
        begin("membership", agent)
        writer.bool(membership.isJoined)
        write(membership.stamp)
    }

    mutating func write(_ setting: SettingRow) {
        begin("setting", setting.key)
        writer.string(setting.key)
        writer.raw(setting.value)
        writer.string(setting.event.rawValue)
        writer.beginArray()
        for head in setting.heads { writer.string(head.rawValue) }
        writer.endArray()
    }

    // MARK: Parts

    /// Begins the row of an entity named by `kind` and `name`.
    private mutating func begin(_ kind: StaticString, _ name: String) {
        writer.string("\(kind)")
        id.append(contentsOf: "\(kind):\(name)".utf8)
    }

    private mutating func begin(_ kind: StaticString, _ agent: AgentKey) {
        begin(kind, "")
        appendID(of: agent)
        write(agent)
    }

    private mutating func write(_ fence: Fence?) {
        guard let fence else { return writer.null() }
        writer.beginArray()
        writer.int(fence.place.epoch)
        writer.int(fence.place.seq)
        writer.hex(fence.hash)
        writer.endArray()
    }
}
