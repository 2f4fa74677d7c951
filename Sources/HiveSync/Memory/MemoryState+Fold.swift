public import HiveModel

extension MemoryState: FoldState {
    // MARK: Agents

    public mutating func agentRow(_ key: AgentKey, name: String?, avatarURL: String?) -> RowNumber {
        if let row = agentRows[key] { return row }
        agents.append(key)
        karma.append(0)
        let row = RowNumber(agents.count)
        agentRows[key] = row
        return row
    }

    public func agentKey(_ row: RowNumber) -> AgentKey { agents[Int(row) - 1] }

    public func profile(of agent: RowNumber) -> ProfileRow? { profiles[agent] }

    public mutating func putProfile(_ profile: ProfileRow, of agent: RowNumber) { profiles[agent] = profile }

    public mutating func addKarma(_ delta: Int64, to agent: RowNumber) { karma[Int(agent) - 1] += delta }

    public func karma(of agent: RowNumber) -> Int64 { karma[Int(agent) - 1] }

    // MARK: Posts and comments

    public func post(_ id: EntityID) -> (row: RowNumber, post: PostRow)? {
        postRows[id].map { ($0, posts[Int($0) - 1]) }
    }

    public mutating func insertPost(_ post: PostRow) -> RowNumber? {
        guard postRows[post.id] == nil else { return nil }
        posts.append(post)
        let row = RowNumber(posts.count)
        postRows[post.id] = row
        return row
    }

    public mutating func putPost(_ post: PostRow, at row: RowNumber) { posts[Int(row) - 1] = post }

    public func postID(_ row: RowNumber) -> EntityID { posts[Int(row) - 1].id }

    public func comment(_ id: EntityID) -> (row: RowNumber, comment: CommentRow)? {
        commentRows[id].map { ($0, comments[Int($0) - 1]) }
    }

    public mutating func insertComment(_ comment: CommentRow) -> RowNumber? {
        guard commentRows[comment.id] == nil else { return nil }
        comments.append(comment)
        let row = RowNumber(comments.count)
        commentRows[comment.id] = row
        return row
    }

    public mutating func putComment(_ comment: CommentRow, at row: RowNumber) { comments[Int(row) - 1] = comment }

    public mutating func addScore(_ delta: Int64, to target: TargetRow) {
        switch target.kind {
        case .post: posts[Int(target.row) - 1].score += delta
        case .comment: comments[Int(target.row) - 1].score += delta
        }
    }

    public mutating func addCommentCount(_ delta: Int64, to post: RowNumber) {
        posts[Int(post) - 1].commentCount += delta
    }

    public func voteTarget(_ target: ContentTarget) -> VoteTarget? {
        switch target.kind {
        case .post:
            guard let row = postRows[target.id] else { return nil }
            return VoteTarget(
                target: TargetRow(kind: .post, row: row),
                author: posts[Int(row) - 1].creation?.author,
                isLive: posts[Int(row) - 1].isLive
            )
        case .comment:
            guard let row = commentRows[target.id] else { return nil }
            return VoteTarget(
                target: TargetRow(kind: .comment, row: row),
                author: comments[Int(row) - 1].creation?.author,
                isLive: comments[Int(row) - 1].isLive
            )
        }
    }

    // MARK: Updates, deletions, votes

    public mutating func addWrite(_ write: ContentWrite, to target: TargetRow) {
        var writes = writesByTarget[target] ?? []
        guard !writes.contains(where: { $0.stamp == write.stamp }) else { return }
        writes.insert(write, at: writes.firstIndex { $0.stamp > write.stamp } ?? writes.endIndex)
        writesByTarget[target] = writes
    }

    public func writes(to target: TargetRow) -> [ContentWrite] { writesByTarget[target] ?? [] }

    public func content(by agent: RowNumber) -> [ContentTarget] {
        posts.lazy.filter { $0.creation?.author == agent }.map { ContentTarget(kind: .post, id: $0.id) }
            + comments.lazy.filter { $0.creation?.author == agent }.map { ContentTarget(kind: .comment, id: $0.id) }
    }

    public func content(grantedTo agent: RowNumber) -> [ContentTarget] {
        func isGranted(_ kind: ContentKind, _ row: Int) -> Bool {
            writes(to: TargetRow(kind: kind, row: RowNumber(row + 1))).contains {
                $0.agent == agent && $0.grant != nil
            }
        }
        return posts.indices.lazy.filter { isGranted(.post, $0) }.map { ContentTarget(kind: .post, id: posts[$0].id) }
            + comments.indices.lazy.filter { isGranted(.comment, $0) }
            .map { ContentTarget(kind: .comment, id: comments[$0].id) }
    }

    public func votes(by voter: RowNumber) -> [CastVote] {
        votes.lazy.filter { $0.key.voter == voter }.map {
            CastVote(id: contentTarget($0.key.target), target: $0.key.target, vote: $0.vote)
        }
    }

    public mutating func insertVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) -> VoteRow? {
        let key = VoteKey(target: target, voter: voter)
        if let held = voteIndexes[key] { return votes[held].vote }
        voteIndexes[key] = votes.count
        votesByTarget[target, default: []].append(votes.count)
        votes.append((key, vote))
        return nil
    }

    public mutating func putVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) {
        guard let index = voteIndexes[VoteKey(target: target, voter: voter)] else { return }
        votes[index].vote = vote
    }

    public func scoreByOthers(than author: RowNumber, target: TargetRow) -> Int64 {
        (votesByTarget[target] ?? []).reduce(0) { sum, index in
            votes[index].key.voter == author ? sum : sum + votes[index].vote.counted
        }
    }
}
