import HiveModel

/// Which of an entity's remembered writes count, given its author.
struct ContentDecision {
    let author: RowNumber
    let authority: Authority

    /// The deletion whose author, reason and time stay: the smallest stamp among those that count.
    func deletion(among writes: [ContentWrite]) -> ContentWrite? {
        writes.filter { $0.kind == .deletion && counts($0) }.min { $0.stamp < $1.stamp }
    }

    /// The updates that count, oldest first.
    func updates(among writes: [ContentWrite]) -> [ContentWrite] {
        writes.filter { $0.kind == .update && counts($0) }.sorted { $0.stamp < $1.stamp }
    }

    func counts(_ write: ContentWrite) -> Bool { authority.counts(write, onContentOf: author) }
}

extension Fold {
    /// The payload of a remembered write, read back from the log.
    func payload(of write: ContentWrite, in state: State) throws -> EventPayload {
        try payload(origin: write.origin, place: write.stamp.place, in: state).payload
    }

    func payload(
        origin: InstanceID,
        place: Place,
        in state: State
    ) throws -> (event: Event, payload: EventPayload) {
        guard let event = try state.event(origin: origin, place: place) else {
            throw FoldFault("the log of \(origin.rawValue) lacks event \(place.seq) of epoch \(place.epoch)")
        }
        return (event, EventPayload(of: event))
    }

    func tombstone(of deletion: ContentWrite, in state: State) throws -> Tombstone {
        let reason: String? =
            switch try payload(of: deletion, in: state) {
            case .postDeleted(let payload), .commentDeleted(let payload): payload.reason
            default: throw FoldFault("a remembered deletion is none in the log")
            }
        return Tombstone(by: deletion.agent, stamp: deletion.stamp, reason: reason)
    }

    func write(
        _ kind: ContentWrite.Kind,
        by agent: AgentSnapshot,
        _ event: Event,
        in state: inout State
    ) throws -> ContentWrite {
        ContentWrite(
            kind: kind,
            origin: event.header.origin,
            stamp: event.header.stamp,
            agent: try state.agentRow(agent.key, name: agent.name, avatarURL: agent.avatarURL),
            grant: event.header.refs.auth
        )
    }

    mutating func decision(on author: RowNumber, in state: inout State) throws -> ContentDecision {
        ContentDecision(author: author, authority: try loadAuthority(&state))
    }
}
