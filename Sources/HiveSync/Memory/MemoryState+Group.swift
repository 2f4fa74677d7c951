import HiveModel

extension MemoryState {
    public func group() -> GroupRow? { groupRow }

    public mutating func putGroup(_ group: GroupRow) { groupRow = group }

    public func rosterActs() -> [RosterAct] { acts }

    public mutating func addRosterAct(_ act: RosterAct) {
        guard !acts.contains(where: { $0.event == act.event }) else { return }
        acts.insert(act, at: acts.firstIndex { $0.stamp > act.stamp } ?? acts.endIndex)
    }

    public func members() -> [MemberRow] { memberRows }

    public mutating func putMembers(_ members: [MemberRow]) { memberRows = members }

    public func stateRoot() -> StateRoot { root }

    public mutating func putStateRoot(_ root: StateRoot) { self.root = root }

    public mutating func clear() {
        profiles = [:]
        karma = Array(repeating: 0, count: agents.count)
        posts = []
        postRows = [:]
        comments = []
        commentRows = [:]
        writesByTarget = [:]
        votes = []
        voteIndexes = [:]
        votesByTarget = [:]
        groupRow = nil
        acts = []
        memberRows = []
        root = StateRoot()
    }

    public func forEachEntity(_ body: (Entity) throws -> Void) rethrows {
        if let groupRow { try body(.group(groupRow)) }
        for member in memberRows { try body(.member(member)) }
        for post in posts {
            guard let creation = post.creation else { continue }
            try body(
                .post(post, author: agentKey(creation.author), deletedBy: post.tombstone.map { agentKey($0.by) })
            )
        }
        for comment in comments {
            guard let creation = comment.creation, let post = comment.post else { continue }
            try body(
                .comment(
                    comment,
                    post: postID(post),
                    author: agentKey(creation.author),
                    deletedBy: comment.tombstone.map { agentKey($0.by) }
                )
            )
        }
        for (key, vote) in votes {
            try body(.vote(vote, target: contentTarget(key.target), voter: agentKey(key.voter)))
        }
        for (index, agent) in agents.enumerated() {
            if let profile = profiles[RowNumber(index + 1)] { try body(.profile(profile, agent: agent)) }
        }
    }

    public mutating func note(_ change: FoldChange) { changes.append(change) }

    private func contentTarget(_ target: TargetRow) -> ContentTarget {
        switch target.kind {
        case .post: ContentTarget(kind: .post, id: posts[Int(target.row) - 1].id)
        case .comment: ContentTarget(kind: .comment, id: comments[Int(target.row) - 1].id)
        }
    }
}
