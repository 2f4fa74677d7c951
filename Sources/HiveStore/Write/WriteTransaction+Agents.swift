public import HiveModel
public import HivePorts
public import HiveSync

/// A local account to be made.
public struct NewAccount: Sendable, Hashable {
    public var key: AgentKey
    public var name: String
    public var description: String?
    /// Canonical JSON object, or nil.
    public var metadataJSON: String?
    public var isAdmin: Bool
    /// `agent`, `human` or `swarmhub`.
    public var accountType: String
    public var createdAtMs: Int64

    public init(
        key: AgentKey,
        name: String,
        description: String? = nil,
        metadataJSON: String? = nil,
        isAdmin: Bool = false,
        accountType: String = "agent",
        createdAtMs: Int64
    ) {
        self.key = key
        self.name = name
        self.description = description
        self.metadataJSON = metadataJSON
        self.isAdmin = isAdmin
        self.accountType = accountType
        self.createdAtMs = createdAtMs
    }
}

extension WriteTransaction {
    /// Makes a local account.
    ///
    /// `HiveError(.conflict)` where the name is taken.
    public mutating func createAccount(_ account: NewAccount) throws -> AgentIdentity {
        guard try self.account(named: account.name) == nil else {
            throw HiveError(.conflict, "The name \(account.name) is taken.")
        }
        let row = try core.agentRow(account.key, name: account.name, avatarURL: nil, isListed: true)
        let insert = try reader.prepare(AgentSQL.insertAccount)
        insert.bind(1, row).bind(2, account.name)
        insert.bind(3, account.description)
        insert.bind(4, true)
        insert.bind(5, account.isAdmin)
        insert.bind(6, account.metadataJSON)
        insert.bind(7, account.accountType).bind(8, account.createdAtMs).bind(9, account.createdAtMs)
        try insert.run()
        return AgentIdentity(row: row, id: account.key.agent.rawValue, name: account.name, isAdmin: account.isAdmin)
    }

    /// Changes what an account says of itself.
    ///
    /// A new avatar shows at once here; others learn it from a profile event.
    public mutating func updateAccount(_ row: RowNumber, _ change: AgentChange, nowMs: Int64) throws {
        let held = try reader.prepare(AgentSQL.account)
        held.bind(1, row)
        guard try held.step() else { throw HiveError(.notFound, "There is no such account here.") }
        let description = change.description ?? held.optionalText(0)
        let metadata = change.metadataJSON ?? held.optionalText(1)
        held.reset()
        let update = try reader.prepare(AgentSQL.updateAccount)
        update.bind(1, description)
        update.bind(2, metadata)
        update.bind(3, nowMs).bind(4, row)
        try update.run()
        guard let avatar = change.avatarURL else { return }
        core.statements.setAvatar.bind(1, avatar)
        core.statements.setAvatar.bind(2, row)
        try core.statements.setAvatar.run()
    }

    public mutating func setAdmin(_ row: RowNumber, _ isAdmin: Bool, nowMs: Int64) throws {
        let update = try reader.prepare(AgentSQL.setAdmin)
        update.bind(1, isAdmin)
        update.bind(2, nowMs).bind(3, row)
        try update.run()
    }

    /// Adds an API key by its SHA-256.
    public mutating func addKey(agent: RowNumber, hash: [UInt8], name: String, nowMs: Int64) throws {
        let insert = try reader.prepare(AgentSQL.insertKey)
        insert.bind(1, agent).bind(2, blob: hash).bind(3, name).bind(4, nowMs)
        try insert.run()
    }

    /// Under which other name an agent of this instance votes in a group; nil where it never did.
    public func votePseudonym(of agent: RowNumber, in group: GroupID) throws -> RowNumber? {
        guard let number = try core.groupRow(group) else { return nil }
        let row = try reader.prepare(VoteSQL.pseudonym)
        row.bind(1, agent).bind(2, number)
        return try row.step() ? row.int(0) : nil
    }

    /// Remembers under which other name an agent votes in a group.
    public mutating func putVotePseudonym(_ voter: RowNumber, of agent: RowNumber, in group: GroupID) throws {
        guard let number = try core.groupRow(group) else { return }
        let put = try reader.prepare(VoteSQL.putPseudonym)
        put.bind(1, agent).bind(2, number).bind(3, voter)
        try put.run()
    }

    /// The local account of that name; nil where there is none.
    public func account(named name: String) throws -> AgentIdentity? {
        try AgentReads.identity(named: name, reader)
    }
}
