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
            await dropStalePeers()
        }
    }

    func storeReports() async {
        for summary in reports.takeChanged() {
            let nowMs = clock.wallMs()
            do {
                // Only what a report says: endpoint, groups and token may just be changing.
                _ = try await store.changePeer(id: summary.peer) { summary.write(to: &$0, nowMs: nowMs) }
                _ = directory.update(summary.peer) { summary.write(to: &$0, nowMs: nowMs) }
            } catch {
                logger.warning(
                    "The state of a peer could not be stored",
                    metadata: ["peer.id": .string(summary.peer.rawValue), "error": .string("\(error)")]
                )
            }
        }
    }
}

extension PeerReports.Summary {
    fileprivate func write(to record: inout PeerRecord, nowMs: Int64) {
        record.status = status.rawValue
        record.lastError = status == .active ? nil : reason
        record.failureCount = Int64(failures)
        if let lastContactMs {
            record.lastHeartbeatAtMs = lastContactMs
            if status == .active { record.lastSyncAtMs = lastContactMs }
        }
        record.updatedAtMs = nowMs
    }
}
