import HivePorts

/// The tree of a post's comments, made from what each names as its parent.
///
/// A comment whose parent is unknown or on a cycle with it is at the top. Deeper than 64 is shown at 64, below the
/// ancestor at 63. A deleted comment stays where a live one is below it.
struct CommentThread {
    static let depthMax = 64

    private var records: [CommentRecord]
    /// By position in `records`; nil = top.
    private var parents: [Int?]
    private var children: [[Int]]
    private var tops: [Int] = []

    init(_ records: [CommentRecord]) {
        self.records = records
        var positions: [String: Int] = [:]
        for (index, record) in records.enumerated() { positions[record.view.id] = index }
        parents = records.map { record in record.parent.flatMap { positions[$0] } }
        children = Array(repeating: [], count: records.count)
        cutCycles()
        for (index, parent) in parents.enumerated() {
            if let parent { children[parent].append(index) } else { tops.append(index) }
        }
        dropDead()
        place()
    }

    /// Visible comments, each before its replies, siblings in the order asked for.
    func ordered(by sort: CommentSort) -> [CommentView] {
        let comesFirst = Self.order(sort)
        func sorted(_ indexes: [Int]) -> [Int] {
            indexes.sorted { comesFirst(records[$0].view, records[$1].view) }
        }
        var views: [CommentView] = []
        views.reserveCapacity(records.count)
        var stack = Array(sorted(tops).reversed())
        while let index = stack.popLast() {
            views.append(records[index].view)
            stack.append(contentsOf: sorted(children[index]).reversed())
        }
        return views
    }

    /// `view` with the place it has here.
    func place(_ view: CommentView) -> CommentView {
        guard let record = records.first(where: { $0.view.id == view.id }) else { return view }
        var view = view
        view.parentID = record.view.parentID
        view.depth = record.view.depth
        view.path = record.view.path
        return view
    }

    private static func order(_ sort: CommentSort) -> (CommentView, CommentView) -> Bool {
        switch sort {
        case .new: { ($1.createdAtMs, $0.id) < ($0.createdAtMs, $1.id) }
        case .old: { ($0.createdAtMs, $0.id) < ($1.createdAtMs, $1.id) }
        case .top: { ($1.score, $1.createdAtMs, $0.id) < ($0.score, $0.createdAtMs, $1.id) }
        }
    }

    /// Takes all members of a cycle to the top.
    private mutating func cutCycles() {
        // 0 = not visited, otherwise the number of the walk that visited it.
        var walks = Array(repeating: 0, count: parents.count)
        for start in parents.indices where walks[start] == 0 {
            var next: Int? = start
            while let index = next, walks[index] == 0 {
                walks[index] = start + 1
                next = parents[index]
            }
            guard let entry = next, walks[entry] == start + 1 else { continue }
            var member = entry
            while let parent = parents[member] {
                parents[member] = nil
                member = parent
            }
        }
    }

    /// Removes deleted comments without a live one below.
    private mutating func dropDead() {
        var order = tops
        var position = 0
        while position < order.count {
            order.append(contentsOf: children[order[position]])
            position += 1
        }
        var isShown = records.map { !$0.view.isDeleted }
        for index in order.reversed() where isShown[index] {
            if let parent = parents[index] { isShown[parent] = true }
        }
        tops.removeAll { !isShown[$0] }
        for index in children.indices { children[index].removeAll { !isShown[$0] } }
    }

    /// Sets parent, depth and path.
    private mutating func place() {
        var stack: [(index: Int, depth: Int, above: String)] = tops.map { ($0, 0, "") }
        while let (index, depth, above) = stack.popLast() {
            let id = records[index].view.id
            let path = above.isEmpty ? id : above + "." + id
            records[index].view.depth = depth
            records[index].view.path = path
            records[index].view.parentID = parents[index].map { records[$0].view.id }
            // Below the last depth, replies stand beside their parent.
            let isDeepest = depth == Self.depthMax
            for child in children[index] {
                stack.append((child, isDeepest ? depth : depth + 1, isDeepest ? above : path))
            }
        }
    }
}
