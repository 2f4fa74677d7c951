import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import Logging

/// Folds every group again where the database was written by another version of the fold.
///
/// Before anything is served: a reader would see rows of two versions, a peer a root that isn't that of the heads.
struct Refolding: Sendable {
    let writer: Writer<StoreBackend>
    let logger: Logger
    /// Told a sentence for people before each group.
    let onProgress: (@Sendable (String) -> Void)?

    /// How many groups were folded again; 0 where the versions are equal, or there is nothing to fold.
    func run() async throws -> Int {
        let (held, groups) = try await writer.perform { turn in
            (try turn.transaction.materializerVersion(), try turn.transaction.groups())
        }
        guard held != Materializer.version else { return 0 }
        for (index, group) in groups.enumerated() {
            logger.notice(
                "the fold has changed: a group is folded again",
                metadata: [
                    "group.id": "\(group.id.rawValue)", "hive": "\(group.hiveName ?? "")",
                    "materializer.held": "\(held.map(String.init) ?? "none")",
                    "materializer.now": "\(Materializer.version)",
                ]
            )
            onProgress?(
                "This version reads logs otherwise than the last: folding hive \(group.hiveName ?? group.id.rawValue) "
                    + "again (\(index + 1) of \(groups.count))."
            )
            try await writer.perform { turn in try turn.refold(group.id) }
        }
        // Only now: a stop in between begins again.
        try await writer.perform { turn in
            var transaction = turn.transaction
            try transaction.setMaterializerVersion(Materializer.version)
        }
        return groups.count
    }
}

extension WriteTurn {
    /// Makes the rows of a group anew from its log.
    func refold(_ group: GroupID) throws {
        try endAdmission(of: group)
        // What the version before failed at, this one may not.
        try state(of: group).clearPoison()
        try withoutPoison(of: group) {
            var state = try state(of: group)
            var fold = Fold<SQLiteState, SwiftCrypto>(group: group, crypto: local.crypto)
            try fold.refold(&state)
            try fold.finish(&state)
        }
    }
}
