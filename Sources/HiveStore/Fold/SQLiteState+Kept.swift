public import HiveModel
public import HiveSync

// What is held of logs and does not stand. It is rare, so nothing here is on the way of an event that is appended at
// the head but a look at what `KeptTable` has in memory.
extension SQLiteState {
    public func terms(of origin: InstanceID) throws -> LogTerms { try kept().terms[origin] ?? LogTerms() }

    public func putTerms(_ terms: LogTerms, of origin: InstanceID) throws {
        guard try self.terms(of: origin) != terms else { return }
        let put = try core.prepare(KeptSQL.putTerms)
        put.bind(1, number).bind(2, try core.instance(origin))
        put.bind(3, terms.cut)
        put.bind(4, terms.end?.epoch)
        put.bind(5, terms.end?.seq)
        put.bind(6, utf8: Self.json(terms.awaited))
        try put.run()
        memory.kept?.terms[origin] = terms
    }

    // MARK: Events

    public func cutLog(of origin: InstanceID, after place: Place?) throws {
        _ = try kept()
        let first = place ?? Place(epoch: 0, seq: 0)
        for (index, log) in try logs().entries.enumerated() where log.origin == origin && log.epoch >= first.epoch {
            let last = log.epoch == first.epoch ? first.seq : 0
            guard log.head > last else { continue }
            try core.putMeta(.arrivalFloor, String(core.lastArrival()))
            for sql in [KeptSQL.keepCut, KeptSQL.removeCut] {
                let statement = try core.prepare(sql)
                statement.bind(1, log.n).bind(2, last)
                try statement.run()
            }
            memory.counters.events -= log.head - last
            let hash = last > 0 ? try self.hash(log: log.n, seq: last) : nil
            memory.logs?.change(index) {
                $0.head = last
                $0.headHash = hash
            }
            memory.kept?.logs.insert(log.n)
        }
    }

    /// How many events of `origin` are aside.
    public func keptCount(of origin: InstanceID) throws -> Int64 {
        let count = try core.prepare(KeptSQL.keptCount)
        count.bind(1, number).bind(2, try core.instance(origin))
        return try count.step() ? count.int(0) : 0
    }

    public func markVerified(_ origin: InstanceID, _ place: Place) throws {
        guard let log = try logs().find(origin, place.epoch) else { return }
        let mark = try core.prepare(KeptSQL.markVerified)
        mark.bind(1, log.n).bind(2, place.seq)
        try mark.run()
    }

    public func keptEvents(of origin: InstanceID) throws -> [KeptEvent] {
        let table = try kept()
        let logs = try logs().entries.filter { $0.origin == origin && table.logs.contains($0.n) }
        let columns = EventColumns(group: groupID, types: try core.eventTypes())
        var events: [KeptEvent] = []
        for log in logs.sorted(by: { $0.epoch < $1.epoch }) {
            let rows = try core.prepare(KeptSQL.ofLog)
            rows.bind(1, log.n)
            while try rows.step() {
                let event = try columns.event(rows, origin: origin, epoch: log.epoch, before: nil)
                events.append(KeptEvent(event: event, isVerified: EventColumns.isVerified(rows)))
            }
        }
        return events
    }

    public func keptEvent(of origin: InstanceID, hash: Hash256) throws -> KeptEvent? {
        try keptEvents(of: origin).first { $0.event.hash == hash }
    }

    public func isContested(_ origin: InstanceID) throws -> Bool {
        let table = try kept()
        return try logs().entries.contains {
            $0.origin == origin && (table.logs.contains($0.n) || table.proofs[$0.n] != nil)
        }
    }

    public func keepAside(_ kept: KeptEvent) throws {
        _ = try self.kept()
        let (event, header) = (kept.event, kept.event.header)
        let index = try logIndex(header.origin, header.place.epoch)
        guard let log = memory.logs?.entries[index] else { throw DamagedRow("a log has no row") }
        let keep = try core.prepare(KeptSQL.keep)
        keep.bind(1, log.n).bind(2, header.place.seq)
        keep.bind(3, try core.number(of: header.type))
        keep.bind(4, kept.isVerified)
        keep.bind(5, header.time.ms).bind(6, header.time.counter)
        keep.bind(7, header.at?.ms)
        keep.bind(8, header.at?.counter)
        if header.extra.isEmpty {
            keep.bindNull(9)
        } else {
            keep.bind(9, utf8: JSONValue.object(header.extra).canonicalBytes())
        }
        keep.bind(10, header.prev)
        keep.bind(11, event.hash)
        keep.bind(12, header.payloadHash)
        if header.refs.isEmpty { keep.bindNull(13) } else { keep.bind(13, utf8: JSONWriter.bytes(header.refs)) }
        keep.bind(14, utf8: event.payload)
        keep.bind(15, blob: event.signature)
        try keep.run()
        memory.kept?.logs.insert(log.n)
    }

    /// What stands is not aside any more.
    func forgetKept(_ event: Event, log: Int64) throws {
        guard try kept().logs.contains(log) else { return }
        let forget = try core.prepare(KeptSQL.forget)
        forget.bind(1, log).bind(2, event.header.place.seq)
        forget.bind(3, event.hash)
        try forget.run()
        memory.kept?.logs = try keptLogs()
    }

    private func keptLogs() throws -> Set<Int64> {
        let rows = try core.prepare(KeptSQL.keptLogs)
        rows.bind(1, number)
        var logs: Set<Int64> = []
        while try rows.step() { logs.insert(rows.int(0)) }
        return logs
    }

    // MARK: Proofs and transfers

    public func proofs(of origin: InstanceID) throws -> [ForkProof] {
        try kept().proofs.values.filter { $0.origin == origin }.sorted { $0.place < $1.place }
    }

    public func putProof(_ proof: ForkProof) throws {
        _ = try kept()
        let index = try logIndex(proof.origin, proof.place.epoch)
        guard let log = memory.logs?.entries[index] else { throw DamagedRow("a log has no row") }
        let put = try core.prepare(KeptSQL.putProof)
        put.bind(1, log.n).bind(2, proof.place.seq)
        put.bind(3, utf8: proof.canonicalBytes)
        try put.run()
        memory.kept?.proofs[log.n] = proof
    }

    public func removeProof(of origin: InstanceID, epoch: Int64) throws {
        guard let log = try logs().find(origin, epoch), try kept().proofs[log.n] != nil else { return }
        let remove = try core.prepare(KeptSQL.removeProof)
        remove.bind(1, log.n)
        try remove.run()
        memory.kept?.proofs[log.n] = nil
    }

    public func poison() throws -> [PoisonEvent] { try kept().poison }

    public func markPoison(_ event: PoisonEvent) throws {
        guard try !kept().poison.contains(where: { $0.hash == event.hash }) else { return }
        let put = try core.prepare(KeptSQL.putPoison)
        put.bind(1, number).bind(2, try core.instance(event.origin))
        put.bind(3, event.place.epoch).bind(4, event.place.seq)
        put.bind(5, event.hash)
        put.bind(6, event.reason)
        try put.run()
        memory.kept?.poison.append(event)
    }

    public func clearPoison() throws {
        _ = try kept()
        try runForGroup(KeptSQL.clearPoison)
        memory.kept?.poison = []
    }

    public func transfers() throws -> [OwnerTransfer] {
        let rows = try core.prepare(KeptSQL.transfers)
        rows.bind(1, number)
        var found: [(n: Int64, payload: [UInt8], signer: Int64?, to: Int64, pin: Fence)] = []
        while try rows.step() {
            let pin = Fence(place: Place(epoch: rows.int(4), seq: rows.int(5)), hash: try rows.hash(6))
            found.append((rows.int(0), rows.blob(1), rows.optionalInt(2), rows.int(3), pin))
        }
        return try found.map { row in
            OwnerTransfer(
                n: row.n,
                signer: try row.signer.map { try core.instanceID($0) },
                to: try core.instanceID(row.to),
                pin: row.pin,
                payload: row.payload
            )
        }
    }

    public func putTransfer(_ transfer: OwnerTransfer) throws {
        let put = try core.prepare(KeptSQL.putTransfer)
        put.bind(1, number).bind(2, transfer.n)
        put.bind(3, utf8: transfer.payload)
        put.bind(4, try transfer.signer.map { try core.instance($0) })
        put.bind(5, try core.instance(transfer.to))
        put.bind(6, transfer.pin.place.epoch).bind(7, transfer.pin.place.seq)
        put.bind(8, transfer.pin.hash)
        try put.run()
    }
}
