/// Recognises the RFC 8785 form in one pass, without a tree.
///
/// It answers "in doubt" (nil) rather than look closer at what is
/// rare: keys with escapes, numbers that are no plain integers within 2^53 - 1, and everything that is not canonical.
struct CanonicalScan {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset: Int

    /// The end of the canonical value that begins at `start`; nil where that is in doubt.
    static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, depthMax: Int) -> Int? {
        var scan = CanonicalScan(bytes: bytes, offset: start)
        return scan.value(depthLeft: depthMax) ? scan.offset : nil
    }

    private mutating func value(depthLeft: Int) -> Bool {
        guard offset < bytes.count else { return false }
        switch bytes[offset] {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "{"): return depthLeft > 0 && object(depthLeft: depthLeft - 1)
        case UInt8(ascii: "["): return depthLeft > 0 && array(depthLeft: depthLeft - 1)
        case UInt8(ascii: "t"): return literal("true")
        case UInt8(ascii: "f"): return literal("false")
        case UInt8(ascii: "n"): return literal("null")
        default: return integer()
        }
    }

    private mutating func object(depthLeft: Int) -> Bool {
        offset += 1
        if consume(UInt8(ascii: "}")) { return true }
        var last: Range<Int>?
        while true {
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\""), let key = string(), !key.hasEscapes else {
                return false
            }
            if let last, !Bytes.comesBeforeInUTF16(part(last), part(key.range)) { return false }
            last = key.range
            guard consume(UInt8(ascii: ":")), value(depthLeft: depthLeft) else { return false }
            if consume(UInt8(ascii: "}")) { return true }
            guard consume(UInt8(ascii: ",")) else { return false }
        }
    }

    private mutating func array(depthLeft: Int) -> Bool {
        offset += 1
        if consume(UInt8(ascii: "]")) { return true }
        while true {
            guard value(depthLeft: depthLeft) else { return false }
            if consume(UInt8(ascii: "]")) { return true }
            guard consume(UInt8(ascii: ",")) else { return false }
        }
    }

    /// The string at the quote that is next, if it is escaped as RFC 8785 does it.
    private mutating func string() -> (range: Range<Int>, hasEscapes: Bool)? {
        let start = offset + 1
        var index = start
        var hasEscapes = false
        while true {
            index = JSONScanner.endOfPlainText(bytes, from: index)
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { break }
            let length: Int
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                length = escapeLength(at: index)
            } else {
                length = byte < 0x80 ? 0 : JSONScanner.sequenceLength(bytes, at: index)
            }
            guard length > 0 else { return nil }
            index += length
        }
        offset = index + 1
        return (start..<index, hasEscapes)
    }

    /// 0 for an escape that RFC 8785 does not write.
    private func escapeLength(at index: Int) -> Int {
        guard index + 1 < bytes.count else { return 0 }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "f"), UInt8(ascii: "r"):
            return 2
        default: break
        }
        guard Bytes.matches(bytes, at: index, "\\u00"), bytes.count - index >= 6,
            let high = Hex.value(of: bytes[index + 4]), let low = Hex.value(of: bytes[index + 5]), high < 2,
            !JSONWriter.hasShortEscape(high << 4 | low)
        else { return 0 }
        return 6
    }

    private mutating func integer() -> Bool {
        let start = offset
        _ = consume(UInt8(ascii: "-"))
        let first = offset
        var magnitude: Int64 = 0
        while offset < bytes.count, JSONScanner.isDigit(bytes[offset]) {
            guard offset - first < 16 else { return false }
            magnitude = magnitude * 10 + Int64(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        guard offset > first, magnitude <= Limits.integerMax else { return false }
        if bytes[first] == UInt8(ascii: "0") { guard offset == first + 1, first == start else { return false } }
        return offset >= bytes.count || !JSONScanner.continuesNumber(bytes[offset])
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        guard Bytes.matches(bytes, at: offset, word) else { return false }
        offset += word.utf8CodeUnitCount
        return true
    }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }
}
