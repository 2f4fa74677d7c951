import HiveSync

/// The timers that are set, earliest first: a binary heap, cancelled ones dropped when they come up.
struct TimerHeap: Sendable {
    private struct Entry: Sendable {
        var at: Instant
        var timer: ReplicatorTimer
    }

    private var entries: [Entry] = []
    private var live: Set<ReplicatorTimer> = []

    var count: Int { live.count }

    mutating func schedule(_ timer: ReplicatorTimer, at: Instant) {
        live.insert(timer)
        entries.append(Entry(at: at, timer: timer))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].at < entries[parent].at else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func cancel(_ timer: ReplicatorTimer) {
        live.remove(timer)
        // Cancelled entries wait for their time; many of them are thrown out at once so that memory follows the live
        // ones.
        guard entries.count > 64, entries.count > 4 * live.count else { return }
        let kept = entries.filter { live.contains($0.timer) }
        entries = []
        for entry in kept { schedule(entry.timer, at: entry.at) }
    }

    /// When the next live timer is due; nil where none is set.
    mutating func next() -> Instant? {
        while let first = entries.first {
            if live.contains(first.timer) { return first.at }
            removeFirst()
        }
        return nil
    }

    /// Removes and returns all live timers due at `now`, earliest first.
    mutating func due(at now: Instant) -> [ReplicatorTimer] {
        var fired: [ReplicatorTimer] = []
        while let first = entries.first, first.at <= now {
            removeFirst()
            if live.remove(first.timer) != nil { fired.append(first.timer) }
        }
        return fired
    }

    private mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].at < entries[smallest].at {
                smallest = child
            }
            guard smallest != parent else { return }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
