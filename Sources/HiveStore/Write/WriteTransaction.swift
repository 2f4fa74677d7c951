public import HiveModel

/// The open transaction: the groups' states, rows that no event carries, and reads that see what was just written.
///
/// Lives only inside the closure that `HiveStore.write` calls.
public struct WriteTransaction {
    let core: WriterCore

    init(core: WriterCore) {
        self.core = core
    }

    /// The state of a group made here before; `HiveError(.notFound)` for another.
    public func state(for group: GroupID) throws -> SQLiteState { try core.state(for: group) }

    /// Runs `body` so that what it changed, in memory and on disk, is undone alone when it throws.
    public mutating func savepoint<T>(_ body: () throws -> T) throws -> T { try core.savepoint(body) }

    /// What the fold noted so far, oldest first, under the numbers it will be committed with.
    public func changes() throws -> [RecordedChange] { try core.recordedChanges() }

    // MARK: Instance

    /// Who this instance is; set once by the node.
    public mutating func setInstance(_ instance: InstanceID, name: String) throws {
        try core.putMeta(.instanceID, instance.rawValue)
        try core.putMeta(.instanceName, name)
        let number = try core.instance(instance)
        core.statements.nameInstance.bind(1, name).bind(2, number)
        try core.statements.nameInstance.run()
    }

    /// This instance's clock, the same for all groups.
    public func clock() throws -> HybridClock { try core.clock() }

    public mutating func setClock(_ clock: HybridClock) { core.putClock(clock) }

    /// The arrival number of the newest event of all groups.
    public func lastArrival() throws -> Int64 { try core.lastArrival() }

    /// Which version of the fold made what is stored; nil in a new database.
    public func materializerVersion() throws -> Int64? { try core.meta(.materializerVersion).flatMap { Int64($0) } }

    public mutating func setMaterializerVersion(_ version: Int64) throws {
        try core.putMeta(.materializerVersion, String(version))
    }

    var reader: Reader { Reader(db: core.connection) }
}
