import HiveModel

/// The events of several logs in the order of their arrival numbers.
///
/// Arrival numbers rise along each log, so each log is searched for its first event above the wanted number and the
/// logs are merged: the cost does not depend on how many events of other groups lie between.
struct ArrivalMerge {
    struct Statements {
        let arrivals: HotStatement
        let event: HotStatement
        let hash: HotStatement
    }

    struct Item {
        var arrival: Int64
        var event: Event
        var isVerified: Bool
    }

    private struct Cursor {
        let log: LogName
        /// The place of `buffer[next]`.
        var seq: Int64
        var buffer: [Int64] = []
        var next = 0
        /// The hash of the event before the next one, where the merge has just read it.
        var before: Hash256?
    }

    private var cursors: [Cursor] = []
    private let statements: Statements
    private let columns: EventColumns
    private let chunk: Int64

    init(
        logs: [LogName],
        after arrival: Int64,
        limit: Int,
        statements: Statements,
        columns: EventColumns
    ) throws {
        self.statements = statements
        self.columns = columns
        self.chunk = Int64(max(32, 2 * limit / max(logs.count, 1)))
        for log in logs {
            let first = try firstPlace(of: log, after: arrival)
            guard first <= log.head else { continue }
            cursors.append(Cursor(log: log, seq: first))
        }
    }

    /// The event with the smallest arrival number that was not returned yet.
    mutating func next() throws -> Item? {
        var best: Int?
        for index in cursors.indices {
            try fill(index)
            guard let arrival = arrival(index) else { continue }
            if let held = best, let smallest = self.arrival(held), smallest <= arrival { continue }
            best = index
        }
        guard let best, let arrival = arrival(best) else { return nil }
        return try take(best, arrival)
    }

    private func arrival(_ index: Int) -> Int64? {
        let cursor = cursors[index]
        return cursor.next < cursor.buffer.count ? cursor.buffer[cursor.next] : nil
    }

    private mutating func take(_ index: Int, _ arrival: Int64) throws -> Item {
        let row = statements.event
        defer { row.reset() }
        row.bind(1, arrival)
        guard try row.step() else { throw DamagedRow("event \(arrival) is in its index only") }
        let log = cursors[index].log
        let seq = cursors[index].seq
        if cursors[index].before == nil, seq > 1 {
            statements.hash.bind(1, log.n).bind(2, seq - 1)
            defer { statements.hash.reset() }
            if try statements.hash.step() { cursors[index].before = try statements.hash.hash(0) }
        }
        let event = try columns.event(row, origin: log.origin, epoch: log.epoch, before: cursors[index].before)
        cursors[index].before = event.hash
        cursors[index].seq = seq + 1
        cursors[index].next += 1
        return Item(arrival: arrival, event: event, isVerified: EventColumns.isVerified(row))
    }

    private mutating func fill(_ index: Int) throws {
        guard cursors[index].next == cursors[index].buffer.count, cursors[index].seq <= cursors[index].log.head
        else { return }
        cursors[index].buffer.removeAll(keepingCapacity: true)
        cursors[index].next = 0
        let statement = statements.arrivals
        statement.bind(1, cursors[index].log.n).bind(2, cursors[index].seq).bind(3, chunk)
        defer { statement.reset() }
        while try statement.step() { cursors[index].buffer.append(statement.int(0)) }
    }

    /// The first place of a log whose arrival number is above `arrival`; one above the head where none is.
    private func firstPlace(of log: LogName, after arrival: Int64) throws -> Int64 {
        guard arrival > 0 else { return 1 }
        var (low, high) = (Int64(1), log.head + 1)
        while low < high {
            let middle = (low + high) / 2
            statements.arrivals.bind(1, log.n).bind(2, middle).bind(3, 1)
            defer { statements.arrivals.reset() }
            guard try statements.arrivals.step() else {
                high = middle
                continue
            }
            if statements.arrivals.int(0) > arrival { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
