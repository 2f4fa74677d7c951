/// A piece of output being filled in memory that is large enough: one append to an array instead of many.
struct ByteSink {
    private let start: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private(set) var count = 0

    /// Appends up to `capacity` bytes that `body` puts.
    ///
    /// It MUST NOT put more.
    static func append(upTo capacity: Int, to bytes: inout [UInt8], _ body: (inout ByteSink) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory in
            guard let start = memory.baseAddress else { return }
            var sink = ByteSink(start: start, capacity: capacity)
            body(&sink)
            bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: sink.count))
        }
    }

    /// A text of up to `capacity` bytes of ASCII that `body` puts.
    ///
    /// It MUST NOT put more.
    static func text(upTo capacity: Int, _ body: (inout ByteSink) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { memory in
            guard let start = memory.baseAddress else { return 0 }
            var sink = ByteSink(start: start, capacity: capacity)
            body(&sink)
            return sink.count
        }
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        precondition(count < capacity, "A sink is made large enough.")
        start[count] = byte
        count += 1
    }

    mutating func put(_ word: StaticString) {
        put(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        precondition(bytes.count <= capacity - count, "A sink is made large enough.")
        guard let source = bytes.baseAddress else { return }
        (start + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    mutating func put(decimal number: Int64) {
        if number < 0 { put(UInt8(ascii: "-")) }
        put(decimal: number.magnitude)
    }

    mutating func put(decimal number: UInt64) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        precondition(digits <= capacity - count, "A sink is made large enough.")
        rest = number
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    mutating func put(hex hash: Hash256) {
        put(hex: hash.word0)
        put(hex: hash.word1)
        put(hex: hash.word2)
        put(hex: hash.word3)
    }

    private mutating func put(hex word: UInt64) {
        precondition(capacity - count >= 16, "A sink is made large enough.")
        let place = UnsafeMutableRawPointer(start + count)
        place.storeBytes(of: Hex.digits(UInt32(truncatingIfNeeded: word >> 32)).bigEndian, as: UInt64.self)
        place.storeBytes(of: Hex.digits(UInt32(truncatingIfNeeded: word)).bigEndian, toByteOffset: 8, as: UInt64.self)
        count += 16
    }
}
