import HiveModel

/// What the fold of posts and that of comments have in common.
protocol ContentRow: Sendable {
    static var kind: ContentKind { get }
    static var created: (RowNumber) -> FoldChange { get }
    static var updated: (RowNumber) -> FoldChange { get }
    static var deleted: (RowNumber) -> FoldChange { get }

    var id: EntityID { get }
    var creation: Creation? { get }
    var tombstone: Tombstone? { get }
    var isHidden: Bool { get set }
    var isLive: Bool { get }
    /// The post whose comments it counts among; nil for a post.
    var countedOn: RowNumber? { get }

    init(id: EntityID)

    /// Takes each field that the update has and that is newer than what is there; false where nothing changed.
    mutating func take(_ update: EventPayload, stamp: Stamp) -> Bool
    /// Leaves what a tombstone keeps; what was written goes.
    mutating func erase(_ tombstone: Tombstone)
    mutating func pin(_ isPinned: Bool, stamp: Stamp)
    /// Takes over what is counted, not written.
    mutating func keepCounters(of held: Self)

    static func find(_ id: EntityID, in state: some FoldState) throws -> (row: RowNumber, content: Self)?
    /// Nil where the id has a row.
    func insert(in state: inout some FoldState) throws -> RowNumber?
    func put(at row: RowNumber, in state: inout some FoldState) throws
    /// Nil for a stub.
    func entity(in state: some FoldState) throws -> Entity?
}

extension PostRow: ContentRow {
    static var kind: ContentKind { .post }
    static var created: (RowNumber) -> FoldChange { FoldChange.postCreated }
    static var updated: (RowNumber) -> FoldChange { FoldChange.postUpdated }
    static var deleted: (RowNumber) -> FoldChange { FoldChange.postDeleted }

    var countedOn: RowNumber? { nil }

    mutating func take(_ update: EventPayload, stamp: Stamp) -> Bool {
        guard case .postUpdated(let update) = update, let created = creation?.stamp else { return false }
        var changed = false
        if case .set(let value) = update.title, stamp > titleStamp ?? created {
            title = value
            titleStamp = stamp
            changed = true
        }
        if case .set(let value) = update.content, stamp > contentStamp ?? created {
            content = value
            contentStamp = stamp
            changed = true
        }
        if case .set(let value) = update.url, stamp > urlStamp ?? created {
            url = value
            urlStamp = stamp
            changed = true
        }
        return changed
    }

    mutating func erase(_ tombstone: Tombstone) {
        self.tombstone = tombstone
        title = ""
        content = nil
        url = nil
        titleStamp = nil
        contentStamp = nil
        urlStamp = nil
        isPinned = false
        pinStamp = nil
    }

    mutating func pin(_ isPinned: Bool, stamp: Stamp) {
        self.isPinned = isPinned
        pinStamp = stamp
    }

    mutating func keepCounters(of held: PostRow) {
        score = held.score
        commentCount = held.commentCount
    }

    static func find(_ id: EntityID, in state: some FoldState) throws -> (row: RowNumber, content: PostRow)? {
        try state.post(id).map { ($0.row, $0.post) }
    }

    func insert(in state: inout some FoldState) throws -> RowNumber? { try state.insertPost(self) }

    func put(at row: RowNumber, in state: inout some FoldState) throws { try state.putPost(self, at: row) }

    func entity(in state: some FoldState) throws -> Entity? {
        guard let creation else { return nil }
        return .post(
            self,
            author: try state.agentKey(creation.author),
            deletedBy: try tombstone.map { try state.agentKey($0.by) }
        )
    }
}

extension CommentRow: ContentRow {
    static var kind: ContentKind { .comment }
    static var created: (RowNumber) -> FoldChange { FoldChange.commentCreated }
    static var updated: (RowNumber) -> FoldChange { FoldChange.commentUpdated }
    static var deleted: (RowNumber) -> FoldChange { FoldChange.commentDeleted }

    var countedOn: RowNumber? { post }

    mutating func take(_ update: EventPayload, stamp: Stamp) -> Bool {
        guard case .commentUpdated(let update) = update, let created = creation?.stamp,
            stamp > contentStamp ?? created
        else { return false }
        content = update.content
        contentStamp = stamp
        return true
    }

    mutating func erase(_ tombstone: Tombstone) {
        self.tombstone = tombstone
        content = ""
        contentStamp = nil
    }

    /// Comments are not pinned.
    mutating func pin(_ isPinned: Bool, stamp: Stamp) {}

    mutating func keepCounters(of held: CommentRow) { score = held.score }

    static func find(_ id: EntityID, in state: some FoldState) throws -> (row: RowNumber, content: CommentRow)? {
        try state.comment(id).map { ($0.row, $0.comment) }
    }

    func insert(in state: inout some FoldState) throws -> RowNumber? { try state.insertComment(self) }

    func put(at row: RowNumber, in state: inout some FoldState) throws { try state.putComment(self, at: row) }

    func entity(in state: some FoldState) throws -> Entity? {
        guard let creation, let post else { return nil }
        return .comment(
            self,
            post: try state.postID(post),
            author: try state.agentKey(creation.author),
            deletedBy: try tombstone.map { try state.agentKey($0.by) }
        )
    }
}
