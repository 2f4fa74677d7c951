import HiveModel

extension Fold {
    /// Folds the group from nothing: the general way back from a decision that takes effects away, and what `openhive
    /// verify` compares with.
    ///
    /// Reads the log twice: first for the acts that decide who may do what, then for the rest.
    public mutating func refold(_ state: inout State) throws {
        try state.clear()
        root.reset()
        authority = nil
        lastWriter = nil
        isRosterStale = false
        try forEachStored(of: nil, in: &state) { fold, event, state in
            switch event.header.type {
            case .groupCreated, .instanceAdded:
                switch EventPayload(of: event) {
                case .groupCreated(let genesis): _ = try fold.recordGenesis(genesis, event, in: &state)
                case .instanceAdded(let addition): _ = try fold.recordAddition(addition, event, in: &state)
                default: break
                }
            default: break
            }
        }
        try replaceMembers([], by: decidedMembers(in: state), in: &state)
        try applyStoredContent(of: nil, in: &state)
        try state.note(.rebuilt)
    }

    /// Applies what the log holds of one instance, or of all, apart from what decides who may do what.
    mutating func applyStoredContent(of origin: InstanceID?, in state: inout State) throws {
        try forEachStored(of: origin, in: &state) { fold, event, state in
            switch event.header.type {
            case .groupCreated, .instanceAdded, .epochOpened: break
            default:
                let payload = EventPayload(of: event)
                switch payload {
                case .unknown, .void: break
                default: _ = try fold.foldContent(event, payload, to: &state)
                }
            }
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
            for stored in page { try body(&self, stored.event, &state) }
            arrival = last.arrival
        }
    }
}
