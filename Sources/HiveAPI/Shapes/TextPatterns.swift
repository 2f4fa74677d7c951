import HiveHTTP

extension TextPattern {
    static let agentName = TextPattern(source: "^[a-zA-Z0-9_-]+$") { byte in
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    static let hiveName = TextPattern(source: "^[a-z0-9_-]+$", isAllowed: isLowerOrDigit)

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Limits of what people write, in UTF-16 units.
enum TextLimits {
    static let agentName = 2...32
    static let hiveName = 2...32
    static let agentDescription = 500
    static let hiveDescription = 1000
    static let title = 1...300
    static let postContent = 40_000
    static let commentContent = 1...10_000
    static let url = 2048
    static let reason = 500
    /// Of an agent's `metadata` as canonical JSON, in bytes.
    static let metadataBytes = 16 * 1024
}
