public import HiveModel

/// The registers whose acts are remembered and decided together (protocol, section 5).
public enum ActKind: Int64, Hashable, Sendable {
    case ownership = 1
    /// `instance_added` and `instance_removed`.
    case roster = 2
    case moderator = 3
    /// Ban, unban and approve.
    case ban = 4
    case setting = 5
}

/// One register: what the acts are about.
///
/// Equal where its bytes are: a setting's key is free text, which Swift compares by its meaning.
public struct ActKey: Hashable, Sendable {
    public var kind: ActKind
    /// An instance id, `<instance id>:<agent id>`, a setting's key; empty for ownership.
    public var subject: String

    public static func == (left: Self, right: Self) -> Bool {
        left.kind == right.kind && left.subject.utf8.elementsEqual(right.subject.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        for byte in subject.utf8 { hasher.combine(byte) }
    }

    public static let ownership = ActKey(kind: .ownership, subject: "")

    public init(kind: ActKind, subject: String) {
        self.kind = kind
        self.subject = subject
    }

    public init(roster instance: InstanceID) {
        self.init(kind: .roster, subject: instance.rawValue)
    }

    /// Of the kinds `moderator` and `ban`.
    public init(_ kind: ActKind, about agent: AgentKey) {
        self.init(kind: kind, subject: "\(agent.instance.rawValue):\(agent.agent.rawValue)")
    }

    public init(setting key: String) {
        self.init(kind: .setting, subject: key)
    }
}

/// The n-th owner of a group.
public struct OwnerRow: Hashable, Sendable {
    /// 1 for the owner of the genesis.
    public var n: Int64
    /// Nil where an owner signed two transfers: nobody is owner until the successors name one.
    public var agent: AgentKey?

    public init(n: Int64, agent: AgentKey?) {
        self.n = n
        self.agent = agent
    }
}

/// A present member, as the roster decision names it.
public struct MemberRow: Hashable, Sendable {
    public var instance: InstanceID
    public var name: String
    public var role: MemberRole
    public var identityKey: PublicKey
    /// The addition that decides; nil for the owner of the genesis.
    public var addedBy: EventID?

    public init(instance: InstanceID, name: String, role: MemberRole, identityKey: PublicKey, addedBy: EventID?) {
        self.instance = instance
        self.name = name
        self.role = role
        self.identityKey = identityKey
        self.addedBy = addedBy
    }
}

/// A present moderator or admin of a hive.
public struct ModeratorRow: Hashable, Sendable {
    public var agent: RowNumber
    public var role: ModeratorRole
    /// The act that decides.
    public var event: EventID

    public init(agent: RowNumber, role: ModeratorRole, event: EventID) {
        self.agent = agent
        self.role = role
        self.event = event
    }
}

/// The act that decides in an agent's ban register.
public struct BanRow: Hashable, Sendable {
    public var agent: RowNumber
    public var event: EventID
    /// `ban`, `unban` or `approve`.
    public var action: MembershipChanged.Action
    public var scope: BanScope
    /// How far its writer had seen the log of the agent's instance.
    public var fence: Fence?
    public var by: RowNumber
    public var reason: String?
    public var stamp: Stamp

    public init(
        agent: RowNumber,
        event: EventID,
        action: MembershipChanged.Action,
        scope: BanScope,
        fence: Fence?,
        by: RowNumber,
        reason: String?,
        stamp: Stamp
    ) {
        self.agent = agent
        self.event = event
        self.action = action
        self.scope = scope
        self.fence = fence
        self.by = by
        self.reason = reason
        self.stamp = stamp
    }
}

/// An agent's own newest word: in the hive or not.
public struct MembershipRow: Hashable, Sendable {
    public var isJoined: Bool
    public var stamp: Stamp

    public init(isJoined: Bool, stamp: Stamp) {
        self.isJoined = isJoined
        self.stamp = stamp
    }
}

/// A hive's setting.
public struct SettingRow: Hashable, Sendable {
    public var key: String
    /// JSON in RFC 8785 form.
    public var value: [UInt8]
    /// The act that decides.
    public var event: EventID
    /// Valid acts that no valid act replaces, the deciding one among them, by event id; more than one is a conflict.
    public var heads: [EventID]

    public init(key: String, value: [UInt8], event: EventID, heads: [EventID]) {
        self.key = key
        self.value = value
        self.event = event
        self.heads = heads
    }
}
