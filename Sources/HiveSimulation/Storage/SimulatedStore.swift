public import HiveModel
public import HiveSync

/// One group's database on one node: what a node of the cluster is given by a factory.
///
/// Every change is made by a transaction. A store can be thrown away and made anew: what a node did is repeated from
/// its journal where a simulated disk lost something.
public protocol SimulatedStore {
    associatedtype State: FoldState & LogState

    /// Which group it is for; called once, before anything else.
    mutating func begin(_ group: GroupID) throws

    /// Runs `body` and commits, or leaves everything as it was where `body` throws.
    /// - Parameter isDoomed: the commit itself fails: everything is as it was and `DiskFault` is thrown.
    mutating func transaction<Result>(isDoomed: Bool, _ body: (inout State) throws -> Result) throws -> Result

    /// Reads; what `body` changes is undefined.
    mutating func read<Result>(_ body: (inout State) throws -> Result) throws -> Result

    /// Whether a run may end at the event: its own signature was checked or made here.
    static func isVerified(origin: InstanceID, place: Place, in state: State) throws -> Bool
}

extension SimulatedStore {
    public mutating func begin(_ group: GroupID) throws {}
}

/// A disk that is full or fails.
public struct DiskFault: Error, Hashable, Sendable {
    public init() {}
}

/// The state in memory.
public struct MemoryStore: SimulatedStore {
    private var state = MemoryState()

    public init() {}

    public mutating func transaction<Result>(
        isDoomed: Bool,
        _ body: (inout MemoryState) throws -> Result
    ) throws -> Result {
        guard isDoomed else {
            defer { state.changes.removeAll(keepingCapacity: true) }
            return try body(&state)
        }
        var copy = state
        _ = try body(&copy)
        throw DiskFault()
    }

    public mutating func read<Result>(_ body: (inout MemoryState) throws -> Result) throws -> Result {
        try body(&state)
    }

    public static func isVerified(origin: InstanceID, place: Place, in state: MemoryState) -> Bool {
        state.isVerified(origin: origin, place: place)
    }
}
