extension Stamp {
    public static let encodedByteCount = 28

    /// 28 bytes whose order is the stamps' order: milliseconds 6, counter 2, instance prefix 10, epoch 4, sequence 6,
    /// all big-endian; the prefix at 5 bits a character in the order of ASCII, digits first.
    public var encoded: [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(Self.encodedByteCount)
        Self.append(time.ms, count: 6, to: &bytes)
        Self.append(time.counter, count: 2, to: &bytes)
        var bits: UInt64 = 0
        for (index, character) in prefix.rawValue.utf8.enumerated() {
            bits = bits << 5 | Self.rank(character)
            if index % 8 == 7 {
                Self.append(Int64(bits), count: 5, to: &bytes)
                bits = 0
            }
        }
        Self.append(place.epoch, count: 4, to: &bytes)
        Self.append(place.seq, count: 6, to: &bytes)
        return bytes
    }

    /// Nil unless 28 bytes.
    public init?(encoded: some Collection<UInt8>) {
        guard encoded.count == Self.encodedByteCount else { return nil }
        let bytes = Array(encoded)
        var prefix = [UInt8]()
        for half in [8, 13] {
            let bits = Self.number(bytes[half..<half + 5])
            for shift in stride(from: 35, through: 0, by: -5) {
                prefix.append(Self.character(bits >> UInt64(shift) & 31))
            }
        }
        self.init(
            time: HybridTime(ms: Int64(Self.number(bytes[0..<6])), counter: Int64(Self.number(bytes[6..<8]))),
            prefix: InstancePrefix(unchecked: String(decoding: prefix, as: UTF8.self)),
            place: Place(epoch: Int64(Self.number(bytes[18..<22])), seq: Int64(Self.number(bytes[22..<28])))
        )
    }

    private static func append(_ number: Int64, count: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `2` to `7` are 0 to 5, `a` to `z` 6 to 31.
    private static func rank(_ character: UInt8) -> UInt64 {
        let isLetter = character >= UInt8(ascii: "a")
        return UInt64(
            truncatingIfNeeded: isLetter ? character &- UInt8(ascii: "a") &+ 6 : character &- UInt8(ascii: "2")
        ) & 31
    }

    private static func character(_ rank: UInt64) -> UInt8 {
        let rank = UInt8(truncatingIfNeeded: rank)
        return rank < 6 ? UInt8(ascii: "2") + rank : UInt8(ascii: "a") + (rank - 6)
    }
}
