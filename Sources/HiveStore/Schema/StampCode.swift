import HiveModel

/// A stamp as 28 bytes whose byte order is the protocol's order: milliseconds 6, counter 2, instance prefix 10, epoch
/// 4, seq 6, all big-endian.
///
/// The prefix packs 16 characters of 5 bits in ASCII order (`2`-`7` before `a`-`z`).
enum StampCode {
    static let byteCount = 28

    /// The ten bytes of a prefix.
    struct PackedPrefix: Hashable {
        var high: UInt64
        var low: UInt16
    }

    static func pack(_ prefix: InstancePrefix) -> PackedPrefix {
        var high: UInt64 = 0
        var low: UInt16 = 0
        for byte in prefix.rawValue.utf8 {
            let digit = UInt64(byte >= UInt8(ascii: "a") ? byte - UInt8(ascii: "a") + 6 : byte - UInt8(ascii: "2"))
            high = high << 5 | UInt64(low >> 11)
            low = low << 5 | UInt16(digit)
        }
        return PackedPrefix(high: high, low: low)
    }

    /// Nil never happens for what `pack` made.
    static func unpack(_ packed: PackedPrefix) -> InstancePrefix? {
        var text = ""
        text.reserveCapacity(16)
        for index in 0..<16 {
            let shift = 75 - index * 5
            let digit: UInt64 =
                shift >= 16
                ? packed.high >> UInt64(shift - 16)
                : packed.high << UInt64(16 - shift) | UInt64(packed.low) >> UInt64(shift)
            let value = UInt8(digit & 31)
            let byte = value < 6 ? value + UInt8(ascii: "2") : value - 6 + UInt8(ascii: "a")
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return InstancePrefix(text)
    }

    static func write(_ stamp: Stamp, to out: UnsafeMutableRawPointer) {
        let packed = pack(stamp.prefix)
        put(UInt64(stamp.time.ms), count: 6, at: 0, out)
        put(UInt64(stamp.time.counter), count: 2, at: 6, out)
        put(packed.high, count: 8, at: 8, out)
        put(UInt64(packed.low), count: 2, at: 16, out)
        put(UInt64(stamp.place.epoch), count: 4, at: 18, out)
        put(UInt64(stamp.place.seq), count: 6, at: 22, out)
    }

    static func read(_ bytes: UnsafeRawPointer, prefix: (PackedPrefix) -> InstancePrefix?) -> Stamp? {
        let packed = PackedPrefix(high: get(8, at: 8, bytes), low: UInt16(get(2, at: 16, bytes)))
        guard let prefix = prefix(packed) else { return nil }
        return Stamp(
            time: HybridTime(ms: Int64(get(6, at: 0, bytes)), counter: Int64(get(2, at: 6, bytes))),
            prefix: prefix,
            place: Place(epoch: Int64(get(4, at: 18, bytes)), seq: Int64(get(6, at: 22, bytes)))
        )
    }

    private static func put(_ value: UInt64, count: Int, at offset: Int, _ out: UnsafeMutableRawPointer) {
        for index in 0..<count {
            let byte = UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - index)))
            out.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
        }
    }

    private static func get(_ count: Int, at offset: Int, _ bytes: UnsafeRawPointer) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count {
            value = value << 8 | UInt64(bytes.load(fromByteOffset: offset + index, as: UInt8.self))
        }
        return value
    }
}
