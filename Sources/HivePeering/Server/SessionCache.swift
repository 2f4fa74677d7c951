import HiveModel
import HivePorts
import Synchronization

/// Which instance presents a token, by the token's SHA-256: the store's answers, remembered for a while.
///
/// Two handshakes that cross would each replace the other's token, and a reply that is lost leaves the other side with
/// a token this side never stored. So a token replaced stays good for a grace time, and one that was offered counts
/// from the offer and is stored when it is first used.
final class SessionCache: Sendable {
    private struct Entry {
        var instance: InstanceID
        /// To be stored at the first use.
        var identityKey: PublicKey?
        var untilMs: Int64
    }

    private let store: any SyncStore
    private let max: Int
    private let entries = Mutex<[[UInt8]: Entry]>([:])
    private static let keptMs: Int64 = 60_000

    init(store: any SyncStore, max: Int) {
        self.store = store
        self.max = max
    }

    /// Nil where no instance presents this token.
    func instance(tokenHash: [UInt8], nowMs: Int64) async throws -> InstanceID? {
        let known = entries.withLock { entries -> Entry? in
            guard let found = entries[tokenHash] else { return nil }
            guard found.untilMs > nowMs else {
                entries[tokenHash] = nil
                return nil
            }
            entries[tokenHash]?.identityKey = nil
            return found
        }
        if let known {
            if let key = known.identityKey {
                try await store.putSession(instance: known.instance, tokenHash: tokenHash, identityKey: key)
            }
            return known.instance
        }
        guard let instance = try await store.instance(tokenHash: tokenHash) else { return nil }
        confirmed(tokenHash: tokenHash, of: instance, nowMs: nowMs)
        return instance
    }

    /// We are about to send `instance` the token it will present to us.
    func offer(tokenHash: [UInt8], to instance: InstanceID, identityKey: PublicKey, nowMs: Int64) {
        remember(tokenHash, Entry(instance: instance, identityKey: identityKey, untilMs: nowMs + Self.keptMs), nowMs)
    }

    /// The offer was refused: the token is worth nothing.
    func withdraw(tokenHash: [UInt8]) {
        entries.withLock { $0[tokenHash] = nil }
    }

    /// The store holds this token now.
    func confirmed(tokenHash: [UInt8], of instance: InstanceID, nowMs: Int64) {
        remember(tokenHash, Entry(instance: instance, identityKey: nil, untilMs: nowMs + Self.keptMs), nowMs)
    }

    /// Forgets every token of an instance: the store is asked again.
    func forget(_ instance: InstanceID) {
        entries.withLock { entries in entries = entries.filter { $0.value.instance != instance } }
    }

    private func remember(_ tokenHash: [UInt8], _ entry: Entry, _ nowMs: Int64) {
        entries.withLock { entries in
            if entries.count >= max {
                entries = entries.filter { $0.value.untilMs > nowMs }
                if entries.count >= max { entries = [:] }
            }
            entries[tokenHash] = entry
        }
    }
}
