import Synchronization

/// Keeps replies in memory, bounded in number and bytes: the oldest go first.
///
/// A restart forgets them, so that a repeat after one is carried out again.
public final class MemoryIdempotencyStore: IdempotencyStore {
    public struct Limits: Sendable, Hashable {
        public var keptMs: Int64
        public var entriesMax: Int
        /// Bytes of all bodies together.
        public var bytesMax: Int

        public init(keptMs: Int64 = 86_400_000, entriesMax: Int = 10_000, bytesMax: Int = 16 * 1024 * 1024) {
            self.keptMs = keptMs
            self.entriesMax = entriesMax
            self.bytesMax = bytesMax
        }
    }

    private struct Entry {
        var fingerprint: [UInt8]
        var startMs: Int64
        /// Nil while the first request is being carried out.
        var reply: StoredReply?
    }

    private struct Shelf {
        var entries: [IdempotencyKey: Entry] = [:]
        /// Oldest first; `start` skips what was removed.
        var order: [IdempotencyKey] = []
        var start = 0
        var bytes = 0
    }

    private let limits: Limits
    private let shelf = Mutex(Shelf())

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    public func begin(_ key: IdempotencyKey, fingerprint: [UInt8], nowMs: Int64) -> IdempotencyDecision {
        shelf.withLock { shelf in
            removeOld(&shelf, nowMs: nowMs)
            guard let entry = shelf.entries[key] else {
                shelf.entries[key] = Entry(fingerprint: fingerprint, startMs: nowMs)
                shelf.order.append(key)
                return .proceed
            }
            guard entry.fingerprint == fingerprint else { return .mismatch }
            return entry.reply.map(IdempotencyDecision.replay) ?? .inProgress
        }
    }

    public func finish(_ key: IdempotencyKey, reply: StoredReply?) {
        shelf.withLock { shelf in
            guard let reply else {
                shelf.entries[key] = nil
                return
            }
            guard var entry = shelf.entries[key], entry.reply == nil else { return }
            entry.reply = reply
            shelf.entries[key] = entry
            shelf.bytes += reply.body.count
        }
    }

    private func removeOld(_ shelf: inout Shelf, nowMs: Int64) {
        while shelf.start < shelf.order.count {
            let key = shelf.order[shelf.start]
            if let entry = shelf.entries[key] {
                let isOver = shelf.entries.count >= limits.entriesMax || shelf.bytes > limits.bytesMax
                guard isOver || nowMs - entry.startMs >= limits.keptMs else { break }
                shelf.bytes -= entry.reply?.body.count ?? 0
                shelf.entries[key] = nil
            }
            shelf.start += 1
        }
        if shelf.start > 1024, shelf.start * 2 > shelf.order.count {
            shelf.order.removeFirst(shelf.start)
            shelf.start = 0
        }
    }
}
