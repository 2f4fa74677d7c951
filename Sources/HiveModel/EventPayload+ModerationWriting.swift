// The payloads that change who may do what in a hive, what it is set to and what stands on top, in their RFC 8785 form.

extension ModeratorChanged: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("action")
        writer.string(change == .remove ? "remove" : "add")
        writer.agent("agent", agent, avatar: false)
        writer.agent("by", by, avatar: false)
        writer.fence(fence)
        writer.reason(reason)
        if case .add(let role) = change, role != .moderator {
            writer.key("role")
            writer.string(role.rawValue)
        }
        writer.endObject()
    }
}

extension MembershipChanged: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("action")
        writer.string(action.rawValue)
        writer.agent("agent", agent, avatar: false)
        writer.agent("by", by, avatar: false)
        if action == .ban || fence != nil { writer.fence(fence) }
        writer.reason(reason)
        if action == .ban, scope != .later {
            writer.key("scope")
            writer.string(scope.rawValue)
        }
        writer.endObject()
    }
}

extension HiveSettingChanged: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.agent("changed_by", by, avatar: false)
        writer.key("key")
        writer.string(key)
        writer.key("value")
        writer.value(value)
        writer.endObject()
    }
}

extension PostPinned: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.agent("by", by, avatar: false)
        writer.key("pinned")
        writer.bool(isPinned)
        writer.key("post_id")
        writer.string(post.rawValue)
        writer.endObject()
    }
}
