import HiveModel

extension Fold {
    /// A creation: the smallest place counts where an id is created twice.
    mutating func create<Row: ContentRow>(_ fresh: Row, in state: inout State) throws -> FoldVerdict {
        guard let creation = fresh.creation else { return .ignored }
        var content = fresh
        content.isHidden = try loadDecisions(&state).hides(creation.author, creation.stamp.place)
        if let row = try content.insert(in: &state) {
            if content.isLive, let post = content.countedOn { try state.addCommentCount(1, to: post) }
            if let entity = try content.entity(in: state) { try root.add(entity, crypto, state) }
            try state.note(Row.created(row))
            return .applied
        }
        let (row, held) = try find(fresh.id, Row.self, in: state)
        if let before = held.creation, before.stamp.place <= creation.stamp.place {
            return before.stamp.place == creation.stamp.place ? .applied : VoidReason.createdBefore
        }
        try settle(held, at: row, from: fresh, in: &state)
        try state.note(Row.created(row))
        return .applied
    }

    /// An update: each field present is a register by stamp.
    mutating func update<Row: ContentRow>(
        _ id: EntityID,
        _: Row.Type,
        _ by: AgentSnapshot,
        _ event: Event,
        _ payload: EventPayload,
        _ state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(by.key) else { return VoidReason.foreignAgent }
        let (row, held, write) = try remember(.update, of: id, Row.self, by: by, event, in: &state)
        guard let creation = held.creation else { return .applied }
        guard try loadDecisions(&state).counts(write, onContentOf: creation.author) else {
            return VoidReason.notAllowed
        }
        var content = held
        guard content.tombstone == nil, content.take(payload, stamp: write.stamp) else { return .applied }
        try replace(held, by: content, at: row, in: &state)
        try state.note(Row.updated(row))
        return .applied
    }

    /// A deletion: beats updates and creation in any order; the smallest stamp stays on the tombstone.
    mutating func delete<Row: ContentRow>(
        _ payload: ContentDeleted,
        _: Row.Type,
        _ event: Event,
        in state: inout State
    ) throws -> FoldVerdict {
        guard event.header.isBy(payload.by.key) else { return VoidReason.foreignAgent }
        let (row, held, write) = try remember(
            .deletion,
            of: payload.target,
            Row.self,
            by: payload.by,
            event,
            in: &state
        )
        guard let creation = held.creation else { return .applied }
        guard try loadDecisions(&state).counts(write, onContentOf: creation.author) else {
            return VoidReason.notAllowed
        }
        if let tombstone = held.tombstone, tombstone.stamp <= write.stamp { return .applied }
        var content = held
        content.erase(Tombstone(by: write.agent, stamp: write.stamp, reason: payload.reason))
        try replace(held, by: content, at: row, in: &state)
        try state.note(Row.deleted(row))
        return .applied
    }

    /// Recomputes a post or comment from its creation in the log and its remembered writes: for when a decision about
    /// one of them changed.
    ///
    /// Costs one read of the log for each write that counts.
    mutating func rebuild(_ target: ContentTarget, in state: inout State) throws {
        switch target.kind {
        case .post:
            let (row, held) = try find(target.id, PostRow.self, in: state)
            guard let (event, payload) = try creation(of: held, in: state) else { return }
            guard case .postCreated(let post) = payload else { throw Self.lost(target.id) }
            try settle(held, at: row, from: self.post(from: post, event, in: &state), in: &state)
            try state.note(.postUpdated(row))
        case .comment:
            let (row, held) = try find(target.id, CommentRow.self, in: state)
            guard let (event, payload) = try creation(of: held, in: state) else { return }
            guard case .commentCreated(let comment) = payload else { throw Self.lost(target.id) }
            try settle(held, at: row, from: self.comment(from: comment, event, in: &state), in: &state)
            try state.note(.commentUpdated(row))
        }
    }

    // MARK: Inside

    /// Remembers a write and finds what it is about; a stub is made for an id not seen before.
    func remember<Row: ContentRow>(
        _ kind: ContentWrite.Kind,
        of id: EntityID,
        _: Row.Type,
        by agent: AgentSnapshot,
        _ event: Event,
        in state: inout State
    ) throws -> (row: RowNumber, held: Row, write: ContentWrite) {
        let write = ContentWrite(
            kind: kind,
            origin: event.header.origin,
            stamp: event.header.stamp,
            agent: try state.agentRow(agent.key, name: agent.name, avatarURL: agent.avatarURL),
            grant: event.header.refs.auth
        )
        let (row, held): (RowNumber, Row)
        if let found = try Row.find(id, in: state) {
            (row, held) = found
        } else {
            let stub = Row(id: id)
            guard let inserted = try stub.insert(in: &state) else { throw Self.lost(id) }
            (row, held) = (inserted, stub)
        }
        try state.addWrite(write, to: TargetRow(kind: Row.kind, row: row))
        return (row, held, write)
    }

    /// Puts `fresh`, as created and with the remembered writes that count, in the place of `held`.
    private mutating func settle<Row: ContentRow>(
        _ held: Row,
        at row: RowNumber,
        from fresh: Row,
        in state: inout State
    ) throws {
        guard let creation = fresh.creation else { return }
        let writes = try state.writes(to: TargetRow(kind: Row.kind, row: row))
        let decisions = try loadDecisions(&state)
        var content = fresh
        content.keepCounters(of: held)
        content.isHidden = decisions.hides(creation.author, creation.stamp.place)
        if let deletion = decisions.deletion(among: writes, onContentOf: creation.author) {
            content.erase(try tombstone(of: deletion, in: state))
        } else {
            for update in decisions.updates(among: writes, onContentOf: creation.author) {
                _ = content.take(try payload(of: update, in: state).payload, stamp: update.stamp)
            }
            if let pin = decisions.pin(among: writes) { content.pin(pin.kind == .pin, stamp: pin.stamp) }
        }
        try replace(held, by: content, at: row, in: &state)
    }

    /// Writes a changed row, and moves root and counters with it.
    mutating func replace<Row: ContentRow>(
        _ held: Row,
        by content: Row,
        at row: RowNumber,
        in state: inout State
    ) throws {
        try content.put(at: row, in: &state)
        if let before = try held.entity(in: state) { try root.remove(before, crypto, state) }
        if let after = try content.entity(in: state) { try root.add(after, crypto, state) }
        if held.isLive, let post = held.countedOn { try state.addCommentCount(-1, to: post) }
        if content.isLive, let post = content.countedOn { try state.addCommentCount(1, to: post) }
        let (before, after) = (
            held.isLive ? held.creation?.author : nil, content.isLive ? content.creation?.author : nil
        )
        try moveKarma(of: TargetRow(kind: Row.kind, row: row), from: before, to: after, in: &state)
    }

    func find<Row: ContentRow>(
        _ id: EntityID,
        _: Row.Type,
        in state: State
    ) throws -> (row: RowNumber, content: Row) {
        guard let found = try Row.find(id, in: state) else { throw Self.lost(id) }
        return found
    }

    private func creation(of row: some ContentRow, in state: State) throws -> (event: Event, payload: EventPayload)? {
        guard let creation = row.creation else { return nil }
        let origin = try state.agentKey(creation.author).instance
        return try payload(origin: origin, place: creation.stamp.place, in: state)
    }

    private func payload(of write: ContentWrite, in state: State) throws -> (event: Event, payload: EventPayload) {
        try payload(origin: write.origin, place: write.stamp.place, in: state)
    }

    private func payload(
        origin: InstanceID,
        place: Place,
        in state: State
    ) throws -> (event: Event, payload: EventPayload) {
        guard let event = try state.event(origin: origin, place: place) else {
            throw FoldFault("the log of \(origin.rawValue) lacks event \(place.seq) of epoch \(place.epoch)")
        }
        return (event, EventPayload(of: event))
    }

    private func tombstone(of deletion: ContentWrite, in state: State) throws -> Tombstone {
        let reason: String? =
            switch try payload(of: deletion, in: state).payload {
            case .postDeleted(let payload), .commentDeleted(let payload): payload.reason
            default: throw FoldFault("a remembered deletion is none in the log")
            }
        return Tombstone(by: deletion.agent, stamp: deletion.stamp, reason: reason)
    }

    private static func lost(_ id: EntityID) -> FoldFault { FoldFault("the row or creation of \(id.rawValue) is lost") }
}
