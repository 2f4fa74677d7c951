/// SHA-256, supplied by a shell (production) or a stand-in (simulation).
public protocol Hashing: Sendable {
    func sha256(_ bytes: [UInt8]) -> Hash256
}

/// Checks Ed25519 signatures (RFC 8032), supplied by a shell or a stand-in.
public protocol Verifier: Sendable {
    /// Whether `signature` (64 bytes) is valid for `message` under `key`. Any malformed input answers false.
    func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool
}

/// Signs with one Ed25519 private key.
public protocol Signer: Sendable {
    var publicKey: PublicKey { get }
    /// The 64-byte signature of `message`.
    func sign(_ message: [UInt8]) -> [UInt8]
}

/// What admission and the fold need of cryptography; a generic parameter, never an existential, on hot paths.
public protocol CryptoSuite: Hashing, Verifier {}

/// An Ed25519 public key: 32 raw bytes.
///
/// On the wire standard base64 of them.
public struct PublicKey: Hashable, Sendable {
    public let bytes: [UInt8]

    /// Nil unless exactly 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}
