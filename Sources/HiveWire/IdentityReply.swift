public import HiveModel

/// `GET /sync/v1/identity?nonce=`: who answers at an address, signed, so that nothing secret is sent to another.
public struct IdentityReply: WireMessage, Hashable {
    public var protocolVersion: Int64
    public var instance: InstanceID
    public var identityKey: PublicKey
    public var name: String
    public var syncEndpoint: String?
    /// The caller's nonce, word for word.
    public var nonce: String
    /// The answerer's wall clock, milliseconds since 1970.
    public var serverTimeMs: Int64
    /// 64 bytes by the identity key over `signingMessage`.
    public var signature: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public init(
        protocolVersion: Int64 = WireLimits.protocolVersion,
        instance: InstanceID,
        identityKey: PublicKey,
        name: String,
        syncEndpoint: String?,
        nonce: String,
        serverTimeMs: Int64,
        signature: [UInt8] = [],
        extra: [JSONMember] = []
    ) {
        self.protocolVersion = protocolVersion
        self.instance = instance
        self.identityKey = identityKey
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.nonce = nonce
        self.serverTimeMs = serverTimeMs
        self.signature = signature
        self.extra = extra
    }

    private static let known = [
        "protocol_version", "instance_id", "identity_key", "name", "sync_endpoint", "nonce", "server_time", "signature",
    ]

    public init(_ fields: WireFields) throws(WireError) {
        protocolVersion = try fields.int("protocol_version")
        instance = try fields.instance("instance_id")
        identityKey = try fields.publicKey("identity_key")
        name = try fields.string("name", bytesMax: WireLimits.nameBytesMax)
        syncEndpoint = try fields.optionalString("sync_endpoint", bytesMax: WireLimits.endpointBytesMax)
        nonce = try fields.string("nonce", bytesMax: WireLimits.tokenBytesMax)
        serverTimeMs = try fields.int("server_time")
        signature = try fields.bytes("signature", count: 64)
        extra = fields.others(than: Self.known)
    }

    public var json: JSONValue {
        .members([("signature", .base64(signature))], extra: signed.members ?? [])
    }

    /// `openhive-identity-v1`, a line feed, and the RFC 8785 form of all members but the signature.
    public var signingMessage: [UInt8] { Array("openhive-identity-v1\n".utf8) + signed.canonicalBytes() }

    private var signed: JSONValue {
        .members(
            [
                ("protocol_version", .int(protocolVersion)), ("instance_id", .string(instance.rawValue)),
                ("identity_key", .string(identityKey.base64)), ("name", .string(name)),
                ("sync_endpoint", .text(syncEndpoint)), ("nonce", .string(nonce)), ("server_time", .int(serverTimeMs)),
            ],
            extra: extra
        )
    }
}
