import HiveModel

// Reading acts back from the log and deciding them, in the fixed order.
extension Fold {
    /// Everything that was decided when the state was last settled.
    /// - Parameter event: the log holds it already, and those decisions did not know it.
    mutating func loadDecisions(_ state: inout State, before event: EventHeader? = nil) throws -> Decisions {
        if let decisions { return decisions }
        let loaded = try state.memo.decisions ?? decided(before: event, in: &state)
        decisions = loaded
        return loaded
    }

    /// What stands in the state, decided again from the acts it stands on.
    private func decided(before event: EventHeader?, in state: inout State) throws -> Decisions {
        var fences = FenceReader(before: event)
        var decisions = try decideRoster(&fences, in: &state)
        decisions.moderators = try decideModerators(by: decisions, &fences, in: &state)
        for ban in try state.bans() where ban.action == .ban {
            decisions.bans[ban.agent] = try effect(of: ban, &fences, in: state)
        }
        decisions.awaited = fences.awaited
        return decisions
    }

    /// Ownership and roster.
    func decideRoster(_ fences: inout FenceReader, in state: inout State) throws -> Decisions {
        var decisions = Decisions()
        guard let founder = try state.group()?.owner.key,
            let first = try state.event(origin: founder.instance, place: Place(epoch: 1, seq: 1)),
            case .groupCreated(let genesis) = EventPayload(of: first)
        else { return decisions }
        let changes = try rosterChanges(&fences, in: state)
        let transfers: [Act<OwnerChanged>] = try state.acts(ActKind.ownership).compactMap { event in
            guard case .ownerChanged(let transfer) = EventPayload(of: event) else { return nil }
            return Act(event, transfer)
        }
        var keys = [founder.instance: genesis.identityKey]
        for change in changes {
            if let addition = change.content.addition { keys[addition.instance] = addition.identityKey }
        }
        decisions.ownership = try Ownership.decide(
            Ownership.Ground(group: group, genesis: genesis, keys: keys),
            transfers,
            crypto
        ) { try fences.limit($0, of: $1, in: state) }
        let decision = RosterDecision(changes, ownership: decisions.ownership, admission: genesis.policy.admission)
        decisions.roster = decision.roster(genesis: genesis)
        decisions.ownerAgents = try decisions.ownership.terms.map { term in
            try term.agent.map { try state.agentRow($0, name: nil, avatarURL: nil) }
        }
        decisions.awaited = fences.awaited
        return decisions
    }

    private func rosterChanges(_ fences: inout FenceReader, in state: State) throws -> [Act<RosterChange>] {
        try state.acts(.roster).compactMap { event in
            switch EventPayload(of: event) {
            case .instanceAdded(let addition):
                return Act(event, RosterChange(subject: addition.instance, kind: .addition(addition)))
            case .instanceRemoved(let removal):
                let limit = try fences.limit(removal.fence, of: removal.instance, in: state)
                let kind = RosterChange.Kind.removal(limit: limit, removesInvited: removal.removesInvited)
                return Act(event, RosterChange(subject: removal.instance, kind: kind))
            default: return nil
            }
        }
    }

    func decideModerators(
        by decisions: Decisions,
        _ fences: inout FenceReader,
        in state: inout State
    ) throws -> Moderators {
        var changes: [Act<ModeratorChange>] = []
        for event in try state.acts(.moderator) {
            guard case .moderatorChanged(let said) = EventPayload(of: event) else { continue }
            let change = ModeratorChange(
                agent: try state.agentRow(said.agent.key, name: nil, avatarURL: nil),
                by: try state.agentRow(said.by.key, name: nil, avatarURL: nil),
                byKey: said.by.key,
                change: said.change,
                limit: try fences.limit(said.fence, of: said.agent.key.instance, in: state)
            )
            changes.append(Act(event, change))
        }
        return Moderators(changes, ownership: decisions.ownership) { decisions.roster.counts($0, $1) }
    }

    func banChanges(
        about agent: AgentKey,
        _ fences: inout FenceReader,
        in state: inout State
    ) throws -> [Act<BanChange>] {
        var changes: [Act<BanChange>] = []
        for event in try state.acts(ActKey(.ban, about: agent)) {
            guard case .membershipChanged(let said) = EventPayload(of: event) else { continue }
            let change = BanChange(
                agent: try state.agentRow(agent, name: nil, avatarURL: nil),
                by: try state.agentRow(said.by.key, name: nil, avatarURL: nil),
                said: said,
                limit: try fences.limit(said.fence, of: agent.instance, in: state)
            )
            changes.append(Act(event, change))
        }
        return changes
    }

    func settingChanges(of key: String, in state: inout State) throws -> [Act<SettingChange>] {
        var changes: [Act<SettingChange>] = []
        for event in try state.acts(ActKey(setting: key)) {
            guard case .hiveSettingChanged(let said) = EventPayload(of: event) else { continue }
            let by = try state.agentRow(said.by.key, name: nil, avatarURL: nil)
            changes.append(Act(event, SettingChange(by: by, said: said)))
        }
        return changes
    }

    /// What a decided ban takes back; nil where the last word is no ban.
    func effect(of ban: BanRow?, _ fences: inout FenceReader, in state: State) throws -> Decisions.Ban? {
        guard let ban, ban.action == .ban else { return nil }
        let origin = try state.agentKey(ban.agent).instance
        return Decisions.Ban(scope: ban.scope, limit: try fences.limit(ban.fence, of: origin, in: state))
    }
}
