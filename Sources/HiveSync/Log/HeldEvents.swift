import HiveModel

/// Everything held of one instance while it is decided what stands of it.
struct HeldEvents {
    let origin: InstanceID
    /// What stands, in order.
    let standing: [StandingLog.Link]
    /// The rest, by hash; only looked up.
    private let others: [Hash256: KeptEvent]
    private let places: [Hash256: Place]
    /// All of it.
    let links: [StandingLog.Link]

    init(_ origin: InstanceID, adding accepted: [KeptEvent], in state: some FoldState & LogState) throws {
        self.origin = origin
        var standing: [StandingLog.Link] = []
        try state.forEachEvent(of: origin) { standing.append(StandingLog.Link($0)) }
        self.standing = standing
        places = Dictionary(standing.map { ($0.hash, $0.place) }) { first, _ in first }
        let rest = try state.keptEvents(of: origin) + accepted
        others = Dictionary(rest.map { ($0.event.hash, $0) }) { first, _ in first }
        links = standing + rest.map { StandingLog.Link($0.event) }
    }

    /// An event that doesn't stand.
    func other(_ hash: Hash256) -> KeptEvent? { others[hash] }

    func event(_ hash: Hash256, in state: some FoldState) throws -> Event? {
        if let place = places[hash] { return try state.event(origin: origin, place: place) }
        return others[hash]?.event
    }

    /// What follows an event and is held, by hash.
    func followers(of event: Event) -> [Hash256] {
        links.filter { $0.prev == event.hash && $0.place.seq == event.header.place.seq + 1 }.map(\.hash).sorted()
    }
}

extension StandingLog.Link {
    init(_ event: Event) {
        place = event.header.place
        hash = event.hash
        prev = event.header.prev
        if place.seq == 1 { closed = LogOpening(event)?.closed ?? [] }
    }
}
