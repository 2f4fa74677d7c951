// Who may do what in a hive, and what a hive is set to (protocol, section 5).

public enum ModeratorRole: String, Hashable, Sendable {
    case moderator
    /// May appoint and dismiss moderators.
    case admin
}

/// `moderator_changed`.
public struct ModeratorChanged: Sendable {
    public var agent: AgentSnapshot
    public var change: Change
    public var by: AgentSnapshot
    /// How far the log of the agent's instance was seen; nil = nothing of it.
    public var fence: Fence?
    public var reason: String?

    public enum Change: Hashable, Sendable {
        case add(ModeratorRole)
        case remove
    }

    public init(
        agent: AgentSnapshot,
        change: Change,
        by: AgentSnapshot,
        fence: Fence?,
        reason: String? = nil
    ) {
        self.agent = agent
        self.change = change
        self.by = by
        self.fence = fence
        self.reason = reason
    }
}

/// What a ban hides.
public enum BanScope: String, Hashable, Sendable {
    /// What lies beyond the fence.
    case later
    /// Every row and vote of the agent.
    case all
}

/// `membership_changed`.
public struct MembershipChanged: Sendable {
    public var agent: AgentSnapshot
    public var action: Action
    public var by: AgentSnapshot
    /// Of a ban; `later` otherwise.
    public var scope: BanScope
    /// How far the log of the agent's instance was seen; nil = nothing of it.
    public var fence: Fence?
    public var reason: String?

    public enum Action: String, Hashable, Sendable {
        case join, leave, ban, unban, approve

        /// Whether it is about what another may do; joining and leaving is the agent's own affair.
        public var isControl: Bool {
            switch self {
            case .join, .leave: false
            case .ban, .unban, .approve: true
            }
        }
    }

    public init(
        agent: AgentSnapshot,
        action: Action,
        by: AgentSnapshot,
        scope: BanScope = .later,
        fence: Fence? = nil,
        reason: String? = nil
    ) {
        self.agent = agent
        self.action = action
        self.by = by
        self.scope = scope
        self.fence = fence
        self.reason = reason
    }
}

/// `hive_setting_changed`.
public struct HiveSettingChanged: Sendable {
    /// 1 to 64 UTF-8 bytes.
    public var key: String
    /// Any JSON value; what a key takes is the fold's business.
    public var value: JSONValue
    public var by: AgentSnapshot

    public init(key: String, value: JSONValue, by: AgentSnapshot) {
        self.key = key
        self.value = value
        self.by = by
    }
}

/// `post_pinned`.
public struct PostPinned: Sendable {
    public var post: EntityID
    public var isPinned: Bool
    public var by: AgentSnapshot

    public init(post: EntityID, isPinned: Bool, by: AgentSnapshot) {
        self.post = post
        self.isPinned = isPinned
        self.by = by
    }
}
