public import HiveModel

/// The 256 buckets whose hash is the state root (protocol, section 5): each the sum modulo 2^256 of the SHA-256 of the
/// canonical rows whose entity id's SHA-256 begins with the bucket's number.
public struct StateRoot: Hashable, Sendable {
    /// 256 sums.
    public private(set) var buckets: [Hash256]

    public init() {
        buckets = Array(repeating: Hash256(word0: 0, word1: 0, word2: 0, word3: 0), count: 256)
    }

    /// Nil unless 8 KiB: 256 sums of 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 256 * Hash256.byteCount else { return nil }
        buckets = stride(from: 0, to: bytes.count, by: Hash256.byteCount).compactMap {
            Hash256(bytes: bytes[$0..<$0 + Hash256.byteCount])
        }
    }

    public var bytes: [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(buckets.count * Hash256.byteCount)
        for bucket in buckets { bytes.append(contentsOf: bucket.bytes) }
        return bytes
    }

    public mutating func add(_ rowHash: Hash256, bucket: Int) {
        buckets[bucket] = Self.sum(buckets[bucket], rowHash)
    }

    public mutating func remove(_ rowHash: Hash256, bucket: Int) {
        buckets[bucket] = Self.sum(buckets[bucket], Self.negated(rowHash))
    }

    /// The root itself.
    public func value(_ crypto: some Hashing) -> Hash256 { crypto.sha256(bytes) }

    private static func sum(_ left: Hash256, _ right: Hash256) -> Hash256 {
        let (w3, c3) = left.word3.addingReportingOverflow(right.word3)
        let (w2, c2) = add(left.word2, right.word2, carry: c3)
        let (w1, c1) = add(left.word1, right.word1, carry: c2)
        let (w0, _) = add(left.word0, right.word0, carry: c1)
        return Hash256(word0: w0, word1: w1, word2: w2, word3: w3)
    }

    private static func add(_ left: UInt64, _ right: UInt64, carry: Bool) -> (UInt64, Bool) {
        let (partial, first) = left.addingReportingOverflow(right)
        let (total, second) = partial.addingReportingOverflow(carry ? 1 : 0)
        return (total, first || second)
    }

    private static func negated(_ value: Hash256) -> Hash256 {
        let inverted = Hash256(word0: ~value.word0, word1: ~value.word1, word2: ~value.word2, word3: ~value.word3)
        return sum(inverted, Hash256(word0: 0, word1: 0, word2: 0, word3: 1))
    }
}
