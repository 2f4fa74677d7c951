public import HiveCrypto
public import HiveModel

/// A crypto suite whose keys can be made from numbers, so that tests have the same keys in every run.
public protocol TestCrypto: CryptoSuite {
    associatedtype Key: Signer

    /// The key with this number.
    func key(_ number: UInt64) -> Key
}

extension SwiftCrypto: TestCrypto {
    public func key(_ number: UInt64) -> Ed25519Signer {
        var generator = SeededGenerator(seed: number)
        guard let key = Ed25519Signer(seed: generator.bytes(32)) else {
            preconditionFailure("32 bytes are a seed.")
        }
        return key
    }
}

/// Real SHA-256, so that hashes and ids are those of the running program, and a keyed hash instead of Ed25519: about
/// fifty times faster, and forged by anybody who knows how.
public struct StandInCrypto: TestCrypto {
    public init() {}

    public func sha256(_ bytes: [UInt8]) -> Hash256 { SwiftCrypto().sha256(bytes) }

    public func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool {
        signature == StandInKey(publicKey: key).sign(message)
    }

    public func key(_ number: UInt64) -> StandInKey {
        var generator = SeededGenerator(seed: number)
        guard let publicKey = PublicKey(bytes: generator.bytes(32)) else {
            preconditionFailure("32 bytes are a key.")
        }
        return StandInKey(publicKey: publicKey)
    }
}

/// Signs with the hash of its own public key and the message.
public struct StandInKey: Signer {
    public let publicKey: PublicKey

    public init(publicKey: PublicKey) {
        self.publicKey = publicKey
    }

    public func sign(_ message: [UInt8]) -> [UInt8] {
        let half = SwiftCrypto().sha256(publicKey.bytes + message).bytes
        return half + half.reversed()
    }
}
