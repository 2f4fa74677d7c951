/// A string as it stands in the text: the bytes between its quotes, valid UTF-8 with valid escapes.
///
/// It points into the
/// scanned bytes and MUST NOT outlive them.
public struct JSONKey {
    let raw: UnsafeBufferPointer<UInt8>
    let hasEscapes: Bool

    /// Whether it spells `name`, which is ASCII without quotes or backslashes.
    public func `is`(_ name: StaticString) -> Bool {
        hasEscapes ? text.utf8.elementsEqual(name.description.utf8) : Bytes.areEqual(raw, name)
    }

    public var text: String {
        guard hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        // Every escape is longer than what it stands for.
        return String(unsafeUninitializedCapacity: raw.count) { memory in
            guard let start = memory.baseAddress else { return 0 }
            return unescape(into: start)
        }
    }

    /// Whether it spells `text`, byte by byte.
    func spells(_ text: String) -> Bool {
        hasEscapes ? self.text.utf8.elementsEqual(text.utf8) : Bytes.areEqual(raw, text)
    }

    /// Writes the text without escapes and returns how many bytes it takes, at most as many as `raw`.
    private func unescape(into memory: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index < raw.count {
            let end = Self.nextBackslash(raw, from: index)
            if end > index, let source = raw.baseAddress {
                (memory + count).update(from: source + index, count: end - index)
                count += end - index
            }
            guard end + 1 < raw.count else { break }
            let letter = raw[end + 1]
            if letter == UInt8(ascii: "u") {
                let (scalar, length) = JSONEscape.scalar(raw, at: end)
                for byte in UTF8.encode(scalar ?? "\u{FFFD}") ?? .init() {
                    memory[count] = byte
                    count += 1
                }
                index = end + length
            } else {
                memory[count] = JSONEscape.byte(for: letter) ?? letter
                count += 1
                index = end + 2
            }
        }
        return count
    }

    private static func nextBackslash(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(bytes)
        var index = index
        while bytes.count - index >= 8 {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ (ones &* 0x5C)
            let found = (word &- ones) & ~word & (ones &* 0x80)
            // The lowest mark is exact: see `endOfPlainText`.
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] != UInt8(ascii: "\\") { index += 1 }
        return index
    }
}

/// RFC 8259's escapes.
enum JSONEscape {
    /// What a backslash and `letter` mean, but for `u`.
    static func byte(for letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The four hex digits, of either case, from `start`.
    static func unit(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
        guard bytes.count - start >= 4 else { return nil }
        var unit: UInt32 = 0
        for index in start..<start + 4 {
            // Setting bit 5 lowers A to F and leaves digits as they are; what it turns into a digit is a control
            // character.
            guard bytes[index] >= UInt8(ascii: "0"), let digit = Hex.value(of: bytes[index] | 0x20) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// The character of the `\u` escape, or pair of escapes, at `start`, and how many bytes it takes; nil with the
    /// place of what is wrong: no digits, or half a pair.
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        guard let first = unit(bytes, at: start + 2) else { return (nil, 2) }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first < 0xDC00, Bytes.matches(bytes, at: start + 6, "\\u"),
            let second = unit(bytes, at: start + 8), second >= 0xDC00, second <= 0xDFFF
        else { return (nil, 6) }
        return (Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)), 12)
    }
}

extension JSONScanner {
    public mutating func string() throws(JSONError) -> String { try rawString().text }

    /// A string in place, without copying it.
    public mutating func rawString() throws(JSONError) -> JSONKey {
        guard try kind() == .string else { throw mismatch("a string") }
        return try stringToken()
    }

    /// Reads the string whose opening quote is next.
    mutating func stringToken() throws(JSONError) -> JSONKey {
        let start = offset + 1
        var index = start
        var hasEscapes = false
        while true {
            index = Self.endOfPlainText(bytes, from: index)
            guard index < bytes.count else {
                offset = index
                throw failure("The text ends inside a string.")
            }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index += try escapeLength(at: index)
            } else if byte < 0x20 {
                offset = index
                throw failure("A control character in a string has to be escaped.")
            } else {
                let length = Self.sequenceLength(bytes, at: index)
                guard length > 0 else {
                    offset = index
                    throw failure("The text is not valid UTF-8.")
                }
                index += length
            }
        }
        offset = index + 1
        return JSONKey(raw: UnsafeBufferPointer(rebasing: bytes[start..<index]), hasEscapes: hasEscapes)
    }

    private mutating func escapeLength(at index: Int) throws(JSONError) -> Int {
        offset = index
        guard index + 1 < bytes.count else { throw failure("The text ends inside a string.") }
        guard bytes[index + 1] == UInt8(ascii: "u") else {
            guard JSONEscape.byte(for: bytes[index + 1]) != nil else {
                throw failure("There is no such escape in JSON.")
            }
            return 2
        }
        let (scalar, length) = JSONEscape.scalar(bytes, at: index)
        if scalar != nil { return length }
        guard length == 6 else { throw failure("Four hexadecimal digits should follow \\u.") }
        throw JSONError(.loneSurrogate, at: index, "Half of a surrogate pair stands alone.")
    }

    /// The first place from `index` on of a quote, a backslash, a control character or a byte beyond ASCII; eight bytes
    /// at a time.
    static func endOfPlainText(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = UnsafeRawBufferPointer(bytes)
        var index = index
        while bytes.count - index >= 8 {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let control = (word &- ones &* 0x20) & ~word
            let found = (word | control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & tops
            // A borrow can only mark bytes behind a real find, so the lowest mark is exact.
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return index }
            index += 1
        }
        return index
    }

    /// The length of the well-formed UTF-8 sequence of two to four bytes at `index` (RFC 3629); 0 where there is none.
    static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard bytes.count - index >= length, second.contains(bytes[index + 1]) else { return 0 }
        for place in index + 2..<index + length where bytes[place] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
