import HiveModel

// Putting what was decided, and moving the root with it.
extension Fold {
    mutating func replaceOwners(by decisions: Decisions, in state: inout State) throws {
        let before = try state.owners()
        let after = decisions.ownership.terms.enumerated().map { OwnerRow(n: Int64($0 + 1), agent: $1.agent) }
        guard before != after else { return }
        for owner in before { try root.remove(.owner(owner), crypto, state) }
        for owner in after { try root.add(.owner(owner), crypto, state) }
        try state.putOwners(after)
    }

    mutating func replaceMembers(_ before: [MemberRow], by after: [MemberRow], in state: inout State) throws {
        guard before != after else { return }
        for member in before where !after.contains(member) { try root.remove(.member(member), crypto, state) }
        for member in after where !before.contains(member) { try root.add(.member(member), crypto, state) }
        try state.putMembers(after)
        try state.note(.rosterChanged)
    }

    mutating func replaceModerators(_ before: [ModeratorRow], by after: [ModeratorRow], in state: inout State) throws {
        guard before != after else { return }
        for row in before where !after.contains(row) {
            try root.remove(.moderator(row, agent: state.agentKey(row.agent)), crypto, state)
            try state.note(.memberChanged(row.agent))
        }
        for row in after where !before.contains(row) {
            try root.add(.moderator(row, agent: state.agentKey(row.agent)), crypto, state)
            try state.note(.memberChanged(row.agent))
        }
        try state.putModerators(after)
    }

    /// `membership_changed` join and leave: a register for each agent by stamp.
    mutating func changeOwnMembership(
        _ change: MembershipChanged,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard change.agent.key == change.by.key, event.header.isBy(change.by.key) else {
            return VoidReason.foreignAgent
        }
        let agent = change.agent
        let row = try state.agentRow(agent.key, name: agent.name, avatarURL: agent.avatarURL)
        let membership = MembershipRow(isJoined: change.action == .join, stamp: event.header.stamp)
        if let held = try state.membership(of: row) {
            guard membership.stamp > held.stamp else { return .applied }
            try root.remove(.membership(held, agent: agent.key), crypto, state)
        }
        try state.putMembership(membership, of: row)
        try root.add(.membership(membership, agent: agent.key), crypto, state)
        try state.note(.memberChanged(row))
        return .applied
    }
}

/// Sentences for void events.
enum VoidReason {
    static let foreignAgent = FoldVerdict.void("the acting agent belongs to another instance")
    static let foreignID = FoldVerdict.void("the id does not carry the prefix of the instance that created it")
    static let futureDate = FoldVerdict.void("created_at lies after the event's own time")
    static let createdBefore = FoldVerdict.void("the id was created before in the same log")
    static let notAllowed = FoldVerdict.void("only the author, a moderator or the owner may change this")
    static let noModerator = FoldVerdict.void("only a moderator or the owner may do this")
}

extension EventHeader {
    /// R0, first half: an agent acts only in its own instance's log.
    func isBy(_ agent: AgentKey) -> Bool { agent.instance == origin }

    /// R0, second half: a created id carries the prefix of the log's instance.
    func mayCreate(_ id: EntityID) -> Bool { id.carries(origin.prefix) }

    /// Whether a display time is in range: not after the event's own.
    func allows(createdAtMs: Int64?) -> Bool {
        guard let createdAtMs else { return true }
        return createdAtMs >= 0 && createdAtMs <= time.ms
    }
}
