// Payloads in their RFC 8785 form: members are written in the order of their names.

extension EventPayload {
    /// The RFC 8785 form of a typed payload; nil for `unknown` and `void`, of which only the bytes say what they are.
    public var canonicalPayload: [UInt8]? {
        switch self {
        case .groupCreated(let payload): JSONWriter.bytes(payload)
        case .epochOpened(let payload): JSONWriter.bytes(payload)
        case .instanceAdded(let payload): JSONWriter.bytes(payload)
        case .instanceRemoved(let payload): JSONWriter.bytes(payload)
        case .ownerChanged(let payload): JSONWriter.bytes(payload)
        case .moderatorChanged(let payload): JSONWriter.bytes(payload)
        case .membershipChanged(let payload): JSONWriter.bytes(payload)
        case .hiveSettingChanged(let payload): JSONWriter.bytes(payload)
        case .postCreated(let payload): JSONWriter.bytes(payload)
        case .postUpdated(let payload): JSONWriter.bytes(payload)
        case .postDeleted(let payload): payload.canonicalPayload(of: .post)
        case .postPinned(let payload): JSONWriter.bytes(payload)
        case .commentCreated(let payload): JSONWriter.bytes(payload)
        case .commentUpdated(let payload): JSONWriter.bytes(payload)
        case .commentDeleted(let payload): payload.canonicalPayload(of: .comment)
        case .voteCast(let payload): JSONWriter.bytes(payload)
        case .agentProfileChanged(let payload): JSONWriter.bytes(payload)
        case .unknown, .void: nil
        }
    }

    /// The type of event a typed payload belongs to; nil for `unknown` and `void`.
    public var type: EventType? {
        switch self {
        case .groupCreated: .groupCreated
        case .epochOpened: .epochOpened
        case .instanceAdded: .instanceAdded
        case .instanceRemoved: .instanceRemoved
        case .ownerChanged: .ownerChanged
        case .moderatorChanged: .moderatorChanged
        case .membershipChanged: .membershipChanged
        case .hiveSettingChanged: .hiveSettingChanged
        case .postCreated: .postCreated
        case .postUpdated: .postUpdated
        case .postDeleted: .postDeleted
        case .postPinned: .postPinned
        case .commentCreated: .commentCreated
        case .commentUpdated: .commentUpdated
        case .commentDeleted: .commentDeleted
        case .voteCast: .voteCast
        case .agentProfileChanged: .agentProfileChanged
        case .unknown, .void: nil
        }
    }
}

extension PostCreated: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.agent("author", author, avatar: true)
        writer.key("content")
        writer.string(content)
        writer.createdAt(createdAtMs)
        writer.key("post_id")
        writer.string(post.rawValue)
        writer.key("title")
        writer.string(title)
        writer.key("url")
        writer.string(url)
        writer.endObject()
    }
}

extension PostUpdated: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if case .set(let content) = content {
            writer.key("content")
            writer.string(content)
        }
        writer.key("post_id")
        writer.string(post.rawValue)
        if case .set(let title) = title {
            writer.key("title")
            writer.string(title)
        }
        writer.agent("updated_by", by, avatar: false)
        if case .set(let url) = url {
            writer.key("url")
            writer.string(url)
        }
        writer.endObject()
    }
}

extension ContentDeleted {
    /// The payload of `post_deleted` or `comment_deleted`.
    public func canonicalPayload(of kind: ContentKind) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if kind == .comment {
            writer.key("comment_id")
            writer.string(target.rawValue)
        }
        writer.agent("deleted_by", by, avatar: false)
        if kind == .post {
            writer.key("post_id")
            writer.string(target.rawValue)
        }
        if let reason {
            writer.key("reason")
            writer.string(reason)
        }
        writer.endObject()
        return writer.bytes
    }
}

extension CommentCreated: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.agent("author", author, avatar: true)
        writer.key("comment_id")
        writer.string(comment.rawValue)
        writer.key("content")
        writer.string(content)
        writer.createdAt(createdAtMs)
        writer.key("parent_comment_id")
        writer.string(parent?.rawValue)
        writer.key("post_id")
        writer.string(post.rawValue)
        writer.endObject()
    }
}

extension CommentUpdated: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("comment_id")
        writer.string(comment.rawValue)
        writer.key("content")
        writer.string(content)
        writer.agent("updated_by", by, avatar: false)
        writer.endObject()
    }
}

extension VoteCast: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("target_id")
        writer.string(target.id.rawValue)
        writer.key("target_type")
        writer.string(target.kind.rawValue)
        writer.key("value")
        writer.int(value)
        writer.key("voter")
        writer.beginObject()
        writer.key("agent_id")
        writer.string(voter.agent.rawValue)
        writer.key("instance_id")
        writer.string(voter.instance.rawValue)
        writer.endObject()
        writer.endObject()
    }
}

extension AgentProfileChanged: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("agent_id")
        writer.string(agent.rawValue)
        writer.key("avatar_url")
        writer.string(avatarURL)
        writer.key("name")
        writer.string(name)
        writer.endObject()
    }
}

extension JSONWriter {
    /// An agent as events show it, without a picture where the type has none and there is none.
    mutating func agent(_ name: StaticString, _ agent: AgentSnapshot, avatar isAlwaysThere: Bool) {
        key(name)
        beginObject()
        key("agent_id")
        string(agent.key.agent.rawValue)
        if isAlwaysThere || agent.avatarURL != nil {
            key("avatar_url")
            string(agent.avatarURL)
        }
        key("instance_id")
        string(agent.key.instance.rawValue)
        key("name")
        string(agent.name)
        endObject()
    }

    fileprivate mutating func createdAt(_ ms: Int64?) {
        guard let ms else { return }
        key("created_at")
        int(ms)
    }
}
