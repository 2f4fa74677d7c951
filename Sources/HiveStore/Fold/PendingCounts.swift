import HiveModel
import HiveSync

/// What a transaction adds to scores and counts of comments, written once for each row.
struct PendingCounts {
    struct Post {
        var score: Int64 = 0
        var comments: Int64 = 0
    }

    private(set) var posts: [RowNumber: Post] = [:]
    private(set) var comments: [RowNumber: Int64] = [:]

    var isEmpty: Bool { posts.isEmpty && comments.isEmpty }

    mutating func addScore(_ delta: Int64, to target: TargetRow) {
        switch target.kind {
        case .post: posts[target.row, default: Post()].score += delta
        case .comment: comments[target.row, default: 0] += delta
        }
    }

    mutating func addComments(_ delta: Int64, to post: RowNumber) {
        posts[post, default: Post()].comments += delta
    }

    mutating func removeAll() {
        posts.removeAll(keepingCapacity: true)
        comments.removeAll(keepingCapacity: true)
    }
}

extension WriterCore {
    /// Writes the gathered scores and counts, by row, so that neighbours on a page are written together.
    ///
    /// Before the commit, before a savepoint, and before anything that reads or replaces them.
    func flushCounts() throws {
        guard !counts.isEmpty else { return }
        for (row, delta) in counts.posts.sorted(by: { $0.key < $1.key }) {
            if delta.score != 0 {
                statements.addCounts.bind(1, delta.score).bind(2, delta.comments).bind(3, row)
                try statements.addCounts.run()
            } else if delta.comments != 0 {
                statements.addCommentCount.bind(1, delta.comments).bind(2, row)
                try statements.addCommentCount.run()
            }
        }
        for (row, delta) in counts.comments.sorted(by: { $0.key < $1.key }) where delta != 0 {
            statements.addCommentScore.bind(1, delta).bind(2, row)
            try statements.addCommentScore.run()
        }
        counts.removeAll()
    }
}
