public import HiveModel

extension LogState where Self: FoldState {
    /// The additions, kept aside, of instances that `theirs` names nothing of and that no standing event adds: whoever
    /// was let in beyond a fork stays known (protocol, section 4), and its log can be read by those who know it.
    ///
    /// They go before the events of a pull, as plain events: what stands of the logs they are in does not show them.
    /// - Parameter writers: the instances whose logs are looked through.
    public func lostIntroductions(above theirs: [LogHead], by writers: [InstanceID]) throws -> [Event] {
        let missing = try heads().map(\.origin).filter { origin in
            guard !theirs.contains(where: { $0.origin == origin }) else { return false }
            return try !acts(ActKey(roster: origin)).contains { $0.header.type == .instanceAdded }
        }
        guard !missing.isEmpty else { return [] }
        var found: [Event] = []
        for writer in writers {
            for kept in try keptEvents(of: writer) where kept.event.header.type == .instanceAdded {
                guard case .instanceAdded(let addition) = EventPayload(of: kept.event),
                    missing.contains(addition.instance)
                else { continue }
                found.append(kept.event)
            }
        }
        return found
    }
}

extension Admission {
    /// Makes an instance known by an addition that does not stand here and may never, where one of the keys of its
    /// writer's log signed it.
    mutating func learnAside(from event: Event, in state: inout State) throws {
        guard event.header.type == .instanceAdded, event.header.groupID == group,
            case .instanceAdded(let addition) = EventPayload(of: event),
            try state.identityKey(of: addition.instance) == nil
        else { return }
        let (origin, epoch) = (event.header.origin, event.header.place.epoch)
        // Of an epoch opened twice either key is the instance's own.
        var keys = try state.keptEvents(of: origin).compactMap { kept in
            kept.event.header.place == Place(epoch: epoch, seq: 1) ? LogOpening(kept.event)?.log.signingKey : nil
        }
        if let standing = try state.logKey(origin: origin, epoch: epoch) { keys.append(standing) }
        guard keys.contains(where: { event.isSigned(by: $0, crypto) }) else { return }
        try learnAnywhere(from: EventPayload(of: event), event, in: &state)
    }
}
