/// Finds where the parts of a JSON text begin and end, without building or checking what is between: whoever reads a
/// part checks it.
///
/// Never traps; where the text is no JSON the parts make no sense, or there are none.
struct JSONSpans {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
        self.bytes = bytes
        let range = range.clamped(to: bytes.indices)
        offset = range.lowerBound
        end = range.upperBound
    }

    /// Steps over white space and answers the byte that follows; nil at the end.
    mutating func next() -> UInt8? {
        while offset < end {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return bytes[offset]
            }
        }
        return nil
    }

    /// Steps over `byte`; false where something else is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        offset += 1
        return true
    }

    /// Steps over a string and answers what is between its quotes, escapes as they stand.
    mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = offset
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "\""):
                offset += 1
                return start..<offset - 1
            default: offset += 1
            }
        }
        offset = end
        return nil
    }

    /// Steps over any value and answers where it stands.
    mutating func value() -> Range<Int>? {
        guard let first = next() else { return nil }
        let start = offset
        switch first {
        case UInt8(ascii: "\""): guard string() != nil else { return nil }
        case UInt8(ascii: "{"), UInt8(ascii: "["): guard brackets() else { return nil }
        default:
            while offset < end, !Self.endsScalar(bytes[offset]) { offset += 1 }
            guard offset > start else { return nil }
        }
        return start..<offset
    }

    /// Steps over everything to the bracket that closes the one that is next.
    private mutating func brackets() -> Bool {
        var depth = 0
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            offset += 1
            if depth == 0 { return true }
        }
        return false
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): true
        default: false
        }
    }
}
