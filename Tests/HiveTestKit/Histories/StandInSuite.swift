public import HiveModel

/// Hashes and signatures that are fast and mean nothing: for histories of many events.
public struct StandInSuite: CryptoSuite {
    public init() {}

    public func sha256(_ bytes: [UInt8]) -> Hash256 {
        var words: (UInt64, UInt64, UInt64, UInt64) = (
            0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1
        )
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                var word: UInt64 = 0
                if offset + 8 <= buffer.count {
                    word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                } else {
                    for index in offset..<buffer.count { word = word << 8 | UInt64(buffer[index]) }
                }
                words.0 = Self.mix(words.0 ^ word)
                words.1 = Self.mix(words.1 &+ words.0)
                words.2 = Self.mix(words.2 ^ words.1 &+ 1)
                words.3 = Self.mix(words.3 &+ words.2)
                offset += 8
            }
        }
        words.0 = Self.mix(words.0 ^ UInt64(bytes.count) ^ words.3)
        return Hash256(word0: words.0, word1: words.1 ^ words.0, word2: words.2 &+ words.0, word3: words.3 ^ words.2)
    }

    public func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool {
        signature == Self.signature(of: message, key: key)
    }

    static func signature(of message: [UInt8], key: PublicKey) -> [UInt8] {
        let suite = StandInSuite()
        return suite.sha256(key.bytes + message).bytes + suite.sha256(message + key.bytes).bytes
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// Signs for `StandInSuite`.
public struct StandInSigner: Signer {
    public let publicKey: PublicKey

    /// A key of its own for each name.
    public init(_ name: String) {
        guard let key = PublicKey(bytes: StandInSuite().sha256(Array(name.utf8)).bytes) else {
            preconditionFailure("a hash is 32 bytes")
        }
        publicKey = key
    }

    public func sign(_ message: [UInt8]) -> [UInt8] { StandInSuite.signature(of: message, key: publicKey) }
}
