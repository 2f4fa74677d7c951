/// Lower-case hexadecimal.
public enum Hex {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = [UInt8]()
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` spells; nil for an odd count or anything but `0-9a-f`.
    public static func decode(_ text: String) -> [UInt8]? {
        var bytes = [UInt8]()
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }

    static func append(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
    }

    /// The digit of a value of 0 to 15.
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }

    static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension Hash256 {
    /// 64 digits of lower-case hex.
    public var hex: String {
        var text = [UInt8]()
        text.reserveCapacity(Self.byteCount * 2)
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil unless 64 digits of lower-case hex.
    public init?(hex: String) {
        var text = hex
        guard let hash = text.withUTF8({ Hash256(hexBytes: $0) }) else { return nil }
        self = hash
    }

    init?(hexBytes bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == Self.byteCount * 2,
            let word0 = Self.word(bytes, at: 0), let word1 = Self.word(bytes, at: 16),
            let word2 = Self.word(bytes, at: 32), let word3 = Self.word(bytes, at: 48)
        else { return nil }
        self.init(word0: word0, word1: word1, word2: word2, word3: word3)
    }

    func appendHex(to text: inout [UInt8]) {
        Self.appendHex(word0, to: &text)
        Self.appendHex(word1, to: &text)
        Self.appendHex(word2, to: &text)
        Self.appendHex(word3, to: &text)
    }

    private static func appendHex(_ word: UInt64, to text: inout [UInt8]) {
        var rest = word
        for _ in 0..<16 {
            text.append(Hex.digit(UInt8(truncatingIfNeeded: rest >> 60)))
            rest <<= 4
        }
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64? {
        var word: UInt64 = 0
        for index in start..<start + 16 {
            guard let digit = Hex.value(of: bytes[index]) else { return nil }
            word = word << 4 | UInt64(digit)
        }
        return word
    }
}
