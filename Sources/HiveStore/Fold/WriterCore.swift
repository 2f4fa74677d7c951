import GRDB
import HiveModel
import HivePorts
import HiveSync

/// What the one writer keeps between statements and between transactions: prepared statements, interned numbers, the
/// groups' states, and what is written once at the end of a transaction.
///
/// Used only where the writer connection is.
final class WriterCore {
    let connection: Database
    let statements: WriterStatements
    let now: @Sendable () -> Int64
    let hashing: any Hashing
    var interning = Interning()
    var prefixes = PrefixTexts()
    /// What the fold noted in this transaction; numbered from `lastCommittedChange`.
    var changes: [(group: SQLiteState, change: FoldChange)] = []
    var pending = Pending()
    /// Empty where a savepoint begins.
    var counts = PendingCounts()
    private(set) var states: [GroupID: SQLiteState] = [:]
    private var heldChangeSeq: Int64?
    private var heldTypes: EventTypeTable?
    private var savepointDepth = 0

    /// Small values written once before the commit.
    struct Pending {
        var karma: [KarmaDelta] = []
        /// Entries of `karma` below this were there before the open savepoint and stay until it is released.
        var karmaMark = 0
        var lastArrival: Int64?
        var clock: HybridClock?
        var isClockChanged = false
        /// Words of erased texts came to lie in the search index until its next scrub.
        var hasErased = false
    }

    struct KarmaDelta {
        var agent: RowNumber
        var group: RowNumber
        var delta: Int64
    }

    init(connection: Database, options: StoreOptions) throws {
        guard let raw = connection.sqliteConnection else { throw HiveError(.unavailable, "The database is closed.") }
        self.connection = connection
        self.statements = try WriterStatements(on: raw)
        self.now = options.now
        self.hashing = options.hashing
    }

    // MARK: Transactions

    /// Runs `body` in a transaction: committed when it returns, rolled back with all caches when it throws.
    func transaction<T>(_ body: () throws -> T) throws -> T {
        do {
            var result: T?
            try connection.inTransaction(.immediate) {
                result = try body()
                // A full disk makes SQLite give up the transaction; where `body` went on all the same, what follows
                // would be committed by itself.
                guard connection.isInsideTransaction else {
                    throw HiveError(.unavailable, "The database gave up the transaction; nothing was written.")
                }
                try flush()
                return .commit
            }
            guard let result else { throw HiveError(.internalFault, "A transaction ended without a result.") }
            heldChangeSeq = heldChangeSeq.map { $0 + Int64(changes.count) }
            changes.removeAll(keepingCapacity: true)
            return result
        } catch {
            forget()
            throw error
        }
    }

    /// Runs `body` so that its changes alone are undone when it throws.
    func savepoint<T>(_ body: () throws -> T) throws -> T {
        let memories = states.values.map { ($0, $0.memory) }
        let (changeCount, karmaCount, held) = (changes.count, pending.karma.count, pending.withoutKarma)
        let (types, mark) = (heldTypes, pending.karmaMark)
        try flushCounts()
        pending.karmaMark = karmaCount
        defer { pending.karmaMark = mark }
        try statements.savepoint.run()
        do {
            let result = try body()
            try statements.releaseSavepoint.run()
            return result
        } catch {
            try undoSavepoint(after: error)
            states = [:]
            for (state, memory) in memories {
                state.memory = memory
                states[state.groupID] = state
            }
            changes.removeLast(changes.count - changeCount)
            counts.removeAll()
            pending.karma.removeLast(pending.karma.count - karmaCount)
            pending.restore(held)
            heldTypes = types
            interning = Interning()
            throw error
        }
    }

    /// Goes back to the open savepoint.
    ///
    /// Where a full disk or an I/O error made SQLite give up the whole transaction there is none any more: then nothing
    /// of the transaction may go on, and the fault is told as one of the disk.
    private func undoSavepoint(after error: any Error) throws {
        do {
            try statements.rollbackToSavepoint.run()
            try statements.releaseSavepoint.run()
        } catch let lost {
            if let fault = FaultMapping.outward(error) as? HiveError, fault.code == .unavailable { throw fault }
            throw HiveError(.unavailable, "The database gave up the transaction (\(lost)); nothing was written.")
        }
    }

    /// After a rollback nothing that was read or counted in memory can be trusted.
    private func forget() {
        states = [:]
        interning = Interning()
        changes = []
        pending = Pending()
        counts.removeAll()
        heldChangeSeq = nil
        heldTypes = nil
    }

    // MARK: What several groups share

    /// A statement of the connection's cache, for what is not run for every event.
    func prepare(_ sql: String) throws -> HotStatement {
        HotStatement(borrowing: try connection.cachedStatement(sql: sql), sql: sql)
    }

    /// The state of a group that has a row; `.notFound` otherwise.
    func state(for group: GroupID) throws -> SQLiteState {
        if let state = states[group] { return state }
        guard let row = try groupRow(group) else {
            throw HiveError(.notFound, "There is no group \(group.rawValue) here.")
        }
        let state = SQLiteState(groupID: group, number: row, core: self)
        states[group] = state
        return state
    }

    func groupRow(_ group: GroupID) throws -> RowNumber? {
        let statement = try prepare(GroupSQL.byID)
        statement.bind(1, group.rawValue)
        return try statement.step() ? statement.int(0) : nil
    }

    func eventTypes() throws -> EventTypeTable {
        if let heldTypes { return heldTypes }
        let table = try EventTypeTable(reading: connection)
        heldTypes = table
        return table
    }

    /// The number of an event type, given to it at its first use.
    func number(of type: EventType) throws -> Int64 {
        var table = try eventTypes()
        if let number = table.number(of: type) { return number }
        let number = table.add(type)
        statements.insertType.bind(1, number).bind(2, type.rawValue)
        try statements.insertType.run()
        heldTypes = table
        return number
    }

    /// The `change_seq` of the newest committed change.
    func lastCommittedChange() throws -> Int64 {
        if let heldChangeSeq { return heldChangeSeq }
        let last = try Int64.fetchOne(connection, sql: EventSQL.lastChange) ?? 0
        heldChangeSeq = last
        return last
    }

    func nextArrival() throws -> Int64 {
        let next = try lastArrival() + 1
        pending.lastArrival = next
        return next
    }

    func lastArrival() throws -> Int64 {
        if let last = pending.lastArrival { return last }
        let stored = try Int64.fetchOne(connection, sql: EventSQL.lastArrival) ?? 0
        // Numbers of events that were cut away are not given again.
        let last = max(stored, try meta(.arrivalFloor).flatMap { Int64($0) } ?? 0)
        pending.lastArrival = last
        return last
    }

    func instance(_ id: InstanceID) throws -> Int64 {
        if let n = interning.instances[id] { return n }
        let find = statements.instance
        defer { find.reset() }
        find.bind(1, id.rawValue)
        let n: Int64
        if try find.step() {
            n = find.int(0)
        } else {
            statements.insertInstance.bind(1, id.rawValue)
            n = try statements.insertInstance.insert() ?? 0
        }
        interning.remember(id, n)
        return n
    }

    func instanceID(_ n: Int64) throws -> InstanceID {
        if let id = interning.instanceIDs[n] { return id }
        let find = statements.instanceID
        defer { find.reset() }
        find.bind(1, n)
        guard try find.step() else { throw DamagedRow("instance \(n) has no row") }
        let id = try find.instanceID(0)
        interning.remember(id, n)
        return id
    }

    /// The row of an agent, made where unknown.
    /// - Parameter isListed: met in public; once so, always so.
    func agentRow(_ key: AgentKey, name: String?, avatarURL: String?, isListed: Bool) throws -> RowNumber {
        if let held = interning.agents[key], held.isListed || !isListed { return held.row }
        let instance = try instance(key.instance)
        let find = statements.agentByKey
        defer { find.reset() }
        find.bind(1, key.agent.rawValue).bind(2, instance)
        let row: RowNumber
        if try find.step() {
            row = find.int(0)
            let wasListed = find.bool(1)
            if isListed, !wasListed {
                statements.listAgent.bind(1, row)
                try statements.listAgent.run()
            }
            interning.remember(key, row, isListed: isListed || wasListed)
        } else {
            let insert = statements.insertAgent
            insert.bind(1, key.agent.rawValue).bind(2, instance).bind(3, name ?? key.agent.rawValue)
            insert.bind(4, avatarURL)
            insert.bind(5, isListed)
            insert.bind(6, now())
            row = try insert.insert() ?? 0
            interning.remember(key, row, isListed: isListed)
        }
        return row
    }

    func stamp(_ statement: HotStatement, _ index: Int32) throws -> Stamp {
        try statement.stamp(index) { prefixes.text($0) }
    }

    func optionalStamp(_ statement: HotStatement, _ index: Int32) throws -> Stamp? {
        statement.isNull(index) ? nil : try stamp(statement, index)
    }
}

extension WriterCore.Pending {
    var withoutKarma: Self {
        var copy = self
        copy.karma = []
        return copy
    }

    mutating func restore(_ held: Self) {
        let karma = karma
        self = held
        self.karma = karma
    }
}
