internal import Crypto
internal import Foundation

/// Seals what is kept in the database though it must not be readable there.
///
/// Sealed = 12 bytes of nonce, the ciphertext, 16 bytes of tag: ChaCha20-Poly1305 (RFC 8439) under HKDF-SHA256 (RFC
/// 5869) of a secret that lies outside of the database, with info = `openhive-storage-v1`, a line feed and `label`.
public struct StorageSeal: Sendable {
    private let key: SymmetricKey

    /// - Parameters:
    ///   - secret: 32 random bytes.
    ///   - label: what is sealed, so that nothing can be taken for something else.
    public init(secret: [UInt8], label: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret),
            info: Array("openhive-storage-v1\n\(label)".utf8),
            outputByteCount: 32
        )
    }

    /// - Parameter context: authenticated too: what the sealed bytes belong to. Nil should the library refuse.
    public func seal(_ bytes: [UInt8], context: [UInt8]) -> [UInt8]? {
        (try? ChaChaPoly.seal(bytes, using: key, authenticating: context)).map { Array($0.combined) }
    }

    /// Nil where it was not sealed so, or is damaged.
    public func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
        guard let box = try? ChaChaPoly.SealedBox(combined: sealed) else { return nil }
        return (try? ChaChaPoly.open(box, using: key, authenticating: context)).map { Array($0) }
    }
}
