import HiveModel

/// What an act in an agent's ban register says.
struct BanChange: Sendable {
    let agent: RowNumber
    let by: RowNumber
    let said: MembershipChanged
    let limit: LogLimit
}

/// What an act about a setting says.
struct SettingChange: Sendable {
    let by: RowNumber
    let said: HiveSettingChanged
}

extension Decisions {
    /// The act that decides on an agent: nobody bans the owner's agent, and only an owner bans a moderator.
    func ban(among acts: [Act<BanChange>]) -> Act<BanChange>? {
        let register = ActRegister(acts)
        let heads = register.heads { act in
            guard roster.counts(act.origin, act.place) else { return false }
            let isByOwner = isOwnerAct(of: act.content.by, from: act.origin, at: act.place)
            guard isByOwner || moderators.allows(act.grant, to: act.content.by, at: act.place) else { return false }
            guard act.content.agent != ownerAgent else { return false }
            return isByOwner || !moderators.isModerator(act.content.agent)
        }
        return register.winner(of: heads) {
            rank($0)
        } restricts: {
            $0.said.action == .ban
        }
    }

    /// The act that decides on a setting, and all concurrent ones by id.
    func setting(among acts: [Act<SettingChange>]) -> (winner: Act<SettingChange>, heads: [EventID])? {
        let register = ActRegister(acts)
        let heads = register.heads { act in
            guard roster.counts(act.origin, act.place) else { return false }
            if isOwnerAct(of: act.content.by, from: act.origin, at: act.place) { return true }
            return !HiveSettings.isOwners(act.content.said.key)
                && moderators.allows(act.grant, to: act.content.by, at: act.place)
        }
        guard let winner = register.winner(of: heads, rank: { rank($0) }, restricts: { _ in false }) else { return nil }
        return (winner, heads.map { register.acts[$0].event }.sorted())
    }

    private func rank(_ act: Act<some Sendable>) -> Int { ownership.rank(of: act.origin, at: act.place) }
}
