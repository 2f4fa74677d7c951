public import HiveModel

/// The first call of a handshake (protocol, section 7).
///
/// It changes nothing.
public struct HandshakeOpening: WireMessage, Hashable {
    public var protocolVersion: Int64
    /// The group's name as people know it; with `groupID` it only serves messages.
    public var groupName: String
    public var groupID: GroupID?
    public var instance: InstanceID
    public var identityKey: PublicKey
    /// What the joiner's people call it.
    public var name: String?
    /// Where the joiner can be called; nil where it can only dial out.
    public var syncEndpoint: String?
    /// 16 to 64 random bytes.
    public var nonce: [UInt8]
    /// X25519, 32 bytes: the token of the reply is sealed to it.
    public var ephemeralKey: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public init(
        protocolVersion: Int64 = WireLimits.protocolVersion,
        groupName: String,
        groupID: GroupID?,
        instance: InstanceID,
        identityKey: PublicKey,
        name: String?,
        syncEndpoint: String?,
        nonce: [UInt8],
        ephemeralKey: [UInt8],
        extra: [JSONMember] = []
    ) {
        self.protocolVersion = protocolVersion
        self.groupName = groupName
        self.groupID = groupID
        self.instance = instance
        self.identityKey = identityKey
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.nonce = nonce
        self.ephemeralKey = ephemeralKey
        self.extra = extra
    }

    private static let known = [
        "protocol_version", "sync_group_name", "group_id", "instance_id", "identity_key", "name", "sync_endpoint",
        "nonce", "ephemeral_key",
    ]

    public init(_ fields: WireFields) throws(WireError) {
        protocolVersion = try fields.int("protocol_version")
        guard protocolVersion == WireLimits.protocolVersion else {
            let message = "protocol_version \(protocolVersion) is not spoken here, only \(WireLimits.protocolVersion)."
            throw WireError(.version, field: "protocol_version", message)
        }
        groupName = try fields.string("sync_group_name", bytesMax: WireLimits.nameBytesMax)
        groupID = try fields.optionalGroup("group_id")
        instance = try fields.instance("instance_id")
        identityKey = try fields.publicKey("identity_key")
        name = try fields.optionalString("name", bytesMax: WireLimits.nameBytesMax)
        syncEndpoint = try fields.optionalString("sync_endpoint", bytesMax: WireLimits.endpointBytesMax)
        nonce = try fields.nonce("nonce")
        ephemeralKey = try fields.bytes("ephemeral_key", count: 32)
        extra = fields.others(than: Self.known)
    }

    public var json: JSONValue {
        .members(
            [
                ("protocol_version", .int(protocolVersion)), ("sync_group_name", .string(groupName)),
                ("group_id", .text(groupID?.rawValue)), ("instance_id", .string(instance.rawValue)),
                ("identity_key", .string(identityKey.base64)), ("name", .text(name)),
                ("sync_endpoint", .text(syncEndpoint)), ("nonce", .base64(nonce)),
                ("ephemeral_key", .base64(ephemeralKey)),
            ],
            extra: extra
        )
    }
}

extension WireFields {
    /// Base64 of 16 to 64 random bytes.
    func nonce(_ key: String) throws(WireError) -> [UInt8] {
        let nonce = try bytes(key, bytesMax: 64)
        guard nonce.count >= 16 else { throw fault(key, "standard base64 of at least 16 bytes") }
        return nonce
    }
}
