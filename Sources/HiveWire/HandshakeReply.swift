public import HiveModel

/// The answer to the first call: the responder proves its identity key before it is sent anything secret.
public struct HandshakeReply: WireMessage, Hashable {
    /// Names this handshake in the second call: it lives 30 s and serves once.
    public var handshakeID: String
    /// 16 to 64 random bytes.
    public var nonce: [UInt8]
    public var instance: InstanceID
    public var identityKey: PublicKey
    /// What the responder's people call it.
    public var name: String?
    /// X25519, 32 bytes: the token of the second call is sealed to it.
    public var ephemeralKey: [UInt8]
    /// 64 bytes by the identity key over the transcript so far (`HandshakeTranscript.replyMessage`).
    public var signature: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public init(
        handshakeID: String,
        nonce: [UInt8],
        instance: InstanceID,
        identityKey: PublicKey,
        name: String?,
        ephemeralKey: [UInt8],
        signature: [UInt8] = [],
        extra: [JSONMember] = []
    ) {
        self.handshakeID = handshakeID
        self.nonce = nonce
        self.instance = instance
        self.identityKey = identityKey
        self.name = name
        self.ephemeralKey = ephemeralKey
        self.signature = signature
        self.extra = extra
    }

    private static let known = [
        "handshake_id", "nonce", "instance_id", "identity_key", "name", "ephemeral_key", "signature",
    ]

    public init(_ fields: WireFields) throws(WireError) {
        handshakeID = try fields.string("handshake_id", bytesMax: WireLimits.tokenBytesMax)
        nonce = try fields.nonce("nonce")
        instance = try fields.instance("instance_id")
        identityKey = try fields.publicKey("identity_key")
        name = try fields.optionalString("name", bytesMax: WireLimits.nameBytesMax)
        ephemeralKey = try fields.bytes("ephemeral_key", count: 32)
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
                ("handshake_id", .string(handshakeID)), ("nonce", .base64(nonce)),
                ("instance_id", .string(instance.rawValue)), ("identity_key", .string(identityKey.base64)),
                ("name", .text(name)), ("ephemeral_key", .base64(ephemeralKey)),
            ],
            extra: extra
        )
    }
}
