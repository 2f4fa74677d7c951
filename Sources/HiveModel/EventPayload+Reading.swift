extension EventPayload {
    /// Reads a payload in RFC 8785 form into what its type means (specification 3.4; protocol, sections 1, 5, 7 and 9).
    ///
    /// A member that is missing, of the wrong type or out of range makes it `void`; members beyond are ignored. A
    /// member said to be optional may be missing. Who may do what, prefixes and lengths of texts are not looked at
    /// here.
    ///
    /// - Parameter origin: the instance in whose log it stands, if at hand: reading is faster, the outcome the same.
    public init(type: EventType, payload: [UInt8], origin: InstanceID? = nil) {
        self = payload.withUnsafeBufferPointer { bytes in
            do throws(VoidReason) {
                return try Self.read(type, bytes, origin)
            } catch {
                return .void(error.text)
            }
        }
    }

    /// What an event's payload says.
    public init(of event: Event) {
        self.init(type: event.header.type, payload: event.payload, origin: event.header.origin)
    }

    private static func read(
        _ type: EventType,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ origin: InstanceID?
    ) throws(VoidReason) -> EventPayload {
        func fields() throws(VoidReason) -> PayloadFields { try PayloadFields(bytes, origin: origin) }
        return switch type {
        case .voteCast: .voteCast(try VoteCast(fields()))
        case .commentCreated: .commentCreated(try CommentCreated(fields()))
        case .postCreated: .postCreated(try PostCreated(fields()))
        case .postUpdated: .postUpdated(try PostUpdated(fields()))
        case .postDeleted: .postDeleted(try ContentDeleted(fields(), target: "post_id"))
        case .commentUpdated: .commentUpdated(try CommentUpdated(fields()))
        case .commentDeleted: .commentDeleted(try ContentDeleted(fields(), target: "comment_id"))
        case .agentProfileChanged: .agentProfileChanged(try AgentProfileChanged(fields()))
        case .membershipChanged: .membershipChanged(try MembershipChanged(fields()))
        case .postPinned: .postPinned(try PostPinned(fields()))
        case .hiveSettingChanged: .hiveSettingChanged(try HiveSettingChanged(fields()))
        case .moderatorChanged: .moderatorChanged(try ModeratorChanged(fields()))
        case .instanceAdded: .instanceAdded(try InstanceAdded(fields()))
        case .instanceRemoved: .instanceRemoved(try InstanceRemoved(fields()))
        case .ownerChanged: .ownerChanged(try OwnerChanged(fields()))
        case .epochOpened: .epochOpened(try EpochOpened(fields()))
        case .groupCreated: .groupCreated(try GroupCreated(fields()))
        default: .unknown
        }
    }
}

extension PayloadFields {
    /// Milliseconds since 1970; nil where the member is missing.
    fileprivate func createdAt() throws(VoidReason) -> Int64? {
        has("created_at") ? try integer("created_at", 0...HybridTime.msMax) : nil
    }

    /// A field of an update: missing leaves it untouched, null clears it.
    fileprivate func change(_ name: StaticString) throws(VoidReason) -> FieldChange<String?> {
        has(name) ? .set(try optionalString(name)) : .untouched
    }
}

extension PostCreated {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            post: try fields.entity("post_id"),
            title: try fields.string("title"),
            content: try fields.optionalString("content"),
            url: try fields.optionalString("url"),
            author: try fields.agent("author"),
            createdAtMs: try fields.createdAt()
        )
    }
}

extension PostUpdated {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            post: try fields.entity("post_id"),
            title: fields.has("title") ? .set(try fields.string("title")) : .untouched,
            content: try fields.change("content"),
            url: try fields.change("url"),
            by: try fields.agent("updated_by")
        )
    }
}

extension ContentDeleted {
    fileprivate init(_ fields: PayloadFields, target: StaticString) throws(VoidReason) {
        self.init(
            target: try fields.entity(target),
            by: try fields.agent("deleted_by"),
            reason: try fields.optionalString("reason")
        )
    }
}

extension CommentCreated {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            comment: try fields.entity("comment_id"),
            post: try fields.entity("post_id"),
            parent: try fields.optionalEntity("parent_comment_id"),
            content: try fields.string("content"),
            author: try fields.agent("author"),
            createdAtMs: try fields.createdAt()
        )
    }
}

extension CommentUpdated {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            comment: try fields.entity("comment_id"),
            content: try fields.string("content"),
            by: try fields.agent("updated_by")
        )
    }
}

extension VoteCast {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            target: ContentTarget(
                kind: try fields.choice("target_type", ContentKind.self),
                id: try fields.entity("target_id")
            ),
            voter: try fields.object("voter").agentKey(),
            value: try fields.integer("value", -1...1)
        )
    }
}

extension AgentProfileChanged {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            agent: try fields.entity("agent_id"),
            name: try fields.string("name"),
            avatarURL: try fields.optionalString("avatar_url")
        )
    }
}
