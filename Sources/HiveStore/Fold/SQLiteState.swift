public import HiveModel
public import HiveSync

/// One group's logs and state in the open write transaction: what the fold and admission work on.
///
/// A reference, so that its caches survive transactions; the writer drops it at every rollback. Never keep it beyond
/// the transaction it was asked for in.
public final class SQLiteState {
    public let groupID: GroupID
    /// The group's number.
    let number: RowNumber
    unowned let core: WriterCore
    var memory = Memory()

    /// What is read once and written at the end of the transaction; copied at a savepoint.
    struct Memory {
        var logs: LogTable?
        var kept: KeptTable?
        var known: [InstanceID: PublicKey]?
        var genesis: Cached<GroupRow?> = .unread
        /// Whether the hive is public by genesis and settings; nil until they are read.
        ///
        /// Asked for every event, unlike the rest of them.
        var isPublic: Bool?
        var members: Cached<[MemberRow]> = .unread
        /// What the transaction adds to the hive's number of members, unless it has to be counted again.
        var memberDelta: Int64 = 0
        var mustRecountMembers = false
        var fold = FoldMemo()
        var root: Cached<StateRoot> = .unread
        var isRootChanged = false
        var counters = Counters()
    }

    enum Cached<Value> {
        case unread
        case read(Value)
    }

    /// What the transaction adds to `group_counters`.
    struct Counters {
        var events: Int64 = 0
        var posts: Int64 = 0
        var comments: Int64 = 0
        var votes: Int64 = 0

        var isZero: Bool { events == 0 && posts == 0 && comments == 0 && votes == 0 }
    }

    init(groupID: GroupID, number: RowNumber, core: WriterCore) {
        self.groupID = groupID
        self.number = number
        self.core = core
    }

    var statements: WriterStatements { core.statements }

    /// Writes what the transaction gathered.
    func flush() throws {
        try flushLogs()
        try flushMemberCount()
        if memory.isRootChanged, case .read(let root) = memory.root {
            statements.putRoot.bind(1, number).bind(2, blob: root.bytes)
            try statements.putRoot.run()
            memory.isRootChanged = false
        }
        let counters = memory.counters
        guard !counters.isZero else { return }
        statements.addCounters.bind(1, number).bind(2, counters.events).bind(3, counters.posts)
            .bind(4, counters.comments).bind(5, counters.votes)
        try statements.addCounters.run()
        memory.counters = Counters()
    }

    /// Runs a statement whose only parameters are this group's number.
    func runForGroup(_ sql: String, parameters: Int32 = 1) throws {
        let statement = try core.prepare(sql)
        for index in 1...parameters { statement.bind(index, number) }
        try statement.run()
    }
}

extension SQLiteState: FoldState {
    // MARK: Log

    public func event(origin: InstanceID, place: Place) throws -> Event? {
        guard let log = try logs().find(origin, place.epoch) else { return nil }
        let statement = statements.eventAtPlace
        defer { statement.reset() }
        statement.bind(1, log.n).bind(2, place.seq)
        guard try statement.step() else { return nil }
        let prev = place.seq > 1 ? try hash(log: log.n, seq: place.seq - 1) : nil
        let columns = EventColumns(group: groupID, types: try core.eventTypes())
        return try columns.event(statement, origin: origin, epoch: place.epoch, before: prev)
    }

    public func events(of origin: InstanceID?, after arrival: RowNumber, limit: Int) throws -> [StoredEvent] {
        let entries = try logs().entries.filter { $0.head > 0 && (origin == nil || $0.origin == origin) }
        var merge = try ArrivalMerge(
            logs: entries.map(\.name),
            after: arrival,
            limit: limit,
            statements: ArrivalMerge.Statements(
                arrivals: statements.arrivals,
                event: statements.eventAtArrival,
                hash: statements.eventHashAt
            ),
            columns: EventColumns(group: groupID, types: try core.eventTypes())
        )
        var events: [StoredEvent] = []
        while events.count < limit, let next = try merge.next() {
            events.append(StoredEvent(arrival: next.arrival, event: next.event))
        }
        return events
    }

    // MARK: Root, rebuilding

    public var memo: FoldMemo {
        get { memory.fold }
        set { memory.fold = newValue }
    }

    public func stateRoot() throws -> StateRoot {
        if case .read(let root) = memory.root { return root }
        statements.root.bind(1, number)
        defer { statements.root.reset() }
        var root = StateRoot()
        if try statements.root.step() {
            guard let stored = StateRoot(bytes: statements.root.blob(0)) else {
                throw DamagedRow("the state root of \(groupID.rawValue) is not 8 KiB long")
            }
            root = stored
        }
        memory.root = .read(root)
        return root
    }

    public func putStateRoot(_ root: StateRoot) throws {
        memory.root = .read(root)
        memory.isRootChanged = true
    }

    public func note(_ change: FoldChange) throws {
        core.changes.append((self, change))
    }

    public func clear() throws {
        try flush()
        try core.flushCounts()
        core.interning.targets.removeAll()
        try core.clearKarma(group: number)
        try clearSearch()
        try runForGroup(VoteSQL.clearPosts)
        try runForGroup(VoteSQL.clearComments)
        try forgetSettings()
        for sql in [
            VoteSQL.clearWrites, PostSQL.clearRanks, PostSQL.clear, CommentSQL.clear, AgentSQL.clearProfiles,
            GroupSQL.clearGenesis, GroupSQL.clearMembers, DecidedSQL.clearActs, DecidedSQL.clearOwners,
            DecidedSQL.clearModerators,
            DecidedSQL.clearBans, DecidedSQL.clearMemberships, DecidedSQL.clearSettings, GroupSQL.clearRoot,
            GroupSQL.clearCounters,
        ] {
            try runForGroup(sql)
        }
        memory.genesis = .read(nil)
        memory.isPublic = false
        memory.members = .read([])
        memory.mustRecountMembers = true
        memory.fold = FoldMemo()
        memory.root = .read(StateRoot())
        memory.isRootChanged = true
    }
}
