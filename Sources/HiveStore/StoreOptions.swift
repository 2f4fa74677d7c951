public import HiveModel

/// How a store is opened.
public struct StoreOptions: Sendable {
    /// Connections that read at the same time; as many as cores.
    public var readersMax: Int
    /// How long to wait for another process that holds the database, milliseconds.
    public var busyTimeoutMs: Int
    /// How long the order of a hot feed may be reused, milliseconds (1,000 to 5,000 in production; 0 = never).
    public var hotFeedAgeMs: Int64
    /// Committed changes kept for `resume`.
    public var changesKept: Int64
    /// The wall clock, milliseconds since 1970.
    public var now: @Sendable () -> Int64
    /// Recomputes the hashes of what is read back as JSON: fork proofs.
    public var hashing: any Hashing

    public init(
        readersMax: Int = 2,
        busyTimeoutMs: Int = 5_000,
        hotFeedAgeMs: Int64 = 2_000,
        changesKept: Int64 = 100_000,
        hashing: any Hashing,
        now: @escaping @Sendable () -> Int64
    ) {
        self.readersMax = readersMax
        self.busyTimeoutMs = busyTimeoutMs
        self.hotFeedAgeMs = hotFeedAgeMs
        self.changesKept = changesKept
        self.hashing = hashing
        self.now = now
    }
}
