import HiveModel
import HivePorts
import HiveSync

/// Who may have moderated in a group: its owners of all times, and agents by the grants that appointed them.
///
/// Enough to tell the acts of moderators from what strangers write; what has effect the fold has decided, and shows in
/// the rows it left.
struct ModerationRights {
    private let owners: Set<AgentKey>
    private var grants: [EventID: AgentKey] = [:]

    init(_ events: GroupEvents, _ reader: Reader) throws {
        let row = try reader.prepare(DecidedSQL.owners)
        row.bind(1, events.group)
        var owners: Set<AgentKey> = []
        while try row.step() {
            guard let number = row.optionalInt(1), let key = try Self.key(of: number, reader) else { continue }
            owners.insert(key)
        }
        self.owners = owners
        for event in try events.acts(.moderator) {
            guard case .moderatorChanged(let said) = EventPayload(of: event), case .add = said.change else { continue }
            grants[event.id] = said.agent.key
        }
    }

    /// - Parameter grant: what the act names in `refs.auth`.
    func mayModerate(_ agent: AgentKey, by grant: EventID?) -> Bool {
        owners.contains(agent) || grant.flatMap { grants[$0] } == agent
    }

    static func key(of agent: Int64, _ reader: Reader) throws -> AgentKey? {
        guard let view = try AgentReads.agent(row: agent, reader), let instance = InstanceID(view.instanceID),
            let id = EntityID(view.id)
        else { return nil }
        return AgentKey(instance: instance, agent: id)
    }
}
