import HiveHTTP
import HivePorts
import Synchronization

/// Keeps replies in memory.
final class MemoryIdempotencyStore: IdempotencyStore {
    private struct Entry {
        var fingerprint: [UInt8]
        var startMs: Int64
        /// Nil while the first request is being carried out.
        var reply: StoredReply?
    }

    private let entries = Mutex<[IdempotencyKey: Entry]>([:])

    func begin(_ key: IdempotencyKey, fingerprint: [UInt8], nowMs: Int64) -> IdempotencyDecision {
        entries.withLock { entries in
            guard let entry = entries[key], nowMs - entry.startMs < 86_400_000 else {
                entries[key] = Entry(fingerprint: fingerprint, startMs: nowMs)
                return .proceed
            }
            guard entry.fingerprint == fingerprint else { return .mismatch }
            return entry.reply.map(IdempotencyDecision.replay) ?? .inProgress
        }
    }

    func finish(_ key: IdempotencyKey, fingerprint: [UInt8], _ end: IdempotencyEnd) {
        entries.withLock { entries in
            switch end {
            case .failed: entries[key] = nil
            case .replied(let reply): entries[key]?.reply = reply
            case .kept: break
            }
        }
    }
}
