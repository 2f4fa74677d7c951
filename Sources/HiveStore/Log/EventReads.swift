import HiveModel
import HivePorts
import HiveSync

/// The event log as peers are sent it: wire lines, rebuilt from columns.
struct EventReads {
    let reader: Reader
    let group: GroupID
    /// The group's number.
    let number: Int64
    let hashing: any Hashing

    init(_ group: GroupID, _ reader: Reader, _ hashing: any Hashing) throws {
        guard let number = try GroupReads.number(of: group, reader) else {
            throw HiveError(.notFound, "There is no group \(group.rawValue) here.")
        }
        self.reader = reader
        self.group = group
        self.number = number
        self.hashing = hashing
    }

    func columns() throws -> EventColumns {
        EventColumns(group: group, types: try EventTypeTable(reading: reader.db))
    }

    // MARK: Above heads

    /// The events above `heads`: logs in the order owner, admins, members, each run ending at a verified event.
    ///
    /// Stops before the first run that does not fit, but sends at least one. A log of which `heads` name another chain
    /// is begun anew; what `reached` says then goes on from there.
    /// - Parameter leftOut: whose log is not sent.
    func batch(
        above heads: [LogHead],
        leavingOut leftOut: InstanceID?,
        maxEvents: Int,
        maxBytes: Int
    ) throws -> EventBatch {
        var batch = RunWriter(maxEvents: maxEvents, maxBytes: maxBytes)
        let columns = try columns()
        for (log, first) in try missing(above: heads, leavingOut: leftOut) {
            try append(log, from: first, columns, to: &batch)
            if batch.isFull { break }
        }
        return EventBatch(
            lines: batch.lines,
            count: batch.count,
            hasMore: batch.isFull,
            reached: Self.heads(heads, movedUpTo: batch.reached)
        )
    }

    private static func heads(_ heads: [LogHead], movedUpTo reached: [LogHead]) -> [LogHead] {
        var byOrigin = Dictionary(heads.map { ($0.origin, $0) }, uniquingKeysWith: { $0.place > $1.place ? $0 : $1 })
        for head in reached { byOrigin[head.origin] = head }
        return byOrigin.values.sorted { $0.origin < $1.origin }
    }

    private func append(_ log: LogName, from first: Int64, _ columns: EventColumns, to batch: inout RunWriter) throws {
        var before: Hash256?
        if first > 1 {
            let hash = try reader.prepare(EventSQL.hashAt)
            hash.bind(1, log.n).bind(2, first - 1)
            if try hash.step() { before = try hash.hash(0) }
        }
        let row = try reader.prepare(EventSQL.run)
        row.bind(1, log.n).bind(2, first).bind(3, -1)
        while try row.step() {
            let event = try columns.event(row, origin: log.origin, epoch: log.epoch, before: before)
            guard batch.add(event, isVerified: EventColumns.isVerified(row)) else { break }
            before = event.hash
        }
        batch.endLog()
    }

    /// Logs that hold something above `heads`, with the place to begin at, in the order of sending.
    private func missing(above heads: [LogHead], leavingOut leftOut: InstanceID?) throws -> [(LogName, Int64)] {
        let theirs = Dictionary(heads.map { ($0.origin, $0) }, uniquingKeysWith: { $0.place > $1.place ? $0 : $1 })
        let ranks = Dictionary(
            try GroupReads.members(number, reader).map { ($0.instance, Self.rank($0.role)) },
            uniquingKeysWith: min
        )
        let all = try GroupReads.logs(number, reader).map(\.name)
        var first: [InstanceID: Place] = [:]
        for head in try GroupReads.heads(number, reader) where head.origin != leftOut {
            switch try sending(head, to: theirs[head.origin], all) {
            case .nothing: continue
            case .above(let place): first[head.origin] = Place(epoch: place.epoch, seq: place.seq + 1)
            case .whole: first[head.origin] = Place(epoch: 0, seq: 0)
            }
        }
        let logs = all.sorted { left, right in
            let (one, two) = (ranks[left.origin] ?? Self.outsider, ranks[right.origin] ?? Self.outsider)
            return (one, left.origin, left.epoch) < (two, right.origin, right.epoch)
        }
        return logs.compactMap { log in
            guard let first = first[log.origin], log.epoch >= first.epoch else { return nil }
            let seq = log.epoch == first.epoch ? first.seq : 1
            return seq <= log.head ? (log, seq) : nil
        }
    }

    private func sending(_ ours: LogHead, to theirs: LogHead?, _ logs: [LogName]) throws -> LogSending {
        var hash: Hash256?
        if let place = theirs?.place { hash = place == ours.place ? ours.hash : try standing(ours.origin, place, logs) }
        return LogSending(
            ours: ours,
            theirs: theirs,
            hash: hash,
            isAside: try theirs.map { try $0.hash != hash && heldHash(at: $0) == $0.hash } ?? false,
            knowsCut: try theirs?.cut.map { cut in
                try cut == ours.cut || proofs(of: ours.origin).contains { $0.hash == cut }
            } ?? false
        )
    }

    /// The hash of what stands at a place.
    func standing(_ origin: InstanceID, _ place: Place, _ logs: [LogName]) throws -> Hash256? {
        guard let log = logs.first(where: { $0.origin == origin && $0.epoch == place.epoch }), place.seq <= log.head
        else { return nil }
        let hash = try reader.prepare(EventSQL.hashAt)
        hash.bind(1, log.n).bind(2, place.seq)
        return try hash.step() ? try hash.hash(0) : nil
    }

    private static let outsider = 4

    private static func rank(_ role: MemberRole) -> Int {
        switch role {
        case .owner: 0
        case .admin: 1
        case .member: 2
        case .readonly: 3
        }
    }

    // MARK: By arrival

    /// What an admin asks for; nil = all.
    struct Filter {
        var type: String?
        var origin: String?

        func matches(_ event: Event) -> Bool {
            (type.map { $0.utf8.elementsEqual(event.header.type.rawValue.utf8) } ?? true)
                && (origin.map { $0 == event.header.origin.rawValue } ?? true)
        }
    }

    /// Events looked at for one filtered page.
    private static let scannedMax = 20_000

    /// The events after an arrival number.
    ///
    /// Without a filter the page goes on to a verified event, because signatures inside a run are vouched for by its
    /// last one only.
    func page(
        sinceArrival: Int64,
        limit: Int,
        filter: Filter? = nil,
        incarnation: String
    ) throws -> EventPage {
        let logs = try GroupReads.logs(number, reader).map(\.name).filter { $0.head > 0 }
        var merge = try ArrivalMerge(
            logs: logs,
            after: max(0, sinceArrival),
            limit: limit,
            statements: ArrivalMerge.Statements(
                arrivals: try reader.prepare(EventSQL.arrivals),
                event: try reader.prepare(EventSQL.atArrival),
                hash: try reader.prepare(EventSQL.hashAt)
            ),
            columns: try columns()
        )
        var page = EventPage(
            lines: [],
            count: 0,
            nextSeq: sinceArrival,
            hasMore: false,
            incarnation: incarnation
        )
        var scanned = 0
        var isWhole = true
        while let item = try merge.next() {
            if (page.count >= limit && (isWhole || filter != nil)) || scanned >= Self.scannedMax {
                page.hasMore = true
                break
            }
            scanned += 1
            page.nextSeq = item.arrival
            isWhole = item.isVerified
            guard filter?.matches(item.event) ?? true else { continue }
            item.event.writeWire(into: &page.lines)
            page.lines.append(UInt8(ascii: "\n"))
            page.count += 1
        }
        return page
    }
}

/// Gathers wire lines and keeps whole runs only: each ends at an event whose signature is known to be good.
private struct RunWriter {
    private(set) var lines: [UInt8] = []
    private(set) var count = 0
    /// There was more than fits.
    private(set) var isFull = false
    private let maxEvents: Int
    private let maxBytes: Int
    /// Up to the last verified event.
    private var whole = (bytes: 0, count: 0)
    /// The ends of the logs gathered, in order.
    private(set) var reached: [LogHead] = []
    private var end: LogHead?

    init(maxEvents: Int, maxBytes: Int) {
        self.maxEvents = maxEvents
        self.maxBytes = maxBytes
    }

    /// Adds the next event of a log; false where it does not fit any more.
    mutating func add(_ event: Event, isVerified: Bool) -> Bool {
        if whole.count > 0, count >= maxEvents || lines.count >= maxBytes {
            isFull = true
            return false
        }
        event.writeWire(into: &lines)
        lines.append(UInt8(ascii: "\n"))
        count += 1
        let fits = whole.count == 0 || (count <= maxEvents && lines.count <= maxBytes)
        guard fits else {
            isFull = true
            return false
        }
        if isVerified {
            whole = (lines.count, count)
            end = LogHead(origin: event.header.origin, place: event.header.place, hash: event.hash)
        }
        return true
    }

    /// Drops what follows the last whole run.
    mutating func endLog() {
        lines.removeSubrange(whole.bytes...)
        count = whole.count
        if let end { reached.append(end) }
        end = nil
    }
}
