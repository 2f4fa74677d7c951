// Reading the payloads that change who may do what in a hive, what it is set to and what stands on top.

extension ModeratorChanged {
    private enum Word: String { case add, remove }

    init(_ fields: PayloadFields) throws(VoidReason) {
        let role = fields.has("role") ? try fields.choice("role", ModeratorRole.self) : .moderator
        self.init(
            agent: try fields.agent("agent"),
            change: try fields.choice("action", Word.self) == .add ? .add(role) : .remove,
            by: try fields.agent("by"),
            fence: try fields.fence("fence"),
            reason: try fields.optionalString("reason")
        )
    }
}

extension MembershipChanged {
    init(_ fields: PayloadFields) throws(VoidReason) {
        let action = try fields.choice("action", Action.self)
        let scope = fields.has("scope") ? try fields.choice("scope", BanScope.self) : .later
        self.init(
            agent: try fields.agent("agent"),
            action: action,
            by: try fields.agent("by"),
            scope: action == .ban ? scope : .later,
            fence: try fields.fence("fence"),
            reason: try fields.optionalString("reason")
        )
    }
}

extension HiveSettingChanged {
    init(_ fields: PayloadFields) throws(VoidReason) {
        let key = try fields.string("key")
        guard (1...Limits.settingKeyBytesMax).contains(key.utf8.count) else {
            throw fields.fault("key", "has \(key.utf8.count) bytes, not 1 to \(Limits.settingKeyBytesMax)")
        }
        self.init(key: key, value: try fields.value("value"), by: try fields.agent("changed_by"))
    }
}

extension PostPinned {
    init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            post: try fields.entity("post_id"),
            isPinned: try fields.bool("pinned"),
            by: try fields.agent("by")
        )
    }
}
