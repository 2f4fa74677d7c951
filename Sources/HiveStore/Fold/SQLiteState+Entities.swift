import HiveModel
public import HiveSync

extension SQLiteState {
    /// Rows read at a time: `body` may use this state's statements.
    private static let pageSize: Int64 = 500

    public func forEachEntity(_ body: (Entity) throws -> Void) throws {
        try core.flushCounts()
        if let group = try group() { try body(.group(group)) }
        try forEachDecision(body)
        try forEachPost(body)
        try forEachComment(body)
        for (agent, profile) in try profiles() { try body(.profile(profile, agent: try agentKey(agent))) }
    }

    private func forEachDecision(_ body: (Entity) throws -> Void) throws {
        for owner in try owners() { try body(.owner(owner)) }
        for member in try members() { try body(.member(member)) }
        for moderator in try moderators() { try body(.moderator(moderator, agent: try agentKey(moderator.agent))) }
        for ban in try bans() { try body(.ban(ban, agent: try agentKey(ban.agent))) }
        for (agent, membership) in try memberships() {
            try body(.membership(membership, agent: try agentKey(agent)))
        }
        for setting in try settings() { try body(.setting(setting)) }
    }

    private func forEachPost(_ body: (Entity) throws -> Void) throws {
        try forEachPage(of: statements.postPage) { row in
            (row.int(0), try self.post(try row.entityID(19), row, from: 1))
        } body: { n, post in
            if let creation = post.creation {
                let author = try agentKey(creation.author)
                try body(.post(post, author: author, deletedBy: try post.tombstone.map { try agentKey($0.by) }))
            }
            try forEachVote(on: TargetRow(kind: .post, row: n), id: post.id, body)
        }
    }

    private func forEachComment(_ body: (Entity) throws -> Void) throws {
        try forEachPage(of: statements.commentPage) { row in
            (row.int(0), try self.comment(try row.entityID(14), row, from: 1))
        } body: { n, comment in
            if let creation = comment.creation, let post = comment.post {
                try body(
                    .comment(
                        comment,
                        post: try postID(post),
                        author: try agentKey(creation.author),
                        deletedBy: try comment.tombstone.map { try agentKey($0.by) }
                    )
                )
            }
            try forEachVote(on: TargetRow(kind: .comment, row: n), id: comment.id, body)
        }
    }

    private func forEachVote(on target: TargetRow, id: EntityID, _ body: (Entity) throws -> Void) throws {
        let row = statements.votesOf
        row.bind(1, target.number)
        var votes: [(RowNumber, VoteRow)] = []
        while try row.step() {
            votes.append((row.int(0), VoteRow(value: row.int(1), stamp: try core.stamp(row, 3), isHidden: row.bool(2))))
        }
        let content = ContentTarget(kind: target.kind, id: id)
        for (voter, vote) in votes { try body(.vote(vote, target: content, voter: try agentKey(voter))) }
    }

    private func profiles() throws -> [(RowNumber, ProfileRow)] {
        let row = statements.profilesOf
        defer { row.reset() }
        row.bind(1, number)
        var profiles: [(RowNumber, ProfileRow)] = []
        while try row.step() {
            let profile = ProfileRow(
                name: row.text(1),
                avatarURL: row.optionalText(2),
                stamp: try core.stamp(row, 3)
            )
            profiles.append((row.int(0), profile))
        }
        return profiles
    }

    private func forEachPage<Row>(
        of statement: HotStatement,
        read: (HotStatement) throws -> (RowNumber, Row),
        body: (RowNumber, Row) throws -> Void
    ) throws {
        var last: RowNumber = 0
        while true {
            statement.bind(1, number).bind(2, last).bind(3, Self.pageSize)
            var page: [(RowNumber, Row)] = []
            do {
                defer { statement.reset() }
                while try statement.step() { page.append(try read(statement)) }
            }
            guard let end = page.last else { return }
            for (n, row) in page { try body(n, row) }
            last = end.0
        }
    }
}
