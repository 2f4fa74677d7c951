import HivePorts
import HiveSync
import Logging

/// Reports go to the store at a low rate, and once more at the end.
extension PeeringService {
    func keepReports() async {
        while !Task.isCancelled {
            let next = Instant(ms: clock.now().ms + settings.limits.reportMs)
            do { try await clock.sleep(until: next) } catch { return }
            await storeReports()
        }
    }

    func storeReports() async {
        for summary in reports.takeChanged() {
            let nowMs = clock.wallMs()
            let record = directory.update(summary.peer) { record in
                record.status = summary.status.rawValue
                record.lastError = summary.status == .active ? nil : summary.reason
                record.failureCount = Int64(summary.failures)
                if let contact = summary.lastContactMs {
                    record.lastHeartbeatAtMs = contact
                    if summary.status == .active { record.lastSyncAtMs = contact }
                }
                record.updatedAtMs = nowMs
            }
            guard let record else { continue }
            do {
                try await store.putPeer(record)
            } catch {
                logger.warning(
                    "The state of a peer could not be stored",
                    metadata: ["peer.id": .string(record.id.rawValue), "error": .string("\(error)")]
                )
            }
        }
    }
}
