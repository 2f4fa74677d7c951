/// What members, moderators and owners decide about a hive, by the same way in as `CommunityWrites`.
///
/// Rights are checked in the transaction that writes: `HiveError(.forbidden)` says who may. Where a call needs a
/// moderator or owner, an admin of the instance that owns the hive may too: the event is the owner's and names the
/// admin. Agents are named by local name, `name@<instance prefix>` or id; unknown ones and unknown hives are
/// `.notFound`.
public protocol GovernanceWrites: Sendable {
    /// One event for each setting that changes; none where nothing does.
    func updateHive(named name: String, _ change: HiveChange, by viewer: Viewer) async throws -> HiveView

    /// `.badRequest` for members, `.forbidden` for banned agents and, in a private hive, for those nobody approved.
    func joinHive(named name: String, by agent: AgentIdentity) async throws

    /// `.badRequest` for the owner and for agents that are no members.
    func leaveHive(named name: String, by agent: AgentIdentity) async throws

    /// Lets an agent into a private hive: it is a member as soon as it has joined.
    func approve(_ agent: String, inHive name: String, by viewer: Viewer) async throws

    /// Makes an agent moderator or admin of a hive.
    func appoint(
        _ agent: String,
        inHive name: String,
        _ order: AppointmentOrder,
        by viewer: Viewer
    ) async throws
        -> HiveModerator

    /// `.notFound` where the agent is no moderator.
    func dismiss(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) async throws

    func ban(_ agent: String, inHive name: String, _ order: BanOrder, by viewer: Viewer) async throws -> HiveBan

    /// `.notFound` where the agent is not banned.
    func unban(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) async throws

    /// Pins a post, or unpins a pinned one; whether it is pinned now.
    func togglePin(ofPost id: String, by viewer: Viewer) async throws -> Bool

    /// Gives a hive to another agent, here or on another instance of its group.
    func transferHive(named name: String, to agent: String, by viewer: Viewer) async throws -> HiveView
}

/// Nil leaves a setting as it is.
public struct HiveChange: Sendable, Hashable {
    /// `.some(nil)` clears it.
    public var description: String??
    public var isPublic: Bool?
    /// A canonical JSON object that replaces all other settings: those it lacks become null.
    public var settingsJSON: String?
    public var retentionDays: Int64?
    public var maxClockDriftMs: Int64?

    public init(
        description: String?? = nil,
        isPublic: Bool? = nil,
        settingsJSON: String? = nil,
        retentionDays: Int64? = nil,
        maxClockDriftMs: Int64? = nil
    ) {
        self.description = description
        self.isPublic = isPublic
        self.settingsJSON = settingsJSON
        self.retentionDays = retentionDays
        self.maxClockDriftMs = maxClockDriftMs
    }
}

public struct AppointmentOrder: Sendable, Hashable {
    /// Admin rather than moderator: may appoint and dismiss moderators.
    public var isAdmin: Bool
    public var reason: String?

    public init(isAdmin: Bool = false, reason: String? = nil) {
        self.isAdmin = isAdmin
        self.reason = reason
    }
}

public struct BanOrder: Sendable, Hashable {
    public var reason: String?
    /// Whether what the agent wrote before is hidden too.
    public var hidesPast: Bool

    public init(reason: String? = nil, hidesPast: Bool = false) {
        self.reason = reason
        self.hidesPast = hidesPast
    }
}
