public import HiveModel

/// The second call of a handshake: the joiner proves its identity key and that it is to be let in.
public struct HandshakeCompletion: WireMessage, Hashable {
    public var handshakeID: String
    /// The token the responder shall present to the joiner, sealed to the responder's ephemeral key.
    public var sealedToken: [UInt8]
    public var proof: HandshakeProof
    /// 64 bytes by the identity key over the transcript so far (`HandshakeTranscript.completionMessage`).
    public var signature: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public init(
        handshakeID: String,
        sealedToken: [UInt8],
        proof: HandshakeProof,
        signature: [UInt8] = [],
        extra: [JSONMember] = []
    ) {
        self.handshakeID = handshakeID
        self.sealedToken = sealedToken
        self.proof = proof
        self.signature = signature
        self.extra = extra
    }

    private static let known = ["handshake_id", "sync_token", "proof", "signature"]

    public init(_ fields: WireFields) throws(WireError) {
        handshakeID = try fields.string("handshake_id", bytesMax: WireLimits.tokenBytesMax)
        sealedToken = try fields.bytes("sync_token", bytesMax: WireLimits.sealedBytesMax)
        proof = try HandshakeProof(try fields.object("proof"))
        signature = try fields.bytes("signature", count: 64)
        extra = fields.others(than: Self.known)
    }

    public var json: JSONValue {
        .members([("signature", .base64(signature))], extra: signed.members ?? [])
    }

    /// All but the signature.
    var signed: JSONValue {
        .members(
            [
                ("handshake_id", .string(handshakeID)), ("sync_token", .base64(sealedToken)),
                ("proof", proof.json),
            ],
            extra: extra
        )
    }
}

/// Why the joiner is to be let in.
///
/// No secret travels: `mac` is HMAC-SHA256 over `HandshakeTranscript.proofMessage`.
public enum HandshakeProof: Hashable, Sendable {
    /// `{"kind": "invite", "id": "...", "mac": "<base64>"}`, keyed by the SHA-256 of the invite's secret, which is what
    /// the issuer keeps.
    case invite(id: String, mac: [UInt8])
    /// `{"kind": "handshake_secret", "mac": "<base64>"}`, keyed by the configured secret.
    case handshakeSecret(mac: [UInt8])
    /// `{"kind": "membership"}`: the roster knows the joiner, only tokens are wanted.
    case membership

    init(_ fields: WireFields) throws(WireError) {
        switch try fields.string("kind", bytesMax: WireLimits.tokenBytesMax) {
        case "invite":
            let id = try fields.string("id", bytesMax: WireLimits.tokenBytesMax)
            self = .invite(id: id, mac: try fields.bytes("mac", count: 32))
        case "handshake_secret": self = .handshakeSecret(mac: try fields.bytes("mac", count: 32))
        case "membership": self = .membership
        default: throw fields.fault("kind", "one of invite, handshake_secret, membership")
        }
    }

    var json: JSONValue {
        switch self {
        case .invite(let id, let mac):
            .members([("kind", .string("invite")), ("id", .string(id)), ("mac", .base64(mac))])
        case .handshakeSecret(let mac): .members([("kind", .string("handshake_secret")), ("mac", .base64(mac))])
        case .membership: .members([("kind", .string("membership"))])
        }
    }
}
