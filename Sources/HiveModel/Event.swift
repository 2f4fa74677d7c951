/// What an event says it is; names this version does not know are kept and relayed.
public struct EventType: Hashable, Sendable {
    public let rawValue: String

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public static let groupCreated = EventType("group_created")
    public static let epochOpened = EventType("epoch_opened")
    public static let instanceAdded = EventType("instance_added")
    public static let instanceRemoved = EventType("instance_removed")
    public static let ownerChanged = EventType("owner_changed")
    public static let postCreated = EventType("post_created")
    public static let postUpdated = EventType("post_updated")
    public static let postDeleted = EventType("post_deleted")
    public static let postPinned = EventType("post_pinned")
    public static let commentCreated = EventType("comment_created")
    public static let commentUpdated = EventType("comment_updated")
    public static let commentDeleted = EventType("comment_deleted")
    public static let voteCast = EventType("vote_cast")
    public static let agentProfileChanged = EventType("agent_profile_changed")
    public static let hiveSettingChanged = EventType("hive_setting_changed")
    public static let membershipChanged = EventType("membership_changed")
    public static let moderatorChanged = EventType("moderator_changed")
    public static let compactionPoint = EventType("compaction_point")
    public static let snapshotAttested = EventType("snapshot_attested")

    /// All of them, the most frequent first.
    private static let all: [EventType] = [
        .voteCast, .commentCreated, .postCreated, .commentUpdated, .postUpdated, .commentDeleted, .postDeleted,
        .agentProfileChanged, .membershipChanged, .postPinned, .epochOpened, .instanceAdded, .instanceRemoved,
        .groupCreated, .ownerChanged, .hiveSettingChanged, .moderatorChanged, .compactionPoint, .snapshotAttested,
    ]

    /// The type of that name, where this version knows it; no memory is taken.
    static func known(_ name: UnsafeBufferPointer<UInt8>) -> EventType? {
        all.first { Bytes.areEqual(name, $0.rawValue) }
    }
}

/// The events an event leans on (protocol, section 2, `refs`).
public struct EventRefs: Hashable, Sendable {
    /// The writes this one replaces, at most 16, in winning order.
    public var par: [EventID]
    /// The grant it relies on.
    public var auth: EventID?
    /// The event of the same instance that this one repeats.
    public var re: EventID?
    /// Members this version does not know, kept because they are hashed; sorted by key.
    public var extra: [JSONMember]

    public init(par: [EventID] = [], auth: EventID? = nil, re: EventID? = nil, extra: [JSONMember] = []) {
        self.par = par
        self.auth = auth
        self.re = re
        self.extra = extra
    }

    public var isEmpty: Bool { par.isEmpty && auth == nil && re == nil && extra.isEmpty }
}

/// All fields of an event but `id`, `payload` and `signature`; its hash is the event's identity.
public struct EventHeader: Hashable, Sendable {
    /// Nil in a genesis, whose own hash makes the id; the wire form carries the id there too.
    public var groupID: GroupID?
    public var origin: InstanceID
    public var place: Place
    /// The hash of the event before it in its log; nil ("" on the wire) for the first.
    public var prev: Hash256?
    public var time: HybridTime
    /// The clock of the original, on repeated events only; not above `time`.
    public var at: HybridTime?
    public var type: EventType
    public var refs: EventRefs
    /// SHA-256 of the RFC 8785 form of the payload.
    public var payloadHash: Hash256
    /// Members this version does not know, kept because they are hashed; sorted by key.
    public var extra: [JSONMember]

    public init(
        groupID: GroupID?,
        origin: InstanceID,
        place: Place,
        prev: Hash256?,
        time: HybridTime,
        at: HybridTime? = nil,
        type: EventType,
        refs: EventRefs = EventRefs(),
        payloadHash: Hash256,
        extra: [JSONMember] = []
    ) {
        self.groupID = groupID
        self.origin = origin
        self.place = place
        self.prev = prev
        self.time = time
        self.at = at
        self.type = type
        self.refs = refs
        self.payloadHash = payloadHash
        self.extra = extra
    }

    /// Orders what this event writes.
    public var stamp: Stamp { Stamp(time: at ?? time, prefix: origin.prefix, place: place) }
}

/// One signed change.
///
/// Its `hash` was computed from `header` by whoever made this value, never taken from the wire.
public struct Event: Sendable {
    /// What the value is, in one place however often it is copied: events go through many hands.
    @usableFromInline
    final class Fields: Sendable {
        @usableFromInline let header: EventHeader
        @usableFromInline let payload: [UInt8]
        @usableFromInline let signature: [UInt8]
        @usableFromInline let hash: Hash256

        init(header: EventHeader, payload: [UInt8], signature: [UInt8], hash: Hash256) {
            self.header = header
            self.payload = payload
            self.signature = signature
            self.hash = hash
        }
    }

    @usableFromInline var fields: Fields

    public init(header: EventHeader, payload: [UInt8], signature: [UInt8], hash: Hash256) {
        fields = Fields(header: header, payload: payload, signature: signature, hash: hash)
    }

    public var header: EventHeader {
        @inlinable get { fields.header }
        set { fields = Fields(header: newValue, payload: payload, signature: signature, hash: hash) }
    }

    /// The payload in its RFC 8785 form.
    public var payload: [UInt8] {
        @inlinable get { fields.payload }
        set { fields = Fields(header: header, payload: newValue, signature: signature, hash: hash) }
    }

    /// 64 bytes over `"openhive-event-v1\n"` and the hash in lower-case hex.
    public var signature: [UInt8] {
        @inlinable get { fields.signature }
        set { fields = Fields(header: header, payload: payload, signature: newValue, hash: hash) }
    }

    /// The event hash: SHA-256 of the header's RFC 8785 form.
    public var hash: Hash256 {
        @inlinable get { fields.hash }
        set { fields = Fields(header: header, payload: payload, signature: signature, hash: newValue) }
    }

    public var id: EventID { EventID(prefix: header.origin.prefix, hash: hash) }
}

extension Event: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        if left.fields === right.fields { return true }
        return left.hash == right.hash && left.signature == right.signature && left.header == right.header
            && left.payload == right.payload
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
