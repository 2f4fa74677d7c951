import HiveModel

extension Fold {
    /// Decides anew what got acts since it was decided, and changes what that touches.
    ///
    /// Since the fold does not depend on order, content may be folded before by the old decision, and one decision for
    /// many acts is enough: at the end of a transaction, and before an event is set aside that the old decision does
    /// not let count. So nobody can make a replica decide, or fold anew, once for every act it sends. A removal, a
    /// transfer or whatever else takes rights away that content may stand on folds the group from nothing; all other
    /// decisions rebuild what they touch.
    mutating func settle(_ state: inout State) throws {
        guard !stale.isEmpty else { return }
        let before = try loadDecisions(&state)
        var after = before
        var admitted: [InstanceID] = []
        if stale.isRoster {
            var fences = FenceReader()
            after = try decideRoster(&fences, in: &state)
            after.moderators = before.moderators
            after.bans = before.bans
            let mayGrow = before.ownership == after.ownership || before.ownership == .none
            guard mayGrow, before.roster.rights.allSatisfy({ after.roster.rights[$0] == $1 }) else {
                return try refold(&state)
            }
            admitted = after.roster.rights.keys.filter { before.roster.rights[$0] == nil }.sorted()
            try replaceOwners(by: after, in: &state)
            try replaceMembers(before.roster.members, by: after.roster.members, in: &state)
        }
        let touched = try settleRegisters(from: before, &after, in: &state)
        decisions = after
        stale = StaleDecisions()
        lastWriter = nil
        for target in touched.content { try rebuild(target, in: &state) }
        for voter in touched.voters { try recountVotes(of: voter, in: &state) }
        for instance in admitted { try applyStoredContent(of: instance, in: &state) }
    }

    /// Content to rebuild and agents whose votes to count again.
    struct Touched {
        var content: [ContentTarget] = []
        var voters: [RowNumber] = []
        private var seen: Set<ContentTarget> = []

        mutating func add(_ targets: [ContentTarget]) {
            for target in targets where seen.insert(target).inserted { content.append(target) }
        }
    }

    /// Moderators, then bans, then settings; all of them where the roster or the moderators changed.
    private mutating func settleRegisters(
        from before: Decisions,
        _ after: inout Decisions,
        in state: inout State
    ) throws -> Touched {
        var touched = Touched()
        var fences = FenceReader()
        if stale.isRoster || stale.isModerators {
            after.moderators = try decideModerators(by: after, &fences, in: &state)
            for agent in Set(before.moderators.registers.keys).union(after.moderators.registers.keys).sorted()
            where before.moderators.grounds(of: agent) != after.moderators.grounds(of: agent) {
                touched.add(try state.content(grantedTo: agent))
            }
            try replaceModerators(before.moderators.rows, by: after.moderators.rows, in: &state)
        }
        let isEverything = stale.isRoster || stale.isModerators
        for agent in isEverything ? try bannedAgents(in: state) : stale.bans.sorted() {
            let row = try state.agentRow(agent, name: nil, avatarURL: nil)
            let effect = try settleBan(of: row, agent, by: after, &fences, in: &state)
            guard effect != after.bans[row] else { continue }
            after.bans[row] = effect
            touched.add(try state.content(by: row))
            touched.voters.append(row)
        }
        for key in ActKey.subjects(of: isEverything ? try settingKeys(in: state) : stale.settings) {
            try settleSetting(key, by: after, in: &state)
        }
        after.awaited.formUnion(fences.awaited)
        return touched
    }

    /// Puts the act that decides on an agent; what it takes back.
    private mutating func settleBan(
        of row: RowNumber,
        _ agent: AgentKey,
        by decisions: Decisions,
        _ fences: inout FenceReader,
        in state: inout State
    ) throws -> Decisions.Ban? {
        let winner = decisions.ban(among: try banChanges(about: agent, &fences, in: &state))
        let after = winner.map { act in
            BanRow(
                agent: row,
                event: act.event,
                action: act.content.said.action,
                scope: act.content.said.scope,
                fence: act.content.said.fence,
                by: act.content.by,
                reason: act.content.said.reason,
                stamp: act.stamp
            )
        }
        let before = try state.ban(of: row)
        if before != after {
            if let before { try root.remove(.ban(before, agent: agent), crypto, state) }
            if let after { try root.add(.ban(after, agent: agent), crypto, state) }
            try state.putBan(after, of: row)
            try state.note(.memberChanged(row))
        }
        return try effect(of: after, &fences, in: state)
    }

    private mutating func settleSetting(_ key: String, by decisions: Decisions, in state: inout State) throws {
        let decided = decisions.setting(among: try settingChanges(of: key, in: &state))
        let after = decided.map { winner, heads in
            SettingRow(key: key, value: winner.content.said.value.canonicalBytes(), event: winner.event, heads: heads)
        }
        let before = try state.setting(key)
        guard before != after else { return }
        if let before { try root.remove(.setting(before), crypto, state) }
        if let after { try root.add(.setting(after), crypto, state) }
        try state.putSetting(after, of: key)
        try state.note(.settingsChanged)
    }

    private func bannedAgents(in state: State) throws -> [AgentKey] {
        let agents = try state.acts(.ban).compactMap { event -> AgentKey? in
            guard case .membershipChanged(let said) = EventPayload(of: event) else { return nil }
            return said.agent.key
        }
        return Set(agents).sorted()
    }

    private func settingKeys(in state: State) throws -> Set<ActKey> {
        let keys = try state.acts(.setting).compactMap { event -> ActKey? in
            guard case .hiveSettingChanged(let said) = EventPayload(of: event) else { return nil }
            return ActKey(setting: said.key)
        }
        return Set(keys)
    }
}

extension ActKey {
    /// In the order of their bytes.
    fileprivate static func subjects(of keys: Set<ActKey>) -> [String] {
        keys.map(\.subject).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
