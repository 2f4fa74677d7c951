/// What is to happen, in order of time, and of its making where that is equal: a binary heap.
struct TimedQueue<Item> {
    private var heap: [(at: Int64, order: Int, item: Item)] = []
    private var order = 0

    mutating func push(_ item: Item, at ms: Int64) {
        order += 1
        heap.append((ms, order, item))
        var child = heap.count - 1
        while child > 0, comesBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The first item due at `ms` or before.
    mutating func pop(until ms: Int64) -> (at: Int64, item: Item)? {
        guard let first = heap.first, first.at <= ms else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.at, first.item)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && comesBefore(child, least) {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    private func comesBefore(_ left: Int, _ right: Int) -> Bool {
        (heap[left].at, heap[left].order) < (heap[right].at, heap[right].order)
    }
}
