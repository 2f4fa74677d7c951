import HiveModel
import HivePorts

/// A live post with what decides who sees it.
struct PostRecord {
    var view: PostView
    let group: Int64
    let stamp: Stamp?
    let isPublic: Bool

    func isVisible(to scope: ViewerScope) throws -> Bool { try scope.allows(isPublic: isPublic, group: group) }
}

/// Fetches posts by number; one value for a whole page, so that its statement is looked up once.
struct PostFetch {
    private let statement: HotStatement
    private let votes: VoteFetch
    private let scope: ViewerScope

    init(_ scope: ViewerScope, _ reader: Reader) throws {
        self.statement = try reader.prepare(ReadSQL.postByRow)
        self.votes = try VoteFetch(scope, reader)
        self.scope = scope
    }

    /// The live post with this number, where the viewer may see it.
    func callAsFunction(_ number: Int64) throws -> PostRecord? {
        statement.bind(1, number)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        var post = PostColumns.read(statement)
        guard try post.isVisible(to: scope) else { return nil }
        post.view.userVote = try votes(target: number * 2)
        return post
    }
}

/// Fetches the viewer's votes.
struct VoteFetch {
    private let statement: HotStatement?
    /// The viewer's agent, and the names it votes under elsewhere.
    private let voters: [Int64]

    init(_ scope: ViewerScope, _ reader: Reader) throws {
        guard scope.agent != 0 else {
            statement = nil
            voters = []
            return
        }
        var voters = [scope.agent]
        let pseudonyms = try reader.prepare(VoteSQL.pseudonyms)
        pseudonyms.bind(1, scope.agent)
        while try pseudonyms.step() { voters.append(pseudonyms.int(0)) }
        self.voters = voters
        statement = try reader.prepare(VoteSQL.get)
    }

    /// Nil where the viewer has no vote, took it back, or it does not count.
    func callAsFunction(target: Int64) throws -> Int64? {
        guard let statement else { return nil }
        defer { statement.reset() }
        for voter in voters {
            statement.bind(1, target).bind(2, voter)
            if try statement.step() {
                let value = statement.int(0)
                return value == 0 || statement.bool(1) ? nil : value
            }
            statement.reset()
        }
        return nil
    }
}

/// Single posts as readers see them.
enum PostReads {
    /// The live post with this number, where the viewer may see it.
    static func post(row number: Int64, _ scope: ViewerScope, _ reader: Reader) throws -> PostRecord? {
        try PostFetch(scope, reader)(number)
    }

    /// Nil where there is none; `.forbidden` where it lives in hives only that are private to others.
    static func post(id: String, _ scope: ViewerScope, _ reader: Reader) throws -> PostRecord? {
        let row = try reader.prepare(ReadSQL.postsByID)
        row.bind(1, id)
        var hidden: PostRecord?
        while try row.step() {
            var post = PostColumns.read(row)
            guard try post.isVisible(to: scope) else {
                hidden = post
                continue
            }
            row.reset()
            post.view.userVote = try VoteFetch(scope, reader)(target: post.view.row * 2)
            return post
        }
        if let hidden { throw HiveError.hiddenHive(hidden.view.hiveName, isPublic: hidden.isPublic) }
        return nil
    }

    /// As `post(id:)`, with the id of the event that made it.
    static func postWithEvent(id: String, _ scope: ViewerScope, _ reader: Reader) throws -> PostRecord? {
        guard var post = try post(id: id, scope, reader) else { return nil }
        guard let stamp = post.stamp else { return post }
        let row = try reader.prepare(ReadSQL.eventHash)
        row.bind(1, stamp.place.seq).bind(2, post.group).bind(3, post.view.originInstanceID).bind(4, stamp.place.epoch)
        if try row.step() {
            post.view.eventID = EventID(prefix: stamp.prefix, hash: try row.hash(0)).rawValue
        }
        return post
    }
}

/// The columns of `ReadSQL.postColumns`.
enum PostColumns {
    static func read(_ row: HotStatement) -> PostRecord {
        let author = AgentColumns.read(row, from: 17)
        let created = row.int(10)
        let edited = [row.stampMs(11), row.stampMs(12), row.stampMs(13)].compactMap { $0 }.max()
        let view = PostView(
            row: row.int(0),
            id: row.text(1),
            hiveID: row.text(2),
            hiveName: row.text(3),
            title: row.text(4),
            content: row.optionalText(5),
            url: row.optionalText(6),
            score: row.int(7),
            commentCount: row.int(8),
            isPinned: row.bool(9),
            eventID: nil,
            originInstanceID: author.instanceID,
            createdAtMs: created,
            updatedAtMs: edited ?? created,
            author: author,
            userVote: nil
        )
        return PostRecord(
            view: view,
            group: row.int(14),
            stamp: try? row.stamp(16, prefix: StampCode.unpack),
            isPublic: row.bool(15)
        )
    }
}

extension HotStatement {
    /// The milliseconds of a stamp; nil where there is none.
    func stampMs(_ index: Int32) -> Int64? {
        withBytes(index) { bytes in
            guard bytes.count == StampCode.byteCount else { return nil }
            return bytes[0..<6].reduce(0) { $0 << 8 | Int64($1) }
        }
    }
}
