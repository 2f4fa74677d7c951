import HiveModel
import HivePorts
import HiveSync

/// Reads events of one group by place, and the acts of its registers.
///
/// Their `prev` may be missing: for what an event says, not for sending it.
struct GroupEvents {
    let group: Int64
    private let reader: Reader
    private let logs: [Int64: LogName]
    private let columns: EventColumns

    init(_ hive: HiveRow, _ reader: Reader) throws {
        guard let id = GroupID(hive.view.groupID) else { throw DamagedRow("a group id is malformed") }
        try self.init(group: hive.group, id: id, reader)
    }

    init(group: Int64, id: GroupID, _ reader: Reader) throws {
        self.group = group
        self.reader = reader
        logs = Dictionary(
            try GroupReads.logs(group, reader).map { ($0.name.n, $0.name) },
            uniquingKeysWith: { first, _ in first }
        )
        columns = EventColumns(group: id, types: try EventTypeTable(reading: reader.db))
    }

    /// Nil where none stands there.
    func event(log: Int64, seq: Int64) throws -> Event? {
        let row = try reader.prepare(EventSQL.atPlace)
        row.bind(1, log).bind(2, seq)
        return try row.step() ? try event(row) : nil
    }

    /// Nil where none stands there.
    func event(origin: String, _ place: Place) throws -> Event? {
        guard let log = logs.values.first(where: { $0.epoch == place.epoch && $0.origin.rawValue == origin }) else {
            return nil
        }
        return try event(log: log.n, seq: place.seq)
    }

    /// The events of all acts of a kind, in any order.
    func acts(_ kind: ActKind) throws -> [Event] {
        let row = try reader.prepare(DecidedSQL.actsOfKind)
        row.bind(1, group).bind(2, kind.rawValue)
        var events: [Event] = []
        while try row.step() { events.append(try event(row)) }
        return events
    }

    /// The events of one register's acts, whole, in any order.
    func acts(_ key: ActKey) throws -> [Event] {
        let row = try reader.prepare(DecidedSQL.actsOfKey)
        row.bind(1, group).bind(2, key.kind.rawValue).bind(3, key.subject)
        var events: [Event] = []
        while try row.step() { events.append(try event(row, before: try row.optionalHash(EventColumns.count))) }
        return events
    }

    private func event(_ row: HotStatement, before: Hash256? = nil) throws -> Event {
        guard let log = logs[row.int(1)] else { throw DamagedRow("an event names no log of its group") }
        return try columns.event(row, origin: log.origin, epoch: log.epoch, before: before)
    }
}
