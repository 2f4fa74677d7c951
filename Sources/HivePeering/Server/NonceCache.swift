import HiveModel
import Synchronization

/// Nonces of sealed requests seen inside the time window, so that a listener can't send one again.
///
/// Where it is full nothing more is taken until the oldest expire: forgetting one would open the door it closes.
final class NonceCache: Sendable {
    private struct Key: Hashable {
        var instance: InstanceID
        var nonce: String
    }

    private let max: Int
    private let windowMs: Int64
    private let seen = Mutex<[Key: Int64]>([:])

    init(max: Int, windowMs: Int64) {
        self.max = max
        self.windowMs = windowMs
    }

    /// False where the nonce was seen before, or no more can be remembered.
    func isFresh(_ nonce: String, of instance: InstanceID, nowMs: Int64) -> Bool {
        let key = Key(instance: instance, nonce: nonce)
        return seen.withLock { seen in
            if seen.count >= max { seen = seen.filter { $0.value > nowMs } }
            guard seen.count < max, seen[key] == nil else { return false }
            // A time may lie a window ahead of the clock here, and is good for a window after that.
            seen[key] = nowMs + 2 * windowMs
            return true
        }
    }
}
