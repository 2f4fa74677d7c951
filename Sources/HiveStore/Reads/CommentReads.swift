import HiveModel
import HivePorts

/// A comment as stored, with what its place in the thread is made from.
struct CommentRecord {
    var view: CommentView
    let post: Int64
    let group: Int64
    /// As written; whether it counts is decided by the thread.
    let parent: String?
}

/// Comments as readers see them.
enum CommentReads {
    /// Steps up from a comment after which its whole thread is read instead.
    private static let climbMax = 1_000

    /// All comments of a post, as `CommentThread` orders them.
    ///
    /// `.notFound` where the post is not there.
    static func comments(
        postID: String,
        sort: CommentSort,
        _ scope: ViewerScope,
        _ reader: Reader
    ) throws -> [CommentView] {
        guard let post = try PostReads.post(id: postID, scope, reader) else {
            throw HiveError(.notFound, "There is no post \(postID).")
        }
        return try thread(of: post, scope, reader).ordered(by: sort)
    }

    private static func thread(of post: PostRecord, _ scope: ViewerScope, _ reader: Reader) throws -> CommentThread {
        let row = try reader.prepare(ReadSQL.commentsOfPost)
        row.bind(1, post.view.row)
        var records: [CommentRecord] = []
        while try row.step() { records.append(CommentColumns.read(row, postID: post.view.id)) }
        let votes = try VoteFetch(scope, reader)
        for index in records.indices where scope.agent != 0 {
            records[index].view.userVote = try votes(target: records[index].view.row * 2 + 1)
        }
        return CommentThread(records)
    }

    /// A live comment of a post the viewer may see; nil where there is none, `.forbidden` where its hive is private.
    static func comment(id: String, _ scope: ViewerScope, _ reader: Reader) throws -> CommentView? {
        var found: [CommentRecord] = []
        let row = try reader.prepare(ReadSQL.commentsByID)
        row.bind(1, id)
        while try row.step() {
            let record = CommentColumns.read(row, postID: "")
            if !record.view.isDeleted { found.append(record) }
        }
        return try visible(found, scope, reader)
    }

    /// The live comment with this number, where the viewer may see it.
    static func comment(row number: Int64, _ scope: ViewerScope, _ reader: Reader) throws -> CommentView? {
        let row = try reader.prepare(ReadSQL.commentByRow)
        row.bind(1, number)
        guard try row.step() else { return nil }
        let record = CommentColumns.read(row, postID: "")
        row.reset()
        guard !record.view.isDeleted, let post = try PostReads.post(row: record.post, scope, reader) else { return nil }
        return try placed(record, on: post, scope, reader)
    }

    private static func visible(
        _ records: [CommentRecord],
        _ scope: ViewerScope,
        _ reader: Reader
    ) throws -> CommentView? {
        var isHidden = false
        for record in records {
            if let post = try PostReads.post(row: record.post, scope, reader) {
                return try placed(record, on: post, scope, reader)
            }
            let owner = try reader.prepare(ReadSQL.postPlace)
            owner.bind(1, record.post)
            if try owner.step() { isHidden = true }
        }
        if isHidden { throw HiveError(.forbidden, "The comment is in a private hive.") }
        return nil
    }

    /// Fills in what depends on others: parent, depth, path, vote.
    private static func placed(
        _ record: CommentRecord,
        on post: PostRecord,
        _ scope: ViewerScope,
        _ reader: Reader
    ) throws -> CommentView {
        var view = record.view
        view.postID = post.view.id
        view.userVote = try VoteFetch(scope, reader)(target: view.row * 2 + 1)
        guard let ancestors = try ancestors(of: record, reader) else {
            return try thread(of: post, scope, reader).place(view)
        }
        view.parentID = ancestors.first
        view.depth = min(ancestors.count, CommentThread.depthMax)
        let path = ancestors.reversed().prefix(CommentThread.depthMax) + [view.id]
        view.path = path.joined(separator: ".")
        return view
    }

    /// The ids above a comment, nearest first: none where its parent is unknown, on another post, or it is on a cycle.
    ///
    /// Nil where there are more than is read one by one.
    private static func ancestors(of record: CommentRecord, _ reader: Reader) throws -> [String]? {
        var ancestors: [String] = []
        var next = record.parent
        let row = try reader.prepare(ReadSQL.parentOf)
        while let id = next {
            if id == record.view.id { return [] }
            // A cycle that the comment hangs on without being part of it: its first member met is the top.
            if ancestors.contains(id) { return Array(ancestors[...(ancestors.firstIndex(of: id) ?? 0)]) }
            guard ancestors.count < climbMax else { return nil }
            row.bind(1, id).bind(2, record.group)
            guard try row.step(), row.optionalInt(0) == record.post, !row.isNull(2) else { break }
            next = row.optionalText(1)
            row.reset()
            ancestors.append(id)
        }
        row.reset()
        return ancestors
    }
}

/// The columns of `ReadSQL.commentColumns`.
enum CommentColumns {
    static func read(_ row: HotStatement, postID: String) -> CommentRecord {
        let author = AgentColumns.read(row, from: 10)
        let created = row.int(6)
        let isDeleted = !row.bool(8)
        let view = CommentView(
            row: row.int(0),
            id: row.text(1),
            postID: postID,
            parentID: nil,
            content: isDeleted ? nil : row.text(4),
            isDeleted: isDeleted,
            score: row.int(5),
            depth: 0,
            path: "",
            originInstanceID: author.instanceID,
            createdAtMs: created,
            updatedAtMs: row.stampMs(7) ?? created,
            author: author,
            userVote: nil
        )
        return CommentRecord(view: view, post: row.int(2), group: row.int(9), parent: row.optionalText(3))
    }
}
