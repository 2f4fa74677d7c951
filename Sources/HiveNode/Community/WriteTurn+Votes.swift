import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// In whose name agents of this instance vote (protocol, section 12.1).
extension WriteTurn {
    /// The agent itself, whose profile the group then knows; or, where votes are pseudonymous, a name that only this
    /// instance can tell whose it is.
    func voter(row: RowNumber, id: String, in group: GroupID) throws -> AgentKey {
        guard try isPseudonymous(group) else {
            return try actor(AgentIdentity(row: row, id: id, name: id, isAdmin: false), in: group).key
        }
        // No profile is told here: written beside the vote it would name the voter.
        let key = AgentKey(instance: local.instance, agent: local.votePseudonym(of: id, in: group))
        if try transaction.votePseudonym(of: row, in: group) == nil {
            var transaction = transaction
            let voter = try state(of: group).agentRow(key, name: nil, avatarURL: nil)
            try transaction.putVotePseudonym(voter, of: row, in: group)
        }
        return key
    }

    /// Decided when the group was founded.
    func isPseudonymous(_ group: GroupID) throws -> Bool {
        if let known = memory.pseudonymous[group] { return known }
        guard let policy = try state(of: group).group()?.policy else { return false }
        memory.pseudonymous[group] = policy.votePrivacy == .pseudonymous
        return policy.votePrivacy == .pseudonymous
    }

    /// Votes taken back in one transaction.
    private static let recalledMax = 500

    /// Casts 0 for what banned agents of this instance voted under other names: nobody else knows whose votes they are.
    ///
    /// Whether there is more to do.
    func recallVotes(in group: GroupID) throws -> Bool {
        let state = try state(of: group)
        guard try isPseudonymous(group), try state.head(of: local.instance) != nil, try ending(of: group) == nil else {
            return false
        }
        var left = Self.recalledMax
        for ban in try state.bans() where ban.action == .ban {
            guard try state.agentKey(ban.agent).instance == local.instance,
                let row = try transaction.votePseudonym(of: ban.agent, in: group)
            else { continue }
            let voter = try state.agentKey(row)
            for cast in try state.votes(by: row) where cast.vote.value != 0 {
                guard left > 0 else { return true }
                left -= 1
                try emit(.voteCast(VoteCast(target: cast.id, voter: voter, value: 0)), in: group)
            }
        }
        return false
    }
}
