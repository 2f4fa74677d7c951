import HiveModel

/// What a batch offers of one instance, by place ascending.
struct OfferedLog {
    var origin: InstanceID
    /// A slice of the batch itself where that has it in one piece and in order, which is the rule.
    private(set) var events: ArraySlice<Event>

    /// One per instance, in order of first appearance.
    static func logs(of batch: [Event]) -> [OfferedLog] {
        var logs: [OfferedLog] = []
        var indexes: [InstanceID: Int] = [:]
        var start = 0
        while start < batch.count {
            let origin = batch[start].header.origin
            let end = batch[start...].firstIndex { $0.header.origin != origin } ?? batch.count
            if let index = indexes[origin] {
                logs[index].events = ArraySlice(logs[index].events + batch[start..<end])
            } else {
                indexes[origin] = logs.count
                logs.append(OfferedLog(origin: origin, events: batch[start..<end]))
            }
            start = end
        }
        for index in logs.indices { logs[index].sort() }
        return logs
    }

    /// Stable, and free where already in order.
    private mutating func sort() {
        let isAscending = events.indices.dropFirst().allSatisfy {
            events[$0 - 1].header.place <= events[$0].header.place
        }
        guard !isAscending else { return }
        let order = events.indices.sorted { left, right in
            (events[left].header.place, left) < (events[right].header.place, right)
        }
        events = ArraySlice(order.map { events[$0] })
    }
}
