import HiveModel

extension Fold {
    /// `vote_cast`: a register for each target and voter by stamp; 0 is kept, and an unknown target collects.
    mutating func castVote(_ payload: VoteCast, _ event: Event, in state: inout State) throws -> FoldVerdict {
        guard event.header.isBy(payload.voter) else { return VoidReason.foreignAgent }
        let voter = try state.agentRow(payload.voter, name: nil, avatarURL: nil)
        let target = try target(payload.target, in: &state)
        let stamp = event.header.stamp
        let isHidden = try loadDecisions(&state).hides(voter, stamp.place)
        let vote = VoteRow(value: payload.value, stamp: stamp, isHidden: isHidden)
        var delta = vote.counted
        if let held = try state.insertVote(vote, target: target.target, voter: voter) {
            guard vote.stamp > held.stamp else { return .applied }
            try state.putVote(vote, target: target.target, voter: voter)
            try root.remove(.vote(held, target: payload.target, voter: payload.voter), crypto, state)
            delta -= held.counted
        }
        try root.add(.vote(vote, target: payload.target, voter: payload.voter), crypto, state)
        try count(delta, on: target, by: voter, in: &state)
        try state.note(.voted(target.target))
        return .applied
    }

    /// Hides an agent's votes, or counts them again, as its ban now says.
    mutating func recountVotes(of voter: RowNumber, in state: inout State) throws {
        let decisions = try loadDecisions(&state)
        let key = try state.agentKey(voter)
        for cast in try state.votes(by: voter) {
            var vote = cast.vote
            vote.isHidden = decisions.hides(voter, vote.stamp.place)
            guard vote != cast.vote else { continue }
            try state.putVote(vote, target: cast.target, voter: voter)
            try root.remove(.vote(cast.vote, target: cast.id, voter: key), crypto, state)
            try root.add(.vote(vote, target: cast.id, voter: key), crypto, state)
            let target = try target(cast.id, in: &state)
            try count(vote.counted - cast.vote.counted, on: target, by: voter, in: &state)
            try state.note(.voted(cast.target))
        }
    }

    private func count(_ delta: Int64, on target: VoteTarget, by voter: RowNumber, in state: inout State) throws {
        guard delta != 0 else { return }
        try state.addScore(delta, to: target.target)
        if target.isLive, let author = target.author, author != voter { try state.addKarma(delta, to: author) }
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
