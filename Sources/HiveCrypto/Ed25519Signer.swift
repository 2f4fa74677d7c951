internal import Crypto
internal import Foundation
public import HiveModel

/// Signs with one Ed25519 private key held in memory.
public struct Ed25519Signer: Signer {
    public let publicKey: PublicKey
    private let key: Curve25519.Signing.PrivateKey

    /// A new random key.
    public init() {
        guard let made = Self.make(Curve25519.Signing.PrivateKey()) else {
            preconditionFailure("A raw Ed25519 public key has 32 bytes.")
        }
        self = made
    }

    /// The key with this 32-byte seed (RFC 8032); nil for another count.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed), let made = Self.make(key) else {
            return nil
        }
        self = made
    }

    private init(key: Curve25519.Signing.PrivateKey, publicKey: PublicKey) {
        self.key = key
        self.publicKey = publicKey
    }

    /// 32 bytes: what a key file keeps.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    /// The 64-byte signature; empty, which no verifier takes, should the library refuse to sign.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        (try? key.signature(for: message)).map { Array($0) } ?? []
    }

    private static func make(_ key: Curve25519.Signing.PrivateKey) -> Ed25519Signer? {
        PublicKey(bytes: Array(key.publicKey.rawRepresentation)).map { Ed25519Signer(key: key, publicKey: $0) }
    }
}
