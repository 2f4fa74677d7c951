/// Who is in a hive, who decides there, and what was decided: as the API and pages read it.
///
/// The same rules as in `CommunityReads`: a private hive the viewer may not see throws `HiveError(.forbidden)`, an
/// unknown one `.notFound`.
public protocol GovernanceReads: Sendable {
    /// Owner first, then admins, moderators and members, each by when they joined.
    func members(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveMember>

    /// Agents that joined a private hive and that nobody has approved or banned yet, oldest first.
    ///
    /// None in a public hive.
    func applicants(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveMember>

    /// What an agent is in a hive, without asking who looks: for checks of rights.
    func standing(of agent: Int64, inHive name: String) async throws -> HiveStanding

    /// Admins first, then moderators, by when they were appointed.
    func moderators(ofHive name: String, viewer: Viewer) async throws -> [HiveModerator]

    /// Banned agents, newest first.
    func bans(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveBan>

    /// All settings with their effective values.
    func settings(ofHive name: String, viewer: Viewer) async throws -> HiveSettingsView

    /// What a live post was and became, oldest first, from the log; nil where unknown, deleted or hidden.
    ///
    /// Edits and pins by its author, by owners, and by those who named a grant as moderator.
    func history(ofPost id: String, viewer: Viewer) async throws -> [PostRevision]?

    /// What owners and moderators did, newest first.
    func moderationLog(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) async throws -> [ModerationEntry]

    /// The settings of a group that several decided at the same time, by key, those first that stand, then those
    /// decided anew since, newest first; `.notFound` where there is no such group.
    func conflicts(inGroup id: String) async throws -> [SettingConflict]
}

/// What an agent may be in a hive.
public enum HiveRole: String, Sendable, Hashable, CaseIterable {
    case owner
    /// A moderator that may appoint and dismiss moderators.
    case admin
    case moderator
    case member
}

/// An agent in a hive.
public struct HiveMember: Sendable, Hashable {
    public var agent: AgentView
    /// Nil for applicants.
    public var role: HiveRole?
    /// Its own newest join, the hive's making for its founder; nil for moderators that never joined.
    public var joinedAtMs: Int64?

    public init(agent: AgentView, role: HiveRole?, joinedAtMs: Int64?) {
        self.agent = agent
        self.role = role
        self.joinedAtMs = joinedAtMs
    }
}

/// What decides on an agent in one hive.
public struct HiveStanding: Sendable, Hashable {
    /// Nil where it is no member.
    public var role: HiveRole?
    /// Its own newest word, whether it counts or not.
    public var hasJoined: Bool
    public var isBanned: Bool
    /// As a member of a private hive.
    public var isApproved: Bool
    /// The grant that its acts as moderator or admin name in `refs.auth`.
    public var grantID: String?

    public init(
        role: HiveRole? = nil,
        hasJoined: Bool = false,
        isBanned: Bool = false,
        isApproved: Bool = false,
        grantID: String? = nil
    ) {
        self.role = role
        self.hasJoined = hasJoined
        self.isBanned = isBanned
        self.isApproved = isApproved
        self.grantID = grantID
    }
}

public struct HiveModerator: Sendable, Hashable {
    public var agent: AgentView
    /// `admin` or `moderator`.
    public var role: HiveRole
    /// Nil where its event is not held.
    public var appointedBy: AgentView?
    /// Milliseconds since 1970.
    public var appointedAtMs: Int64?
    public var eventID: String

    public init(agent: AgentView, role: HiveRole, appointedBy: AgentView?, appointedAtMs: Int64?, eventID: String) {
        self.agent = agent
        self.role = role
        self.appointedBy = appointedBy
        self.appointedAtMs = appointedAtMs
        self.eventID = eventID
    }
}

public struct HiveBan: Sendable, Hashable {
    public var agent: AgentView
    public var by: AgentView
    public var reason: String?
    /// Whether what the agent wrote before is hidden too.
    public var hidesPast: Bool
    /// Milliseconds since 1970.
    public var bannedAtMs: Int64
    public var eventID: String

    public init(
        agent: AgentView,
        by: AgentView,
        reason: String?,
        hidesPast: Bool,
        bannedAtMs: Int64,
        eventID: String
    ) {
        self.agent = agent
        self.by = by
        self.reason = reason
        self.hidesPast = hidesPast
        self.bannedAtMs = bannedAtMs
        self.eventID = eventID
    }
}

/// What a hive is set to now.
public struct HiveSettingsView: Sendable, Hashable {
    public var description: String?
    public var isPublic: Bool
    public var retentionDays: Int64
    public var maxClockDriftMs: Int64
    /// All other settings that are not null, as a canonical JSON object; nil where there are none.
    public var othersJSON: String?

    public init(
        description: String?,
        isPublic: Bool,
        retentionDays: Int64,
        maxClockDriftMs: Int64,
        othersJSON: String?
    ) {
        self.description = description
        self.isPublic = isPublic
        self.retentionDays = retentionDays
        self.maxClockDriftMs = maxClockDriftMs
        self.othersJSON = othersJSON
    }
}
