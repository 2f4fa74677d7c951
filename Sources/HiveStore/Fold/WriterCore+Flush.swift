import HiveModel
import HiveSync

extension WriterCore {
    /// Writes what was gathered, before the commit.
    func flush() throws {
        for state in states.values.sorted(by: { $0.number < $1.number }) { try state.flush() }
        try flushCounts()
        try flushKarma()
        try flushClock()
        try flushChanges()
        if pending.hasErased {
            try putMeta(.searchErased, "1")
            pending.hasErased = false
        }
    }

    func addKarma(_ delta: Int64, to agent: RowNumber, group: RowNumber) {
        pending.karma.append(KarmaDelta(agent: agent, group: group, delta: delta))
    }

    func pendingKarma(of agent: RowNumber, group: RowNumber) -> Int64 {
        pending.karma.reduce(0) { $1.agent == agent && $1.group == group ? $0 + $1.delta : $0 }
    }

    /// Writes the gathered karma; inside a savepoint only what was gathered there.
    func flushKarma() throws {
        guard pending.karma.count > pending.karmaMark else { return }
        let deltas = pending.karma[pending.karmaMark...].sorted { ($0.agent, $0.group) < ($1.agent, $1.group) }
        pending.karma.removeLast(deltas.count)
        var index = 0
        while index < deltas.count {
            let (agent, group) = (deltas[index].agent, deltas[index].group)
            var sum: Int64 = 0
            while index < deltas.count, deltas[index].agent == agent, deltas[index].group == group {
                sum += deltas[index].delta
                index += 1
            }
            guard sum != 0 else { continue }
            statements.addGroupKarma.bind(1, agent).bind(2, group).bind(3, sum)
            try statements.addGroupKarma.run()
            statements.addKarma.bind(1, sum).bind(2, agent)
            try statements.addKarma.run()
        }
    }

    /// Takes back what a group's votes gave to agents, gathered or written.
    func clearKarma(group: RowNumber) throws {
        try flushKarma()
        for sql in [VoteSQL.takeKarmaBack, VoteSQL.clearGroupKarma] {
            let statement = try prepare(sql)
            statement.bind(1, group)
            if sql == VoteSQL.takeKarmaBack { statement.bind(2, group) }
            try statement.run()
        }
    }

    // MARK: Clock

    func clock() throws -> HybridClock {
        if let clock = pending.clock { return clock }
        let parts = try meta(.clock)?.split(separator: ".").compactMap { Int64($0) } ?? []
        let clock =
            parts.count == 2 ? HybridClock(last: HybridTime(ms: parts[0], counter: parts[1])) : HybridClock()
        pending.clock = clock
        return clock
    }

    func putClock(_ clock: HybridClock) {
        pending.clock = clock
        pending.isClockChanged = true
    }

    private func flushClock() throws {
        guard pending.isClockChanged, let clock = pending.clock else { return }
        try putMeta(.clock, "\(clock.last.ms).\(clock.last.counter)")
        pending.isClockChanged = false
    }

    // MARK: Meta

    func meta(_ key: MetaKey) throws -> String? {
        let statement = try prepare(EventSQL.meta)
        statement.bind(1, key.rawValue)
        return try statement.step() ? statement.text(0) : nil
    }

    func putMeta(_ key: MetaKey, _ value: String) throws {
        statements.putMeta.bind(1, key.rawValue).bind(2, value)
        try statements.putMeta.run()
    }

    func removeMeta(_ key: MetaKey) throws {
        let statement = try prepare(EventSQL.removeMeta)
        statement.bind(1, key.rawValue)
        try statement.run()
    }

    // MARK: Changes

    /// What was noted so far, with the numbers it will be committed under.
    func recordedChanges() throws -> [RecordedChange] {
        let last = try lastCommittedChange()
        return changes.enumerated().map { index, entry in
            RecordedChange(seq: last + Int64(index) + 1, group: entry.group.groupID, change: entry.change)
        }
    }

    private func flushChanges() throws {
        guard !changes.isEmpty else { return }
        let insert = statements.insertChange
        var seq = try lastCommittedChange()
        for entry in changes {
            seq += 1
            let (kind, row) = ChangeCode.encode(entry.change)
            insert.bind(1, seq).bind(2, entry.group.number).bind(3, kind).bind(4, row)
            try insert.run()
        }
    }
}

/// The keys of `meta`.
enum MetaKey: String {
    case instanceID = "instance_id"
    case instanceName = "instance_name"
    case incarnation
    /// `<milliseconds>.<counter>`
    case clock
    case materializerVersion = "materializer_version"
    /// The largest arrival number given before something was cut away.
    case arrivalFloor = "arrival_floor"
    /// Present while words of erased texts may lie in the search index.
    case searchErased = "search_erased"
}
