public import HiveModel

/// A crypto suite whose keys are made from numbers, so that a seed has the same keys in every run.
public protocol SimulationCrypto: CryptoSuite {
    associatedtype Key: Signer

    /// The key with this number.
    func key(_ number: UInt64) -> Key
}

/// Hashes and signatures that only look like cryptography: about a hundred times faster, and enough for a simulation.
///
/// The hash is 256 bits of multiplications and folds. A signature is the hash of a salt known to this type only, the
/// public key and the message: whoever holds the public key can check it with the suite, and only whoever was given the
/// key's value can make one.
public struct KeyedHashCrypto: SimulationCrypto {
    private let salt: UInt64

    public init(seed: UInt64) {
        salt = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    public func sha256(_ bytes: [UInt8]) -> Hash256 { KeyedHash.of(bytes, key: 0) }

    public func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool {
        signature == KeyedHashKey(publicKey: key, salt: salt).sign(message)
    }

    public func key(_ number: UInt64) -> KeyedHashKey {
        var random = SimulationRandom(seed: salt, number)
        let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next() >> 40) }
        guard let publicKey = PublicKey(bytes: bytes) else { preconditionFailure("32 bytes are a key") }
        return KeyedHashKey(publicKey: publicKey, salt: salt)
    }
}

/// Signs as `KeyedHashCrypto` checks.
public struct KeyedHashKey: Signer {
    public let publicKey: PublicKey
    private let salt: UInt64

    fileprivate init(publicKey: PublicKey, salt: UInt64) {
        self.publicKey = publicKey
        self.salt = salt
    }

    public func sign(_ message: [UInt8]) -> [UInt8] {
        let half = KeyedHash.of(publicKey.bytes + message, key: salt)
        return half.bytes + Hash256(word0: ~half.word3, word1: half.word0, word2: ~half.word1, word3: half.word2).bytes
    }
}

/// Four lanes of 64 bits, each taking every fourth word: a multiplication to 128 bits folded to 64, then mixed.
enum KeyedHash {
    static func of(_ bytes: [UInt8], key: UInt64) -> Hash256 { of(bytes, in: bytes.indices, key: key) }

    /// Of a part of `bytes`.
    static func of(_ bytes: [UInt8], in range: Range<Int>, key: UInt64) -> Hash256 {
        bytes.withUnsafeBytes { of(UnsafeRawBufferPointer(rebasing: $0[range]), key: key) }
    }

    private static func of(_ buffer: UnsafeRawBufferPointer, key: UInt64) -> Hash256 {
        var lanes: (UInt64, UInt64, UInt64, UInt64) = (
            key ^ 0xA076_1D64_78BD_642F, key ^ 0xE703_7ED1_A0B4_28DB, key ^ 0x8EBC_6AF0_9C88_C6E3,
            key ^ 0x5899_65CC_7537_4CC3
        )
        let whole = buffer.count & ~31
        var offset = 0
        while offset < whole {
            lanes.0 = fold(lanes.0 ^ word(buffer, offset), 0x9E37_79B9_7F4A_7C15)
            lanes.1 = fold(lanes.1 ^ word(buffer, offset + 8), 0xC2B2_AE3D_27D4_EB4F)
            lanes.2 = fold(lanes.2 ^ word(buffer, offset + 16), 0x1656_67B1_9E37_79F9)
            lanes.3 = fold(lanes.3 ^ word(buffer, offset + 24), 0xD6E8_FEB8_6659_FD93)
            offset += 32
        }
        var tail: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while offset < buffer.count {
            let shifted = UInt64(buffer[offset]) << UInt64((offset & 7) * 8)
            switch (offset & 31) >> 3 {
            case 0: tail.0 |= shifted
            case 1: tail.1 |= shifted
            case 2: tail.2 |= shifted
            default: tail.3 |= shifted
            }
            offset += 1
        }
        lanes.0 = fold(lanes.0 ^ tail.0 ^ UInt64(buffer.count), 0x9E37_79B9_7F4A_7C15)
        lanes.1 = fold(lanes.1 ^ tail.1, 0xC2B2_AE3D_27D4_EB4F)
        lanes.2 = fold(lanes.2 ^ tail.2, 0x1656_67B1_9E37_79F9)
        lanes.3 = fold(lanes.3 ^ tail.3, 0xD6E8_FEB8_6659_FD93)
        let sum = mixed(lanes.0 &+ mixed(lanes.1 &+ mixed(lanes.2 &+ mixed(lanes.3))))
        return Hash256(
            word0: mixed(sum ^ lanes.0),
            word1: mixed(sum &+ lanes.1 &* 3),
            word2: mixed(sum ^ lanes.2 &* 5),
            word3: mixed(sum &+ lanes.3 &* 7)
        )
    }

    private static func word(_ buffer: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Keeps the input in the result, so that a product of zero loses nothing.
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low &+ (left << 23 | left >> 41)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
