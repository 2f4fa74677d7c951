public import HiveModel
internal import Synchronization

/// Makes the ids of agents, posts and comments of one instance: `<instance prefix>_` and 21 characters of the nanoid
/// alphabet, of which 8 carry the milliseconds, in an order that sorts as they do, and 13 are random (78 bits).
///
/// Ids of one time lie together in an index. Receivers never rely on it (protocol, section 1).
public final class ContentIDGenerator: Sendable {
    public let prefix: InstancePrefix
    private let random = Mutex(RandomBytes())

    public init(prefix: InstancePrefix) {
        self.prefix = prefix
    }

    /// An id made at `ms` since 1970.
    public func next(ms: Int64) -> EntityID {
        var text = [UInt8]()
        text.reserveCapacity(38)
        text.append(contentsOf: prefix.rawValue.utf8)
        text.append(UInt8(ascii: "_"))
        for shift in stride(from: 42, through: 0, by: -6) {
            text.append(RandomText.alphabet[Int(truncatingIfNeeded: ms >> Int64(shift)) & 63])
        }
        random.withLock { random in
            for _ in 0..<13 { text.append(RandomText.alphabet[Int(random.next() & 63)]) }
        }
        guard let id = EntityID(String(decoding: text, as: UTF8.self)) else {
            preconditionFailure("A prefix and nanoid characters are an id.")
        }
        return id
    }
}
