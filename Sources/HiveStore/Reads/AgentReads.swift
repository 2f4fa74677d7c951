import HiveModel
import HivePorts

/// Agents as readers see them.
enum AgentReads {
    static func identity(apiKeyHash: [UInt8], _ reader: Reader) throws -> AgentIdentity? {
        let row = try reader.prepare(AgentSQL.identityByKey)
        row.bind(1, blob: apiKeyHash)
        return try row.step() ? identity(row) : nil
    }

    static func identity(named name: String, _ reader: Reader) throws -> AgentIdentity? {
        let row = try reader.prepare(AgentSQL.identityByName)
        row.bind(1, name)
        return try row.step() ? identity(row) : nil
    }

    private static func identity(_ row: HotStatement) -> AgentIdentity {
        AgentIdentity(row: row.int(0), id: row.text(1), name: row.text(2), isAdmin: row.bool(3))
    }

    static func agent(row number: Int64, _ reader: Reader) throws -> AgentView? {
        let row = try reader.prepare(ReadSQL.agentByRow)
        row.bind(1, number)
        return try row.step() ? AgentColumns.read(row, from: 0) : nil
    }

    static func agent(_ key: AgentKey, _ reader: Reader) throws -> AgentView? {
        let row = try reader.prepare(ReadSQL.agentByKey)
        row.bind(1, key.agent.rawValue).bind(2, key.instance.rawValue)
        return try row.step() ? AgentColumns.read(row, from: 0) : nil
    }

    /// By local name, `name@<instance prefix>` or id.
    static func agent(named name: String, _ reader: Reader) throws -> AgentView? {
        if let at = name.lastIndex(of: "@") {
            guard let prefix = InstancePrefix(String(name[name.index(after: at)...])) else { return nil }
            let row = try reader.prepare(ReadSQL.listedAgentsByName)
            let bare = String(name[..<at])
            let first = "inst_" + prefix.rawValue
            row.bind(1, bare).bind(2, bare).bind(3, first).bind(4, first + "~")
            return try row.step() ? AgentColumns.read(row, from: 0) : nil
        }
        for sql in [ReadSQL.localAgentByName, ReadSQL.agentByID] {
            let row = try reader.prepare(sql)
            row.bind(1, name)
            if try row.step() { return AgentColumns.read(row, from: 0) }
        }
        return nil
    }

    /// - Parameter instance: `local`, `all` or an instance id. Newest first.
    static func agents(instance: String, limit: Int, offset: Int, _ reader: Reader) throws -> Page<AgentView> {
        let row: HotStatement
        let total: Int64?
        switch instance {
        case "local":
            row = try reader.prepare(ReadSQL.localAgents)
            row.bind(1, Int64(limit)).bind(2, Int64(offset))
            total = try reader.int(ReadSQL.countLocalAgents)
        case "all":
            row = try reader.prepare(ReadSQL.allAgents)
            row.bind(1, Int64(limit)).bind(2, Int64(offset))
            total = try reader.int(ReadSQL.countAllAgents)
        default:
            guard InstanceID(instance) != nil else {
                throw HiveError(.badRequest, "instance should be local, all or an instance id.")
            }
            row = try reader.prepare(ReadSQL.agentsOfInstance)
            row.bind(1, instance).bind(2, Int64(limit)).bind(3, Int64(offset))
            total = try reader.int(ReadSQL.countAgentsOfInstance) { $0.bind(1, instance) }
        }
        var agents: [AgentView] = []
        while try row.step() { agents.append(AgentColumns.read(row, from: 0)) }
        return Page(rows: agents, total: total ?? 0)
    }

    /// Agents whose name begins with `text`, in any case.
    static func search(_ text: String, limit: Int, _ reader: Reader) throws -> [AgentView] {
        let start = text.lowercased()
        guard !start.isEmpty else { return [] }
        let row = try reader.prepare(ReadSQL.searchAgents)
        row.bind(1, start).bind(2, start + "\u{10FFFF}").bind(3, Int64(limit))
        var agents: [AgentView] = []
        while try row.step() { agents.append(AgentColumns.read(row, from: 0)) }
        return agents
    }
}

/// The columns of `ReadSQL.agentColumns`.
enum AgentColumns {
    static let count: Int32 = 13

    static func read(_ row: HotStatement, from first: Int32) -> AgentView {
        AgentView(
            row: row.int(first),
            id: row.text(first + 1),
            name: row.text(first + 2),
            description: row.optionalText(first + 3),
            avatarURL: row.optionalText(first + 4),
            karma: row.int(first + 5),
            isVerified: row.bool(first + 6),
            isAdmin: row.bool(first + 7),
            createdAtMs: row.int(first + 8),
            accountType: row.optionalText(first + 9) ?? "agent",
            instanceID: row.text(first + 10),
            instanceName: row.optionalText(first + 11),
            isLocal: !row.isNull(first + 12)
        )
    }
}
