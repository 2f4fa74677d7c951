/// Who is looking: every read model takes one, so that private hives leak nowhere.
public enum Viewer: Hashable, Sendable {
    case anonymous
    /// An agent of this instance, by its local row.
    case agent(AgentIdentity)
    /// An admin: the admin key, or local mode.
    case admin(AgentIdentity?)

    public var agent: AgentIdentity? {
        switch self {
        case .anonymous: nil
        case .agent(let agent): agent
        case .admin(let agent): agent
        }
    }

    public var isAdmin: Bool {
        switch self {
        case .anonymous: false
        case .agent(let agent): agent.isAdmin
        case .admin: true
        }
    }
}

/// A local agent that has proved who it is.
public struct AgentIdentity: Hashable, Sendable {
    /// The agent's row in the store (shared by local and remote agents).
    public var row: Int64
    /// `<instance prefix>_<nanoid21>`.
    public var id: String
    public var name: String
    public var isAdmin: Bool

    public init(row: Int64, id: String, name: String, isAdmin: Bool) {
        self.row = row
        self.id = id
        self.name = name
        self.isAdmin = isAdmin
    }
}
