extension JSONWriter {
    /// Appends `text` in quotes, escaped as RFC 8785 does it.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendQuoted(utf8: $0, to: &bytes) }
    }

    static func appendQuoted(utf8 text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        var index = 0
        while true {
            index = JSONScanner.endOfPlainText(text, from: index)
            guard index < text.count else { break }
            if text[index] < 0x80 {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
                appendEscaped(text[index], to: &bytes)
                start = index + 1
            }
            index += 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a control character has a letter of its own after the backslash.
    static func hasShortEscape(_ byte: UInt8) -> Bool { shortEscape(of: byte) != nil }

    private static func shortEscape(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        default: nil
        }
    }

    /// Appends the escape of a quote, a backslash or a control character.
    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        if let letter = shortEscape(of: byte) {
            bytes.append(letter)
        } else {
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Hex.digit(byte >> 4))
            bytes.append(Hex.digit(byte & 15))
        }
    }

    static func appendDecimal(_ number: Int64, to bytes: inout [UInt8]) {
        ByteSink.append(upTo: 20, to: &bytes) { $0.put(decimal: number) }
    }

    static func appendDecimal(_ number: UInt64, to bytes: inout [UInt8]) {
        ByteSink.append(upTo: 20, to: &bytes) { $0.put(decimal: number) }
    }
}
