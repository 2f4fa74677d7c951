public import HiveModel
public import HivePorts

/// The ports of a node without servers, for commands while none runs: it holds the directory's lock until `close`.
public final class OfflineNode: Sendable {
    public let instance: InstanceID
    public let reads: any CommunityReads
    public let writes: any CommunityWrites
    /// Without a network: what needs another machine throws `HiveError(.unavailable)`.
    public let sync: any SyncAdmin

    init(instance: InstanceID, reads: any CommunityReads, writes: any CommunityWrites, sync: any SyncAdmin) {
        self.instance = instance
        self.reads = reads
        self.writes = writes
        self.sync = sync
    }

    /// Takes the lock and opens the database, bringing it up to date.
    ///
    /// `HiveError(.conflict)` where a server runs, `HiveError(.notFound)` where the directory isn't initialised.
    public static func open(configuration: NodeConfiguration) async throws -> OfflineNode {
        throw HiveError(.internalFault, "Not built yet.")
    }

    /// With the settings of the directory's own file.
    public static func open(dataDirectory: DataDirectory) async throws -> OfflineNode {
        let flags = ConfigurationFlags(dataDirectory: dataDirectory.root)
        return try await open(configuration: try NodeConfiguration.load(flags: flags, environment: [:]))
    }

    public func stats() async throws -> NodeStats {
        throw HiveError(.internalFault, "Not built yet.")
    }

    /// What the opening has done.
    public func migrate() async throws -> MigrationResult {
        throw HiveError(.internalFault, "Not built yet.")
    }

    /// Re-folds one group, or all where nil, and compares.
    public func verify(group: String?) async throws -> [VerifyResult] {
        let ids: [String]
        if let group {
            ids = [group]
        } else {
            ids = try await sync.groups().map(\.id.rawValue)
        }
        var results: [VerifyResult] = []
        for id in ids { results.append(try await sync.verify(group: id)) }
        return results
    }

    /// Writes what waits and lets go of the directory.
    public func close() async {}
}
