/// RFC 4648 base64 with the standard alphabet and padding.
///
/// Decoding is strict: no line breaks, full padding, unused
/// bits zero, so that one value has one text.
public enum Base64 {
    public static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8]()
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8(decode(utf8:))
    }

    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        Base64Alphabet.standard.append(bytes, to: &text)
        for _ in 0..<(3 - bytes.count % 3) % 3 { text.append(UInt8(ascii: "=")) }
    }

    static func decode(utf8 text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var length = text.count
        if length > 0, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
        if length > 0, length < text.count, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
        return Base64Alphabet.standard.decode(text, length: length)
    }
}

/// RFC 4648 base64 with the URL and file name alphabet, unpadded and strict: for tokens and invites.
public enum Base64URL {
    public static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8]()
        Base64Alphabet.url.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { Base64Alphabet.url.decode($0, length: $0.count) }
    }
}

/// What both variants share; they differ in two characters and in padding.
private struct Base64Alphabet {
    let character62: UInt8
    let character63: UInt8

    static let standard = Base64Alphabet(character62: UInt8(ascii: "+"), character63: UInt8(ascii: "/"))
    static let url = Base64Alphabet(character62: UInt8(ascii: "-"), character63: UInt8(ascii: "_"))

    /// Appends the unpadded encoding.
    func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        var index = 0
        while index + 2 < bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            for shift: UInt32 in [18, 12, 6, 0] { text.append(character(group >> shift & 63)) }
            index += 3
        }
        switch bytes.count - index {
        case 1:
            let group = UInt32(bytes[index]) << 16
            for shift: UInt32 in [18, 12] { text.append(character(group >> shift & 63)) }
        case 2:
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
            for shift: UInt32 in [18, 12, 6] { text.append(character(group >> shift & 63)) }
        default: break
        }
    }

    /// Decodes the first `length` characters, which hold no padding; nil where they are no base64.
    func decode(_ text: UnsafeBufferPointer<UInt8>, length: Int) -> [UInt8]? {
        guard length % 4 != 1 else { return nil }
        var bytes = [UInt8]()
        bytes.reserveCapacity(length * 3 / 4)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in 0..<length {
            let digit = value(text[index])
            guard digit < 64 else { return nil }
            bits = bits << 6 | digit
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        let unused = bits & (1 << bitCount - 1)
        return unused == 0 ? bytes : nil
    }

    /// The character of a value of 0 to 63.
    private func character(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + (value - 26)
        case 52..<62: UInt8(ascii: "0") + (value - 52)
        case 62: character62
        default: character63
        }
    }

    /// 64 for what is no character of the alphabet.
    private func value(_ character: UInt8) -> UInt32 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case character62: 62
        case character63: 63
        default: 64
        }
    }
}
