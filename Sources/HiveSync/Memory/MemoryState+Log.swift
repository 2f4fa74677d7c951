public import HiveModel

extension MemoryState: LogState {
    public func head(of origin: InstanceID) -> LogHead? { headsByOrigin[origin] }

    public func heads() -> [LogHead] { headsByOrigin.values.sorted { $0.origin < $1.origin } }

    public func logKey(origin: InstanceID, epoch: Int64) -> PublicKey? {
        logKeys[LogName(origin: origin, epoch: epoch)]
    }

    public mutating func putLogKey(_ key: PublicKey, origin: InstanceID, epoch: Int64) {
        logKeys[LogName(origin: origin, epoch: epoch)] = key
    }

    public func identityKey(of instance: InstanceID) -> PublicKey? { identityKeys[instance] }

    public mutating func putKnown(_ instance: InstanceID, identityKey: PublicKey) {
        identityKeys[instance] = identityKey
    }

    public func eventHash(origin: InstanceID, place: Place) -> Hash256? {
        arrival(origin: origin, place: place).flatMap { log[Int($0) - 1]?.hash }
    }

    public mutating func append(_ event: Event, isVerified: Bool) -> RowNumber {
        let header = event.header
        let name = LogName(origin: header.origin, epoch: header.place.epoch)
        precondition(
            Int64(arrivals[name]?.count ?? 0) == header.place.seq - 1,
            "an event is appended only at its log's end"
        )
        log.append(event)
        self.isVerified.append(isVerified)
        let arrival = RowNumber(log.count)
        arrivals[name, default: []].append(arrival)
        arrivalsByOrigin[header.origin, default: []].append(arrival)
        headsByOrigin[header.origin] = head(at: event)
        keptByOrigin[header.origin]?[event.hash] = nil
        return arrival
    }

    public mutating func markVerified(_ origin: InstanceID, _ place: Place) {
        if let arrival = arrival(origin: origin, place: place) { isVerified[Int(arrival) - 1] = true }
    }

    public func clock() -> HybridClock { hybridClock }

    public mutating func putClock(_ clock: HybridClock) { hybridClock = clock }

    // MARK: Reading for senders and tests

    /// How many events stand.
    public var eventCount: Int { log.count { $0 != nil } }

    /// Whether a run may end at the event: its own signature was checked or made here.
    public func isVerified(origin: InstanceID, place: Place) -> Bool {
        arrival(origin: origin, place: place).map { isVerified[Int($0) - 1] } ?? false
    }

    public func event(origin: InstanceID, place: Place) -> Event? {
        arrival(origin: origin, place: place).flatMap { log[Int($0) - 1] }
    }

    public func events(of origin: InstanceID?, after arrival: RowNumber, limit: Int) -> [StoredEvent] {
        guard let origin else {
            var page: [StoredEvent] = []
            for index in Int(arrival)..<max(Int(arrival), log.count) {
                guard page.count < limit else { break }
                if let event = log[index] { page.append(StoredEvent(arrival: RowNumber(index + 1), event: event)) }
            }
            return page
        }
        return (arrivalsByOrigin[origin] ?? []).lazy.drop { $0 <= arrival }.prefix(limit).compactMap { number in
            log[Int(number) - 1].map { StoredEvent(arrival: number, event: $0) }
        }
    }

    private func head(at event: Event) -> LogHead {
        let origin = event.header.origin
        return LogHead(
            origin: origin,
            place: event.header.place,
            hash: event.hash,
            cut: termsByOrigin[origin]?.cut
        )
    }

    func arrival(origin: InstanceID, place: Place) -> RowNumber? {
        guard let rows = arrivals[LogName(origin: origin, epoch: place.epoch)], place.seq >= 1,
            place.seq <= Int64(rows.count)
        else { return nil }
        return rows[Int(place.seq - 1)]
    }
}
