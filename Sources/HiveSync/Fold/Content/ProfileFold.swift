import HiveModel

extension Fold {
    /// `agent_profile_changed`: a register for each agent of the log's instance, by stamp.
    mutating func changeProfile(
        _ payload: AgentProfileChanged,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        let key = AgentKey(instance: event.header.origin, agent: payload.agent)
        let agent = try state.agentRow(key, name: payload.name, avatarURL: payload.avatarURL)
        let profile = ProfileRow(name: payload.name, avatarURL: payload.avatarURL, stamp: event.header.stamp)
        if let held = try state.profile(of: agent) {
            guard profile.stamp > held.stamp else { return .applied }
            try root.remove(.profile(held, agent: key), crypto, state)
        }
        try state.putProfile(profile, of: agent)
        try root.add(.profile(profile, agent: key), crypto, state)
        try state.note(.profileChanged(agent))
        return .applied
    }
}
