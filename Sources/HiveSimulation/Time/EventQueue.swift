/// What is to happen, in order of virtual time and, where that is equal, of its making: a binary heap.
struct EventQueue<Item> {
    private var heap: [(atMs: Int64, order: Int, slot: Int)] = []
    /// Items stay where they are while the heap is put in order: they are large.
    private var items: [Item?] = []
    private var free: [Int] = []
    private var order = 0

    var count: Int { heap.count }

    mutating func push(_ item: Item, atMs: Int64) {
        order += 1
        let slot: Int
        if let unused = free.popLast() {
            slot = unused
            items[slot] = item
        } else {
            slot = items.count
            items.append(item)
        }
        heap.append((atMs, order, slot))
        var child = heap.count - 1
        while child > 0, comesBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The first item due at `ms` or before.
    mutating func pop(untilMs ms: Int64) -> (atMs: Int64, item: Item)? {
        guard let first = heap.first, first.atMs <= ms else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        guard let item = items[first.slot] else { preconditionFailure("what is queued has an item") }
        items[first.slot] = nil
        free.append(first.slot)
        return (first.atMs, item)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < heap.count, comesBefore(left, least) { least = left }
            if left + 1 < heap.count, comesBefore(left + 1, least) { least = left + 1 }
            guard least != parent else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    private func comesBefore(_ left: Int, _ right: Int) -> Bool {
        (heap[left].atMs, heap[left].order) < (heap[right].atMs, heap[right].order)
    }
}
