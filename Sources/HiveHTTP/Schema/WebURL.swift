/// Checks addresses that people give for posts, avatars and peers, by bytes and without Foundation.
public enum WebURL {
    /// Whether the text is `scheme://host...` with scheme http or https, a host, an optional port 1 to 65535 and
    /// printable ASCII or non-ASCII letters only (no spaces, no controls, no user info).
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == 0x22 || $0 == 0x3C || $0 == 0x3E }) else {
            return false
        }
        guard let start = authorityStart(bytes) else { return false }
        let authority = bytes[start...].prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 && $0 != 0x5C }
        guard !authority.contains(UInt8(ascii: "@")) else { return false }
        return isHostAndPort(authority)
    }

    private static func authorityStart(_ bytes: [UInt8]) -> Int? {
        for scheme in ["https://", "http://"] {
            let wanted = Array(scheme.utf8)
            guard bytes.count > wanted.count else { continue }
            let isEqual = zip(bytes, wanted).allSatisfy { byte, expected in
                byte == expected || (0x41...0x5A).contains(byte) && byte + 0x20 == expected
            }
            if isEqual { return wanted.count }
        }
        return nil
    }

    private static func isHostAndPort(_ authority: ArraySlice<UInt8>) -> Bool {
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let inside = authority[(authority.startIndex + 1)..<end]
            let isAddress = inside.allSatisfy { byte in
                byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || hexDigitValue(byte) != nil
            }
            return isAddress && inside.count >= 2 && isPort(authority[(end + 1)...])
        }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        let isName = host.allSatisfy { byte in
            byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || isLetterOrDigit(byte)
        }
        return !host.isEmpty && isName && host.first != UInt8(ascii: ".") && isPort(authority.dropFirst(host.count))
    }

    /// Empty, or `:` and a port.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.first else { return true }
        guard colon == UInt8(ascii: ":"), (2...6).contains(bytes.count) else {
            return bytes.count == 1 && colon == 0x3A
        }
        var port = 0
        for byte in bytes.dropFirst() {
            guard (0x30...0x39).contains(byte) else { return false }
            port = port * 10 + Int(byte - 0x30)
        }
        return (1...65_535).contains(port)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// The value of a hexadecimal digit; nil for any other byte.
func hexDigitValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
