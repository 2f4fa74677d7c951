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
///
/// Tables, because digits are random and every
/// branch on one would be guessed wrong.
private struct Base64Alphabet {
    /// The characters of 0 to 63.
    private let characters: [UInt8]
    /// The value of each byte; 64 for what is no character of the alphabet.
    private let values: [UInt8]

    static let standard = Base64Alphabet(last: "+/")
    static let url = Base64Alphabet(last: "-_")

    private init(last: String) {
        characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8) + Array(last.utf8)
        var values = [UInt8](repeating: 64, count: 256)
        for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// Appends the unpadded encoding.
    func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        ByteSink.append(upTo: (bytes.count + 2) / 3 * 4, to: &text) { sink in
            var bits: UInt32 = 0
            var bitCount: UInt32 = 0
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                bitCount += 8
                while bitCount >= 6 {
                    bitCount -= 6
                    sink.put(characters[Int(bits >> bitCount & 63)])
                }
            }
            if bitCount > 0 { sink.put(characters[Int(bits << (6 - bitCount) & 63)]) }
        }
    }

    /// Decodes the first `length` characters, which hold no padding; nil where they are no base64.
    func decode(_ text: UnsafeBufferPointer<UInt8>, length: Int) -> [UInt8]? {
        guard length % 4 != 1 else { return nil }
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: length * 3 / 4) { memory, count in
            var index = 0
            var seen: UInt8 = 0
            func value(_ offset: Int) -> UInt32 {
                let value = values[Int(text[index + offset])]
                seen |= value
                return UInt32(value & 63)
            }
            while index + 4 <= length {
                let group = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3)
                memory[count] = UInt8(truncatingIfNeeded: group >> 16)
                memory[count + 1] = UInt8(truncatingIfNeeded: group >> 8)
                memory[count + 2] = UInt8(truncatingIfNeeded: group)
                count += 3
                index += 4
            }
            var unused: UInt32 = 0
            if length - index == 2 {
                let group = value(0) << 6 | value(1)
                memory[count] = UInt8(truncatingIfNeeded: group >> 4)
                count += 1
                unused = group & 0xF
            } else if length - index == 3 {
                let group = value(0) << 12 | value(1) << 6 | value(2)
                memory[count] = UInt8(truncatingIfNeeded: group >> 10)
                memory[count + 1] = UInt8(truncatingIfNeeded: group >> 2)
                count += 2
                unused = group & 0x3
            }
            isValid = seen & 64 == 0 && unused == 0
        }
        return isValid ? bytes : nil
    }
}
