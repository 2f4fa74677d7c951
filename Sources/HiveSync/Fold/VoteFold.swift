import HiveModel

extension Fold {
    /// `vote_cast`: a register for each target and voter by stamp; 0 is kept, and an unknown target collects.
    mutating func castVote(_ payload: VoteCast, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.isBy(payload.voter) else { return VoidReason.foreignAgent }
        let voter = try state.agentRow(payload.voter, name: nil, avatarURL: nil)
        let target = try target(payload.target, in: &state)
        let vote = VoteRow(value: payload.value, stamp: event.header.stamp)
        var delta = vote.value
        if let held = try state.insertVote(vote, target: target.target, voter: voter) {
            guard vote.stamp > held.stamp else { return .applied }
            try state.putVote(vote, target: target.target, voter: voter)
            try root.remove(.vote(held, target: payload.target, voter: payload.voter), crypto, state)
            delta -= held.value
        }
        try root.add(.vote(vote, target: payload.target, voter: payload.voter), crypto, state)
        if delta != 0 {
            try state.addScore(delta, to: target.target)
            if target.isLive, let author = target.author, author != voter { try state.addKarma(delta, to: author) }
        }
        try state.note(.voted(target.target))
        return .applied
    }

    /// What a vote or a comment points at; a stub is made for an id not seen before.
    func target(_ id: ContentTarget, in state: inout State) throws -> VoteTarget {
        if let known = try state.voteTarget(id) { return known }
        let row =
            switch id.kind {
            case .post: try state.insertPost(PostRow(id: id.id))
            case .comment: try state.insertComment(CommentRow(id: id.id))
            }
        guard let row else { throw FoldFault("\(id.kind.rawValue) \(id.id.rawValue) is there and is not") }
        return VoteTarget(target: TargetRow(kind: id.kind, row: row), author: nil, isLive: false)
    }

    /// Takes what others' votes on a target give from one agent to another; nil = from or to nobody.
    func moveKarma(
        of target: TargetRow,
        from before: RowNumber?,
        to after: RowNumber?,
        in state: inout State
    ) throws {
        guard before != after else { return }
        if let before {
            let score = try state.scoreByOthers(than: before, target: target)
            if score != 0 { try state.addKarma(-score, to: before) }
        }
        if let after {
            let score = try state.scoreByOthers(than: after, target: target)
            if score != 0 { try state.addKarma(score, to: after) }
        }
    }
}
