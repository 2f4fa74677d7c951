import HiveModel

/// What an act about a moderator says.
struct ModeratorChange: Sendable {
    let agent: RowNumber
    let by: RowNumber
    let byKey: AgentKey
    let change: ModeratorChanged.Change
    /// How far the agent's acts count where this removes it.
    let limit: LogLimit

    var isRemoval: Bool { change == .remove }
}

/// Who moderates a hive, and which acts under a grant count (protocol, section 5, step 6): owners' acts, then those of
/// agents whom an owner made admin.
struct Moderators: Sendable {
    typealias Register = ActRegister<ModeratorChange>

    /// By the agent they are about.
    let registers: [RowNumber: Register]
    private(set) var byOwner: Set<EventID> = []
    private(set) var valid: Set<EventID> = []
    /// By agent row.
    private(set) var rows: [ModeratorRow] = []

    static let none = Moderators()

    private init() { registers = [:] }

    /// - Parameter counts: whether what an instance wrote at a place counts.
    init(
        _ acts: [Act<ModeratorChange>],
        ownership: Ownership,
        counts: (InstanceID, Place) -> Bool
    ) {
        registers = Dictionary(grouping: acts) { $0.content.agent }.mapValues { Register($0) }
        let agents = registers.keys.sorted()
        let counted = agents.flatMap { registers[$0]?.acts ?? [] }.filter { counts($0.origin, $0.place) }
        for act in counted where ownership.isAct(of: act.content.byKey, from: act.origin, at: act.place) {
            byOwner.insert(act.event)
        }
        valid = byOwner
        for act in counted where !byOwner.contains(act.event) {
            guard act.content.change != .add(.admin), !isAdmin(act.content.agent),
                allows(act.grant, act.content.by, act.place, among: byOwner, role: .admin)
            else { continue }
            valid.insert(act.event)
        }
        for agent in agents {
            guard let register = registers[agent] else { continue }
            let winner = register.winner(of: register.heads { valid.contains($0.event) }) { act in
                ownership.rank(of: act.origin, at: act.place)
            } restricts: {
                $0.isRemoval
            }
            if case .add(let role)? = winner?.content.change, let event = winner?.event {
                rows.append(ModeratorRow(agent: agent, role: role, event: event))
            }
        }
    }

    /// Whether the grant that an act of `agent` at `place` cites holds.
    func allows(_ grant: EventID?, to agent: RowNumber, at place: Place) -> Bool {
        allows(grant, agent, place, among: valid, role: nil)
    }

    func isModerator(_ agent: RowNumber) -> Bool { rows.contains { $0.agent == agent } }

    /// What the acts under an agent's grants depend on; equal values allow the same.
    func grounds(of agent: RowNumber) -> [Ground] {
        (registers[agent]?.acts ?? []).map {
            Ground(event: $0.event, isValid: valid.contains($0.event), limit: $0.content.limit)
        }
    }

    struct Ground: Equatable {
        let event: EventID
        let isValid: Bool
        let limit: LogLimit
    }

    /// Whether any of the owners' last words makes the agent an admin.
    private func isAdmin(_ agent: RowNumber) -> Bool {
        guard let register = registers[agent] else { return false }
        return register.heads { byOwner.contains($0.event) }.contains {
            register.acts[$0].content.change == .add(.admin)
        }
    }

    /// The cited addition is among `valid`, and no removal that it does not replace lies before the act.
    private func allows(
        _ grant: EventID?,
        _ agent: RowNumber,
        _ place: Place,
        among valid: Set<EventID>,
        role: ModeratorRole?
    ) -> Bool {
        guard let register = registers[agent], let cited = register.index(of: grant),
            valid.contains(register.acts[cited].event), case .add(let given) = register.acts[cited].content.change,
            role == nil || given == role
        else { return false }
        let replaced = register.reached(from: cited)
        return register.acts.enumerated().allSatisfy { index, act in
            guard act.content.isRemoval, valid.contains(act.event), !replaced.contains(index) else { return true }
            return act.content.limit.reaches(place)
        }
    }
}
