import HiveModel

extension Fold {
    /// Folds the group from nothing: the general way back from a decision that takes effects away, and what `openhive
    /// verify` compares with.
    ///
    /// Reads the log twice: first for the acts that decide who may do what, then for the rest.
    public mutating func refold(_ state: inout State) throws {
        try state.clear()
        root.reset()
        decisions = nil
        lastWriter = nil
        stale = StaleDecisions()
        try forEachStored(of: nil, in: &state) { fold, event, state in
            guard event.header.type.isContent != true else { return }
            let payload = EventPayload(of: event)
            if !payload.isContent { _ = try fold.record(event, payload, in: &state) }
        }
        try settle(&state)
        try state.note(.rebuilt)
    }

    /// Applies what the log holds of one instance's content.
    mutating func applyStoredContent(of origin: InstanceID, in state: inout State) throws {
        try forEachStored(of: origin, in: &state) { fold, event, state in
            guard event.header.type.isContent != false else { return }
            let payload = EventPayload(of: event)
            if payload.isContent { _ = try fold.foldContent(event, payload, to: &state) }
        }
    }

    /// How many stored events are in memory at a time.
    private static var pageSize: Int { 500 }

    private mutating func forEachStored(
        of origin: InstanceID?,
        in state: inout State,
        _ body: (inout Self, Event, inout State) throws -> Void
    ) throws {
        var arrival: RowNumber = 0
        while true {
            let page = try state.events(of: origin, after: arrival, limit: Self.pageSize)
            guard let last = page.last else { return }
            for stored in page where try !isPoison(stored.event, in: state) {
                do {
                    try body(&self, stored.event, &state)
                } catch {
                    throw EventFault.naming(stored.event, in: error)
                }
            }
            arrival = last.arrival
        }
    }
}
