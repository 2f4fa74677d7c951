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
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ (value &- 10)
    }

    /// The eight digits of a number as the bytes of a word, the first one on top; all eight at once, because digits are
    /// random and every branch on one would be guessed wrong.
    static func digits(_ number: UInt32) -> UInt64 {
        var word = UInt64(number)
        word = (word << 16 | word) & 0x0000_FFFF_0000_FFFF
        word = (word << 8 | word) & 0x00FF_00FF_00FF_00FF
        word = (word << 4 | word) & 0x0F0F_0F0F_0F0F_0F0F
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = (word &+ ones &* 6) >> 4 & ones
        return word &+ ones &* 0x30 &+ letters &* 0x27
    }

    /// The number whose digits are the bytes of a word, if they are `0-9a-f`.
    static func number(_ digits: UInt64) -> UInt32? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var word = (digits & 0x0F0F_0F0F_0F0F_0F0F) &+ (digits >> 6 & ones) &* 9
        word = (word | word >> 4) & 0x00FF_00FF_00FF_00FF
        word = (word | word >> 8) & 0x0000_FFFF_0000_FFFF
        let number = UInt32(truncatingIfNeeded: word | word >> 16)
        return self.digits(number) == digits ? number : nil
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
        ByteSink.text(upTo: Self.byteCount * 2) { $0.put(hex: self) }
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
        ByteSink.append(upTo: Self.byteCount * 2, to: &text) { $0.put(hex: self) }
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64? {
        let raw = UnsafeRawBufferPointer(bytes)
        let high = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        let low = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
        guard let high = Hex.number(high), let low = Hex.number(low) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }
}
