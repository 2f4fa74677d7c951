public import HivePorts

/// Figures of a database for `db stats` and `doctor`.
public struct NodeStats: Sendable {
    public var counts: CommunityCounts
    public var groups: Int64
    public var databasePath: String
    public var databaseBytes: Int64
    public var walBytes: Int64
    public var schemaVersion: Int64

    public init(
        counts: CommunityCounts,
        groups: Int64,
        databasePath: String,
        databaseBytes: Int64,
        walBytes: Int64,
        schemaVersion: Int64
    ) {
        self.counts = counts
        self.groups = groups
        self.databasePath = databasePath
        self.databaseBytes = databaseBytes
        self.walBytes = walBytes
        self.schemaVersion = schemaVersion
    }
}

/// What bringing a database up to date did.
public struct MigrationResult: Hashable, Sendable {
    /// Names of migrations in the database, in order.
    public var applied: [String]
    public var schemaVersion: Int64
    /// Groups that were folded again, because the fold is another than the one that wrote them.
    public var refoldedGroups: Int

    public init(applied: [String], schemaVersion: Int64, refoldedGroups: Int) {
        self.applied = applied
        self.schemaVersion = schemaVersion
        self.refoldedGroups = refoldedGroups
    }
}
