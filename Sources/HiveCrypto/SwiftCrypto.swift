internal import Crypto
internal import Foundation
public import HiveModel

/// Hashes and signatures of swift-crypto: the suite of a running instance.
public struct SwiftCrypto: CryptoSuite {
    public init() {}

    public func sha256(_ bytes: [UInt8]) -> Hash256 {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hasher.finalize().withUnsafeBytes { digest in
            // A SHA-256 digest has 32 bytes; what is loaded never reaches beyond.
            Hash256(
                word0: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                word1: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                word2: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                word3: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    public func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }
}
