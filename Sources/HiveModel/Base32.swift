/// RFC 4648 base32 in lower case, unpadded (protocol, section 1): the text form of everything that commits to a hash.
public enum Base32 {
    /// The first `length` characters of the encoding of `bytes`; fewer where the bytes end before.
    public static func encode(_ bytes: [UInt8], length: Int) -> String {
        var text = [UInt8]()
        text.reserveCapacity(length)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5, text.count < length {
                bitCount -= 5
                text.append(character(UInt8(truncatingIfNeeded: bits >> bitCount) & 31))
            }
        }
        if bitCount > 0, bitCount < 5, text.count < length {
            text.append(character(UInt8(truncatingIfNeeded: bits << (5 - bitCount)) & 31))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether `text` is `mark` and then exactly `length` characters of `a-z2-7`.
    public static func isIdentifier(_ text: String, mark: String, length: Int) -> Bool {
        var rest = text.utf8[...]
        guard rest.count == mark.utf8.count + length, rest.starts(with: mark.utf8) else { return false }
        rest = rest.dropFirst(mark.utf8.count)
        return rest.allSatisfy(isCharacter)
    }

    /// Whether `text` is `<16 characters>_evt_<26 characters>`, characters of `a-z2-7`.
    public static func isEventIdentifier(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == EventID.byteCount else { return false }
        let mark = bytes.dropFirst(InstancePrefix.byteCount).prefix(EventID.mark.utf8.count)
        return mark.elementsEqual(EventID.mark.utf8)
            && bytes.prefix(InstancePrefix.byteCount).allSatisfy(isCharacter)
            && bytes.suffix(identifierLength).allSatisfy(isCharacter)
    }

    /// How many characters of a hash an id shows: 130 bits.
    static let identifierLength = 26

    /// Puts the first 26 characters of the encoding of `hash`.
    static func putIdentifier(of hash: Hash256, to text: inout ByteSink) {
        var (high, middle, low) = (hash.word0, hash.word1, hash.word2)
        for _ in 0..<identifierLength {
            text.put(character(UInt8(truncatingIfNeeded: high >> 59)))
            high = high << 5 | middle >> 59
            middle = middle << 5 | low >> 59
            low <<= 5
        }
    }

    static func isCharacter(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "2") && byte <= UInt8(ascii: "7"))
    }

    /// The character of a value of 0 to 31.
    private static func character(_ value: UInt8) -> UInt8 {
        value < 26 ? UInt8(ascii: "a") &+ value : UInt8(ascii: "2") &+ (value &- 26)
    }
}
