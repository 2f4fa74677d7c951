import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveStore
import Synchronization

/// The first replies to requests with an `Idempotency-Key`, in the database for 24 hours; which of them are being
/// carried out just now is kept in memory.
///
/// Bodies are sealed: a reply may show an API key or an invite, and no secret stands in the database.
final class ReplyShelf: IdempotencyStore {
    static let keptMs: Int64 = 86_400_000

    private let store: HiveStore
    private let writer: Writer<StoreBackend>
    private let local: LocalInstance
    /// Fingerprints by key.
    private let underWay = Mutex<[IdempotencyKey: [UInt8]]>([:])

    init(store: HiveStore, writer: Writer<StoreBackend>, local: LocalInstance) {
        self.store = store
        self.writer = writer
        self.local = local
    }

    func begin(_ key: IdempotencyKey, fingerprint: [UInt8], nowMs: Int64) async throws -> IdempotencyDecision {
        // Marked before the database is asked: between an answer "nothing there" and the mark the first could end.
        let first = underWay.withLock { underWay -> [UInt8]? in
            if let first = underWay[key] { return first }
            underWay[key] = fingerprint
            return nil
        }
        do {
            if let kept = try await reply(for: key, fingerprint: fingerprint, nowMs: nowMs) {
                if first == nil { end(key) }
                return kept
            }
        } catch {
            if first == nil { end(key) }
            throw error
        }
        guard let first else { return .proceed }
        return first == fingerprint ? .inProgress : .mismatch
    }

    func finish(_ key: IdempotencyKey, fingerprint: [UInt8], _ end: IdempotencyEnd) async throws {
        defer { self.end(key) }
        switch end {
        case .kept, .failed: break
        case .replied(let reply):
            try await writer.perform { turn in try turn.keep(reply, fingerprint: fingerprint, for: key) }
        }
    }

    private func end(_ key: IdempotencyKey) { underWay.withLock { underWay in underWay[key] = nil } }

    private func reply(
        for key: IdempotencyKey,
        fingerprint: [UInt8],
        nowMs: Int64
    ) async throws -> IdempotencyDecision? {
        guard let row = try await store.reply(for: key), row.createdAtMs > nowMs - Self.keptMs else { return nil }
        guard row.requestHash == fingerprint else { return .mismatch }
        var reply = row.reply
        guard let body = local.replies.open(reply.body, context: key.context) else {
            throw HiveError(.internalFault, "The first reply to this Idempotency-Key can't be read any more.")
        }
        reply.body = body
        return .replay(reply)
    }
}

extension IdempotencyKey {
    /// What a kept body belongs to.
    fileprivate var context: [UInt8] { Array([subject, target, key].joined(separator: "\n").utf8) }
}

extension WriteTurn {
    /// Keeps the reply to what was just written, where one is to be kept.
    func keep(_ kept: KeptReply?, of value: some Sendable) throws {
        guard let kept, let reply = kept.reply(to: value) else { return }
        try keep(reply, fingerprint: kept.fingerprint, for: kept.name)
    }

    func keep(_ reply: StoredReply, fingerprint: [UInt8], for key: IdempotencyKey) throws {
        guard let sealed = local.replies.seal(reply.body, context: key.context) else {
            throw HiveError(.internalFault, "A reply could not be sealed.")
        }
        var transaction = transaction
        var reply = reply
        reply.body = sealed
        try transaction.putReply(ReplyRow(requestHash: fingerprint, reply: reply, createdAtMs: nowMs), for: key)
    }
}
