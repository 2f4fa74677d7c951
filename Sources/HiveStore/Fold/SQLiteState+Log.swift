public import HiveModel
public import HiveSync

extension SQLiteState: LogState {
    public func head(of origin: InstanceID) throws -> LogHead? {
        guard let log = try logs().newest(of: origin) else { return nil }
        return try head(log)
    }

    public func heads() throws -> [LogHead] {
        let logs = try logs()
        let origins = Set(logs.entries.lazy.filter { $0.head > 0 }.map(\.origin)).sorted()
        return try origins.compactMap { try logs.newest(of: $0).map(head) }
    }

    public func logKey(origin: InstanceID, epoch: Int64) throws -> PublicKey? {
        try logs().find(origin, epoch)?.signingKey
    }

    public func putLogKey(_ key: PublicKey, origin: InstanceID, epoch: Int64) throws {
        let index = try logIndex(origin, epoch)
        memory.logs?.change(index) { $0.signingKey = key }
    }

    public func identityKey(of instance: InstanceID) throws -> PublicKey? {
        try known()[instance]
    }

    public func putKnown(_ instance: InstanceID, identityKey: PublicKey) throws {
        guard try known()[instance] == nil else { return }
        statements.putKnown.bind(1, number).bind(2, try core.instance(instance)).bind(3, blob: identityKey.bytes)
        try statements.putKnown.run()
        memory.known?[instance] = identityKey
    }

    public func eventHash(origin: InstanceID, place: Place) throws -> Hash256? {
        guard let log = try logs().find(origin, place.epoch), place.seq <= log.head else { return nil }
        return place.seq == log.head ? log.headHash : try hash(log: log.n, seq: place.seq)
    }

    public func append(_ event: Event, isVerified: Bool) throws -> RowNumber {
        let header = event.header
        let index = try logIndex(header.origin, header.place.epoch)
        guard let log = memory.logs?.entries[index], log.head == header.place.seq - 1 else {
            throw DamagedRow("event \(header.place.seq) does not follow the head of its log")
        }
        let arrival = try core.nextArrival()
        try bind(event, to: statements.insertEvent, log: log, arrival: arrival, isVerified: isVerified)
        try statements.insertEvent.run()
        memory.logs?.change(index) {
            $0.head = header.place.seq
            $0.headHash = event.hash
        }
        memory.counters.events += 1
        try forgetKept(event, log: log.n)
        return arrival
    }

    public func clock() throws -> HybridClock { try core.clock() }

    public func putClock(_ clock: HybridClock) throws { core.putClock(clock) }

    // MARK: Inside

    private func head(_ log: LogTable.Entry) throws -> LogHead {
        guard let hash = log.headHash else { throw DamagedRow("the head of a log has no hash") }
        let place = Place(epoch: log.epoch, seq: log.head)
        return LogHead(origin: log.origin, place: place, hash: hash, cut: try terms(of: log.origin).cut)
    }

    func hash(log: Int64, seq: Int64) throws -> Hash256? {
        let statement = statements.eventHashAt
        defer { statement.reset() }
        statement.bind(1, log).bind(2, seq)
        return try statement.step() ? try statement.hash(0) : nil
    }

    func logs() throws -> LogTable {
        if let logs = memory.logs { return logs }
        let statement = statements.logs
        defer { statement.reset() }
        statement.bind(1, number)
        var table = LogTable()
        while try statement.step() {
            table.add(
                LogTable.Entry(
                    n: statement.int(0),
                    origin: try core.instanceID(statement.int(1)),
                    epoch: statement.int(2),
                    head: statement.int(3),
                    headHash: try statement.optionalHash(4),
                    signingKey: statement.isNull(5) ? nil : try statement.publicKey(5)
                )
            )
        }
        memory.logs = table
        return table
    }

    /// Where a log stands in the table, with a row made for it at its first mention.
    func logIndex(_ origin: InstanceID, _ epoch: Int64) throws -> Int {
        if memory.logs == nil { _ = try logs() }
        if let index = memory.logs?.index(origin, epoch) { return index }
        let insert = statements.insertLog
        insert.bind(1, number).bind(2, try core.instance(origin)).bind(3, epoch)
        let n = try insert.insert() ?? 0
        memory.logs?.add(
            LogTable.Entry(n: n, origin: origin, epoch: epoch, head: 0, headHash: nil, signingKey: nil)
        )
        return (memory.logs?.entries.count ?? 1) - 1
    }

    func flushLogs() throws {
        guard let logs = memory.logs else { return }
        let update = statements.updateLog
        for log in logs.entries where log.isChanged {
            update.bind(1, log.head)
            update.bind(2, log.headHash)
            if let key = log.signingKey { update.bind(3, blob: key.bytes) } else { update.bindNull(3) }
            update.bind(4, log.n)
            try update.run()
        }
        memory.logs?.markWritten()
    }

    private func known() throws -> [InstanceID: PublicKey] {
        if let known = memory.known { return known }
        let statement = statements.known
        defer { statement.reset() }
        statement.bind(1, number)
        var known: [InstanceID: PublicKey] = [:]
        while try statement.step() { known[try statement.instanceID(0)] = try statement.publicKey(1) }
        memory.known = known
        return known
    }

    private func bind(
        _ event: Event,
        to insert: HotStatement,
        log: LogTable.Entry,
        arrival: RowNumber,
        isVerified: Bool
    ) throws {
        let header = event.header
        insert.bind(1, arrival).bind(2, log.n).bind(3, header.place.seq)
        insert.bind(4, try core.number(of: header.type))
        insert.bind(5, isVerified)
        insert.bind(6, header.time.ms).bind(7, header.time.counter)
        insert.bind(8, header.at?.ms)
        insert.bind(9, header.at?.counter)
        if header.extra.isEmpty {
            insert.bindNull(10)
        } else {
            insert.bind(10, utf8: JSONValue.object(header.extra).canonicalBytes())
        }
        insert.bindNull(11)
        insert.bind(12, event.hash)
        insert.bind(13, header.payloadHash)
        if header.refs.isEmpty { insert.bindNull(14) } else { insert.bind(14, utf8: JSONWriter.bytes(header.refs)) }
        insert.bind(15, utf8: event.payload)
        insert.bind(16, blob: event.signature)
    }
}
