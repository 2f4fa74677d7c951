public import HiveModel
public import HiveSync

extension SQLiteState {
    // MARK: Acts

    public func addAct(_ key: ActKey, origin: InstanceID, place: Place) throws {
        let index = try logIndex(origin, place.epoch)
        let log = memory.logs?.entries[index].n ?? 0
        let add = statements.addAct
        add.bind(1, number).bind(2, key.kind.rawValue).bind(3, key.subject).bind(4, log).bind(5, place.seq)
        try add.run()
    }

    public func acts(_ kind: ActKind) throws -> [Event] {
        let row = statements.actsOfKind
        row.bind(1, number).bind(2, kind.rawValue)
        return try acts(row)
    }

    public func acts(_ key: ActKey) throws -> [Event] {
        let row = statements.actsOfKey
        row.bind(1, number).bind(2, key.kind.rawValue).bind(3, key.subject)
        return try acts(row)
    }

    private func acts(_ row: HotStatement) throws -> [Event] {
        let logs = try logs()
        let columns = EventColumns(group: groupID, types: try core.eventTypes())
        defer { row.reset() }
        var events: [Event] = []
        while try row.step() {
            guard let log = logs.find(number: row.int(1)) else {
                throw DamagedRow("a remembered act names no log of its group")
            }
            let before = try row.optionalHash(EventColumns.count)
            events.append(try columns.event(row, origin: log.origin, epoch: log.epoch, before: before))
        }
        return events
    }

    // MARK: What an agent wrote

    public func content(by agent: RowNumber) throws -> [ContentTarget] {
        let posts = try ids(DecidedSQL.postsBy, of: agent).map { ContentTarget(kind: .post, id: $0) }
        let comments = try ids(DecidedSQL.commentsBy, of: agent).map { ContentTarget(kind: .comment, id: $0) }
        return posts + comments
    }

    public func content(grantedTo agent: RowNumber) throws -> [ContentTarget] {
        let row = statements.granted
        row.bind(1, number).bind(2, agent)
        var targets: [TargetRow] = []
        while try row.step() { targets.append(TargetRow(number: row.int(0))) }
        return try targets.map { target in
            switch target.kind {
            case .post: ContentTarget(kind: .post, id: try postID(target.row))
            case .comment: ContentTarget(kind: .comment, id: try commentID(target.row))
            }
        }
    }

    public func votes(by voter: RowNumber) throws -> [CastVote] {
        let row = try core.prepare(DecidedSQL.votesBy)
        row.bind(1, number).bind(2, number).bind(3, voter)
        var votes: [CastVote] = []
        while try row.step() {
            let target = TargetRow(number: row.int(0))
            votes.append(
                CastVote(
                    id: ContentTarget(kind: target.kind, id: try row.entityID(4)),
                    target: target,
                    vote: VoteRow(value: row.int(1), stamp: try core.stamp(row, 3), isHidden: row.bool(2))
                )
            )
        }
        return votes
    }

    private func ids(_ sql: String, of agent: RowNumber) throws -> [EntityID] {
        let row = try core.prepare(sql)
        row.bind(1, agent).bind(2, number)
        var ids: [EntityID] = []
        while try row.step() { ids.append(try row.entityID(0)) }
        return ids
    }
}
