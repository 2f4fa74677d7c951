import HiveModel
import HivePorts

/// Comments of a post as a tree, each level in the order asked for.
struct CommentThread {
    /// The level at which deeper replies are shown.
    static let levelMax = 64

    private let comments: [CommentView]
    /// Positions of a comment's replies, in order.
    private var replies: [[Int]]
    private var roots: [Int] = []

    /// - Parameter comments: in the order in which siblings shall stand.
    init(_ comments: [CommentView]) {
        self.comments = comments
        replies = Array(repeating: [], count: comments.count)
        var places: [String: Int] = [:]
        for (place, comment) in comments.enumerated() { places[comment.id] = place }
        for (place, comment) in comments.enumerated() {
            if let parent = comment.parentID.flatMap({ places[$0] }), parent != place {
                replies[parent].append(place)
            } else {
                roots.append(place)
            }
        }
    }

    /// `[...]`, each comment with its `replies`.
    func write(_ shape: CommentShape, to writer: inout JSONWriter) {
        writer.beginArray()
        for root in roots { write(root, level: 0, shape, to: &writer) }
        writer.endArray()
    }

    /// Recursion ends at `levelMax`; what is deeper follows its ancestor there, so that no chain of replies, however
    /// long, nests deeper.
    private func write(_ place: Int, level: Int, _ shape: CommentShape, to writer: inout JSONWriter) {
        writer.beginObject()
        shape.writeMembers(comments[place], to: &writer)
        writer.key("replies")
        writer.beginArray()
        if level < Self.levelMax {
            for reply in replies[place] { write(reply, level: level + 1, shape, to: &writer) }
        }
        writer.endArray()
        writer.endObject()
        guard level == Self.levelMax else { return }
        var waiting = Array(replies[place].reversed())
        while let next = waiting.popLast() {
            writer.beginObject()
            shape.writeMembers(comments[next], to: &writer)
            writer.key("replies")
            writer.beginArray()
            writer.endArray()
            writer.endObject()
            waiting += replies[next].reversed()
        }
    }
}

extension CommentSort {
    /// Sorts as the name says: `top` by score and then age, ids deciding what is equal.
    func sorted(_ comments: [CommentView]) -> [CommentView] {
        comments.sorted { left, right in
            switch self {
            case .top where left.score != right.score: left.score > right.score
            case .top, .old:
                (left.createdAtMs, left.id) < (right.createdAtMs, right.id)
            case .new:
                (left.createdAtMs, left.id) > (right.createdAtMs, right.id)
            }
        }
    }
}
