import Foundation
public import HiveModel
public import HivePorts
import HiveStore
import Logging

/// The ports of a node without servers, for commands while none runs: it holds the directory's lock until `close`.
public final class OfflineNode: Sendable {
    public let instance: InstanceID
    public let reads: any CommunityReads
    public let writes: any CommunityWrites
    /// Without a network: what needs another machine throws `HiveError(.unavailable)`.
    public let sync: any SyncAdmin
    private let parts: NodeParts

    private init(_ parts: NodeParts) {
        self.parts = parts
        instance = parts.local.instance
        reads = parts.store
        writes = parts.community
        sync = parts.sync
    }

    /// Takes the lock and opens the database, bringing it up to date.
    ///
    /// `HiveError(.conflict)` where a server runs, `HiveError(.notFound)` where the directory isn't initialised.
    /// - Parameter onProgress: told a sentence where that takes long.
    public static func open(
        configuration: NodeConfiguration,
        onProgress: (@Sendable (String) -> Void)? = nil
    ) async throws -> OfflineNode {
        let directory = configuration.dataDirectory
        guard directory.isInitialized else {
            throw HiveError(
                .notFound,
                "There is no instance in \(directory.root): make one with openhive init, or name it with --data-dir."
            )
        }
        var logger = NodeLog.logger(level: configuration.logLevel)
        logger.logLevel = max(logger.logLevel, .warning)
        let parts = try await NodeParts.open(configuration, logger: logger, onProgress: onProgress)
        parts.local.syncEndpoint =
            configuration.port == 0
            ? configuration.sync.syncEndpoint : configuration.advertisedEndpoint(boundPort: configuration.port)
        return OfflineNode(parts)
    }

    /// With the settings of the directory's own file.
    public static func open(dataDirectory: DataDirectory) async throws -> OfflineNode {
        let flags = ConfigurationFlags(dataDirectory: dataDirectory.root)
        return try await open(configuration: try NodeConfiguration.load(flags: flags, environment: [:]))
    }

    public func stats() async throws -> NodeStats {
        let path = parts.configuration.databasePath
        return NodeStats(
            counts: try await reads.counts(),
            groups: Int64(try await parts.store.groups().count),
            databasePath: path,
            databaseBytes: Self.size(of: path),
            walBytes: Self.size(of: path + "-wal"),
            schemaVersion: try await migrate().schemaVersion
        )
    }

    /// What the opening has done.
    public func migrate() async throws -> MigrationResult {
        let applied = try await parts.store.stats().migrations
        return MigrationResult(
            applied: applied,
            schemaVersion: Int64(applied.count),
            refoldedGroups: parts.refoldedGroups
        )
    }

    /// Re-folds one group, or all where nil, and compares.
    /// - Parameter onProgress: told the number of events read so far of a group, and of all it has.
    public func verify(
        group: String?,
        onProgress: (@Sendable (_ done: Int64, _ total: Int64) -> Void)? = nil
    ) async throws -> [VerifyResult] {
        var ids = [group].compactMap { $0 }
        if group == nil { ids = try await parts.store.groups().map(\.id.rawValue) }
        var results: [VerifyResult] = []
        for id in ids { results.append(try await parts.sync.verify(group: id, onProgress: onProgress)) }
        return results
    }

    /// Writes what waits and lets go of the directory.
    public func close() async { await parts.close() }

    private static func size(of path: String) -> Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }
}
