import HiveCrypto
import HiveWire
import Synchronization

/// Handshakes between their two calls: each lives a while, serves once, and there are only so many.
final class HandshakeTable: Sendable {
    struct Pending: Sendable {
        var opening: HandshakeOpening
        var reply: HandshakeReply
        var key: EphemeralKey
        /// Whence the first call came.
        var address: String
        /// Milliseconds since 1970.
        var expiresAtMs: Int64
    }

    private let max: Int
    private let maxPerAddress: Int
    private let pending = Mutex<[String: Pending]>([:])

    init(max: Int, maxPerAddress: Int) {
        self.max = max
        self.maxPerAddress = maxPerAddress
    }

    /// Remembers an opened handshake; false where there are too many.
    func insert(_ handshake: Pending, nowMs: Int64) -> Bool {
        pending.withLock { pending in
            if pending.count >= max / 2 { pending = pending.filter { $0.value.expiresAtMs > nowMs } }
            let fromThere = pending.values.count { $0.address == handshake.address && $0.expiresAtMs > nowMs }
            guard pending.count < max, fromThere < maxPerAddress else { return false }
            pending[handshake.reply.handshakeID] = handshake
            return true
        }
    }

    /// Takes a handshake out for good; nil where it is unknown, used or expired.
    func take(_ id: String, nowMs: Int64) -> Pending? {
        pending.withLock { pending in
            guard let found = pending.removeValue(forKey: id), found.expiresAtMs > nowMs else { return nil }
            return found
        }
    }
}
