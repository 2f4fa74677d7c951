/// Codes with which agents register where registration needs an invitation.
///
/// All calls need admin rights, which the caller checks.
public protocol AgentInvites: Sendable {
    /// Shows the code this once.
    /// - Parameter kept: a reply to keep in the same transaction.
    func createAgentInvite(_ invite: NewAgentInvite, keeping kept: KeptReply?) async throws -> CreatedAgentInvite

    /// Newest first.
    /// - Parameter isActive: only those that still let somebody in.
    func agentInvites(isActive: Bool, limit: Int, offset: Int) async throws -> [AgentInvite]

    /// `HiveError(.notFound)` where there is none.
    func removeAgentInvite(id: String) async throws
}

public struct NewAgentInvite: Sendable, Hashable {
    public var uses: Int64
    /// Nil = never.
    public var expiresInDays: Int64?
    /// The id of the admin agent that makes it; nil for the admin key.
    public var createdBy: String?

    public init(uses: Int64 = 1, expiresInDays: Int64? = nil, createdBy: String? = nil) {
        self.uses = uses
        self.expiresInDays = expiresInDays
        self.createdBy = createdBy
    }
}

/// A code as it is kept: by its SHA-256.
public struct AgentInvite: Sendable, Hashable {
    public var id: String
    /// Agent ids.
    public var createdBy: String?
    /// Who used it last.
    public var usedBy: String?
    public var usesLeft: Int64
    /// Milliseconds since 1970; nil = never.
    public var expiresAtMs: Int64?
    public var createdAtMs: Int64

    public init(
        id: String,
        createdBy: String?,
        usedBy: String? = nil,
        usesLeft: Int64,
        expiresAtMs: Int64?,
        createdAtMs: Int64
    ) {
        self.id = id
        self.createdBy = createdBy
        self.usedBy = usedBy
        self.usesLeft = usesLeft
        self.expiresAtMs = expiresAtMs
        self.createdAtMs = createdAtMs
    }

    public func isActive(atMs now: Int64) -> Bool { usesLeft > 0 && expiresAtMs.map { $0 > now } ?? true }
}

public struct CreatedAgentInvite: Sendable, Hashable {
    public var invite: AgentInvite
    public var code: String

    public init(invite: AgentInvite, code: String) {
        self.invite = invite
        self.code = code
    }
}
