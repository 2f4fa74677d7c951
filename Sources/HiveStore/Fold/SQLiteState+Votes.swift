import HiveModel
public import HiveSync

extension SQLiteState {
    // MARK: Updates and deletions

    public func addWrite(_ write: ContentWrite, to target: TargetRow) throws {
        let index = try logIndex(write.origin, write.stamp.place.epoch)
        let log = memory.logs?.entries[index].n ?? 0
        let insert = statements.addWrite
        insert.bind(1, target.number)
        insert.bind(2, write.stamp)
        insert.bind(3, write.kind.rawValue).bind(4, log).bind(5, write.stamp.place.seq).bind(6, write.agent)
        insert.bind(7, write.grant?.rawValue)
        try insert.run()
    }

    public func writes(to target: TargetRow) throws -> [ContentWrite] {
        let logs = try logs()
        let row = statements.writes
        defer { row.reset() }
        row.bind(1, target.number)
        var writes: [ContentWrite] = []
        while try row.step() {
            guard let kind = ContentWrite.Kind(rawValue: row.int(1)), let log = logs.find(number: row.int(2)) else {
                throw DamagedRow("a remembered write names no log of its group")
            }
            writes.append(
                ContentWrite(
                    kind: kind,
                    origin: log.origin,
                    stamp: try core.stamp(row, 0),
                    agent: row.int(3),
                    grant: row.isNull(4) ? nil : try row.eventID(4)
                )
            )
        }
        return writes
    }

    // MARK: Votes

    public func insertVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) throws -> VoteRow? {
        let insert = statements.insertVote
        bind(vote, target, voter, to: insert)
        if try insert.runCountingChanges() > 0 {
            memory.counters.votes += 1
            return nil
        }
        let row = statements.vote
        defer { row.reset() }
        row.bind(1, target.number).bind(2, voter)
        guard try row.step() else { throw DamagedRow("a vote is there and is not") }
        return VoteRow(value: row.int(0), stamp: try core.stamp(row, 2), isHidden: row.bool(1))
    }

    public func putVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) throws {
        bind(vote, target, voter, to: statements.putVote)
        try statements.putVote.run()
    }

    public func scoreByOthers(than author: RowNumber, target: TargetRow) throws -> Int64 {
        let row = statements.scoreByOthers
        defer { row.reset() }
        row.bind(1, target.number).bind(2, author)
        return try row.step() ? row.int(0) : 0
    }

    private func bind(_ vote: VoteRow, _ target: TargetRow, _ voter: RowNumber, to put: HotStatement) {
        put.bind(1, target.number).bind(2, voter).bind(3, vote.value)
        put.bind(4, vote.isHidden)
        put.bind(5, vote.stamp)
    }
}

extension TargetRow {
    /// Posts and comments in one number: the row's times 2, plus 1 for a comment.
    var number: Int64 { kind == .post ? row * 2 : row * 2 + 1 }

    init(number: Int64) {
        self.init(kind: number & 1 == 0 ? .post : .comment, row: number >> 1)
    }
}
