public import HiveModel

/// HMAC-SHA256 (RFC 2104) over any SHA-256.
public enum MessageAuthentication {
    /// The 32-byte code of `message` under `key`.
    public static func code(of message: [UInt8], key: [UInt8], _ hashing: some Hashing) -> [UInt8] {
        let short = key.count > blockBytes ? hashing.sha256(key).bytes : key
        let padded = short + [UInt8](repeating: 0, count: blockBytes - short.count)
        let inner = hashing.sha256(padded.map { $0 ^ 0x36 } + message).bytes
        return hashing.sha256(padded.map { $0 ^ 0x5C } + inner).bytes
    }

    /// Whether two codes are equal, in a time that does not tell where they differ.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    private static let blockBytes = 64
}
