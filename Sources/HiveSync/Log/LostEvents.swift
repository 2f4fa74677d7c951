public import HiveModel

extension LogState where Self: FoldState {
    /// The events kept aside of `origin` that nothing standing repeats yet, by place, with those kept aside that they
    /// follow: what is offered to it at every handshake (protocol, section 9).
    ///
    /// Without the ones before, an instance that lost them too could not tell whether it wrote the rest.
    ///
    /// Costs a pass over its log where anything is aside, and nothing otherwise.
    public func lostEvents(of origin: InstanceID) throws -> [Event] {
        let kept = try keptEvents(of: origin)
        guard !kept.isEmpty else { return [] }
        var done: Set<EventID> = []
        try forEachEvent(of: origin) { event in
            if let original = event.header.refs.re { done.insert(original) }
            // What was repeated may stand itself again, where an owner pinned it.
            done.insert(event.id)
        }
        return kept.map(\.event).lost(repeated: done)
    }

    /// The hash of what is held at the place of `head`: its own where that event is held, standing or aside, else that
    /// of the event that stands there.
    public func heldHash(at head: LogHead) throws -> Hash256? {
        let standing = try eventHash(origin: head.origin, place: head.place)
        if standing == head.hash { return standing }
        return try keptEvent(of: head.origin, hash: head.hash)?.event.hash ?? standing
    }

    /// Everything that stands of `origin`, in order.
    func forEachEvent(of origin: InstanceID?, _ body: (Event) throws -> Void) throws {
        var arrival: RowNumber = 0
        while true {
            let page = try events(of: origin, after: arrival, limit: 500)
            guard let last = page.last else { return }
            for stored in page { try body(stored.event) }
            arrival = last.arrival
        }
    }
}

extension [Event] {
    /// Of what is kept aside of one instance, by place: what nothing repeats, and what that follows.
    /// - Parameter done: the originals that standing events repeat.
    public func lost(repeated done: Set<EventID>) -> [Event] {
        var needed: Set<Hash256> = []
        // From the last to the first: what a needed one follows is needed.
        for event in reversed() {
            let isLost = event.header.place.seq > 1 && !done.contains(event.header.refs.re ?? event.id)
            guard isLost || needed.contains(event.hash) else { continue }
            needed.insert(event.hash)
            if let prev = event.header.prev { needed.insert(prev) }
        }
        return filter { needed.contains($0.hash) }
    }
}
