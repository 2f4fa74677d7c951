import HiveImport
import HivePorts

/// Brings a file of items into a hive, batch by batch, with progress.
struct Importer {
    let target: ImportTarget
    let hive: String
    var isSilent = false

    /// Writes and bytes of one batch: small enough that readers and other writers get their turn between two.
    private static let batchCount = 1_000
    private static let batchBytes = 512 * 1024

    func run(_ file: HackerNewsFile, withVotes: Bool) async throws -> ImportOutcome {
        let start = ContinuousClock.now
        var plan = ImportPlan(file, withVotes: withVotes)
        var counts = ImportCounts()
        var done: Int64 = 0
        var bar = ProgressBar("Importing", total: Int64(plan.total), unit: "items", isSilent: isSilent)
        while let batch = plan.nextBatch(count: Self.batchCount, bytes: Self.batchBytes) {
            try Task.checkCancellation()
            counts += try await target.send(batch, hive: hive)
            for item in batch where item.counts { done += 1 }
            bar.update(to: done)
        }
        bar.finish()
        return ImportOutcome(
            counts: counts,
            entryCount: file.entryCount,
            skipped: file.skipped,
            changes: plan.changes,
            milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1))
        )
    }
}
