internal import Crypto
internal import Foundation

/// One side's X25519 key of one handshake: seals small secrets to the other side's key of the same handshake.
///
/// Sealed = 12 bytes of nonce, the ciphertext, 16 bytes of tag: ChaCha20-Poly1305 (RFC 8439) under HKDF-SHA256 (RFC
/// 5869) of the X25519 shared secret (RFC 7748), with salt = SHA-256 of `context` and info = `openhive-seal-v1`, a line
/// feed and `label`; `context` is authenticated too. The label names the direction, so that neither sealing can stand
/// for the other. The keys prove nothing by themselves: the identity signatures over the transcript, which names both,
/// do.
public struct EphemeralKey: Sendable {
    /// 32 bytes.
    public let publicKey: [UInt8]
    private let key: Curve25519.KeyAgreement.PrivateKey

    public init() {
        key = Curve25519.KeyAgreement.PrivateKey()
        publicKey = Array(key.publicKey.rawRepresentation)
    }

    /// Nil where `peer` is no usable X25519 key.
    public func seal(_ secret: [UInt8], to peer: [UInt8], label: String, context: [UInt8]) -> [UInt8]? {
        guard let shared = sharedKey(peer, label, context),
            let box = try? ChaChaPoly.seal(secret, using: shared, authenticating: context)
        else { return nil }
        return Array(box.combined)
    }

    /// Nil where it was not sealed by `peer` to this key with this label and context.
    public func open(_ sealed: [UInt8], from peer: [UInt8], label: String, context: [UInt8]) -> [UInt8]? {
        guard let shared = sharedKey(peer, label, context), let box = try? ChaChaPoly.SealedBox(combined: sealed),
            let secret = try? ChaChaPoly.open(box, using: shared, authenticating: context)
        else { return nil }
        return Array(secret)
    }

    private func sharedKey(_ peer: [UInt8], _ label: String, _ context: [UInt8]) -> SymmetricKey? {
        guard let peer = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: peer),
            let secret = try? key.sharedSecretFromKeyAgreement(with: peer),
            // RFC 7748, section 6.1: a point of low order makes a secret of zeros, which everybody knows. The library
            // leaves this check to its users.
            !secret.withUnsafeBytes({ $0.allSatisfy { $0 == 0 } })
        else { return nil }
        return secret.hkdfDerivedSymmetricKey(
            using: SHA256.self,
            salt: Array(SHA256.hash(data: context)),
            sharedInfo: Array("openhive-seal-v1\n\(label)".utf8),
            outputByteCount: 32
        )
    }
}
