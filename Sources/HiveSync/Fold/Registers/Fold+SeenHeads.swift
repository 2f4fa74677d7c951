public import HiveModel

extension Admission {
    /// What a new act of a register replaces (`refs.par`): the one that decides, then the other valid heads, then acts
    /// that nothing replaces and that have no effect now, newest first; at most 16.
    ///
    /// Void acts are named too: what makes them void may be taken back, and the writer has seen them.
    public mutating func seenHeads(of key: ActKey, in state: inout State) throws -> [EventID] {
        try fold.seenHeads(of: key, in: &state)
    }
}

extension Fold {
    mutating func seenHeads(of key: ActKey, in state: inout State) throws -> [EventID] {
        try settle(&state)
        let register = ActRegister(try state.acts(key).map { Act($0, NoContent()) })
        let decided = try decidedHeads(of: key, register, in: &state)
        let open = register.heads { _ in true }.reversed().map { register.acts[$0].event }
        var seen: [EventID] = []
        for event in decided + open where !seen.contains(event) { seen.append(event) }
        return Array(seen.prefix(Limits.parentsMax))
    }

    /// The deciding act first, then valid ones beside it.
    private mutating func decidedHeads(
        of key: ActKey,
        _ register: ActRegister<NoContent>,
        in state: inout State
    ) throws -> [EventID] {
        switch key.kind {
        case .setting:
            guard let setting = try state.setting(key.subject) else { return [] }
            return [setting.event] + setting.heads
        case .moderator:
            let decisions = try loadDecisions(&state)
            let events = Set(register.acts.map(\.event))
            let winner = decisions.moderators.rows.map(\.event).filter { events.contains($0) }
            let heads = register.heads { decisions.moderators.valid.contains($0.event) }
            return winner + heads.reversed().map { register.acts[$0].event }
        case .ban:
            let events = Set(register.acts.map(\.event))
            return try state.bans().map(\.event).filter { events.contains($0) }
        case .roster:
            return try state.members().filter { $0.instance.rawValue == key.subject }.compactMap(\.addedBy)
        case .ownership:
            return []
        }
    }
}

/// Acts whose order of replacing alone is asked for.
private struct NoContent: Sendable {}
