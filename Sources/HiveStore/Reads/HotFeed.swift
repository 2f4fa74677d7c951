/// The hottest posts, exactly and without a scan, by the threshold algorithm.
///
/// The newest and the best scored are walked in turns. A post that neither walk has met has at most the score where the
/// one stands and at least the age where the other stands; once that bound is below the last of the wanted, no unseen
/// post can belong to them.
enum HotFeed {
    static func hottest<Walk: FeedWalk>(
        _ count: Int,
        newest: inout Walk,
        best: inout Walk,
        nowMs: Int64
    ) throws -> [FeedKey] {
        var top = TopKeys(count)
        var seen: Set<Int64> = []
        while let newer = newest.current, let better = best.current {
            let bound = Hotness.bound(score: better.score, createdAtMs: newer.createdAtMs, nowMs: nowMs)
            if let last = top.last, bound < last.hotness { break }
            for key in [try newest.next(), try best.next()] {
                guard let key, seen.insert(key.row).inserted else { continue }
                let hotness = Hotness(score: key.score, createdAtMs: key.createdAtMs, nowMs: nowMs)
                top.offer(HotKey(key: key, hotness: hotness))
            }
        }
        return top.sorted.map(\.key)
    }
}

/// The hottest so many of what was offered: a heap whose root is the least hot.
private struct TopKeys {
    private var heap: [HotKey] = []
    private let count: Int

    init(_ count: Int) {
        self.count = count
        heap.reserveCapacity(count)
    }

    /// The least hot of the wanted; nil while there are too few.
    var last: HotKey? { heap.count < count ? nil : heap.first }

    var sorted: [HotKey] { heap.sorted { $0.isHotter(than: $1) } }

    mutating func offer(_ key: HotKey) {
        if heap.count < count {
            heap.append(key)
            siftUp()
        } else if let least = heap.first, key.isHotter(than: least) {
            heap[0] = key
            siftDown()
        }
    }

    private mutating func siftUp() {
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[parent].isHotter(than: heap[index]) else { return }
            heap.swapAt(parent, index)
            index = parent
        }
    }

    private mutating func siftDown() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if heap[least].isHotter(than: heap[child]) { least = child }
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
