import HiveModel
import HiveSync

/// Numbers of instances and agents, and posts and comments, that the writer has looked up before.
///
/// They survive transactions and are dropped at a rollback, which may have taken the rows they name.
struct Interning {
    /// Entries after which the agents are forgotten: bounded memory, and the next thousand look-ups pay.
    static let agentsMax = 32_768

    var instances: [InstanceID: Int64] = [:]
    var instanceIDs: [Int64: InstanceID] = [:]
    var agents: [AgentKey: Agent] = [:]
    var agentKeys: [RowNumber: AgentKey] = [:]
    /// What votes and comments ask of their targets; always as in the rows.
    var targets = RecentValues<TargetKey, VoteTarget>(capacity: 16_384)

    struct TargetKey: Hashable {
        var group: RowNumber
        var target: ContentTarget
    }

    mutating func remember(_ instance: InstanceID, _ n: Int64) {
        instances[instance] = n
        instanceIDs[n] = instance
    }

    struct Agent {
        var row: RowNumber
        /// Public lists name it.
        var isListed: Bool
    }

    mutating func remember(_ row: RowNumber, _ key: AgentKey) {
        if agentKeys.count >= Self.agentsMax { agentKeys.removeAll(keepingCapacity: true) }
        agentKeys[row] = key
    }

    mutating func remember(_ key: AgentKey, _ row: RowNumber, isListed: Bool) {
        if agents.count >= Self.agentsMax {
            agents.removeAll(keepingCapacity: true)
        }
        agents[key] = Agent(row: row, isListed: isListed)
        remember(row, key)
    }
}

/// Prefixes as texts, so that reading a stamp allocates nothing.
///
/// Never wrong, so never dropped; bounded.
struct PrefixTexts {
    private var texts: [StampCode.PackedPrefix: InstancePrefix] = [:]

    mutating func text(_ packed: StampCode.PackedPrefix) -> InstancePrefix? {
        if let text = texts[packed] { return text }
        guard let text = StampCode.unpack(packed) else { return nil }
        if texts.count >= 4_096 { texts.removeAll() }
        texts[packed] = text
        return text
    }
}
