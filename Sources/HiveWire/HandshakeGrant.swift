public import HiveModel
public import HiveSync

/// The answer to the second call: the joiner is let in.
public struct HandshakeGrant: WireMessage, Hashable {
    public var groupID: GroupID
    public var groupName: String
    /// The key of the responder's present log in the group.
    public var signingKey: PublicKey
    /// The arrival number of the responder's newest event.
    public var currentSeq: Int64
    /// The token the joiner shall present to the responder, sealed to the joiner's ephemeral key.
    public var sealedToken: [UInt8]
    /// How far the responder holds the group, by instance id.
    public var heads: [LogHead]
    /// The joiner's role in the group, and the first epoch of its log there.
    public var role: MemberRole
    public var fromEpoch: Int64
    /// Whether the responder can and will dial the joiner; where not, the joiner waits for news at the responder.
    public var reachesYou: Bool
    /// Events that lead from the owner to the responder: a list of events in wire form.
    public var introductions: [JSONValue]
    /// 64 bytes by the responder's identity key over the whole transcript (`HandshakeTranscript.grantMessage`).
    public var signature: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public init(
        groupID: GroupID,
        groupName: String,
        signingKey: PublicKey,
        currentSeq: Int64,
        sealedToken: [UInt8],
        heads: [LogHead],
        role: MemberRole,
        fromEpoch: Int64,
        reachesYou: Bool = true,
        introductions: [JSONValue] = [],
        signature: [UInt8] = [],
        extra: [JSONMember] = []
    ) {
        self.groupID = groupID
        self.groupName = groupName
        self.signingKey = signingKey
        self.currentSeq = currentSeq
        self.sealedToken = sealedToken
        self.heads = heads
        self.role = role
        self.fromEpoch = fromEpoch
        self.reachesYou = reachesYou
        self.introductions = introductions
        self.signature = signature
        self.extra = extra
    }

    private static let known = [
        "sync_group_id", "sync_group_name", "signing_key", "current_seq", "sync_token", "heads", "role", "from_epoch",
        "reaches_you", "introductions", "signature",
    ]

    public init(_ fields: WireFields) throws(WireError) {
        groupID = try fields.group("sync_group_id")
        groupName = try fields.string("sync_group_name", bytesMax: WireLimits.nameBytesMax)
        signingKey = try fields.publicKey("signing_key")
        currentSeq = try fields.int("current_seq")
        sealedToken = try fields.bytes("sync_token", bytesMax: WireLimits.sealedBytesMax)
        heads = try fields.heads("heads")
        role = try fields.role("role")
        fromEpoch = try fields.int("from_epoch", in: 1...Limits.epochMax)
        reachesYou = try fields.bool("reaches_you")
        introductions = try fields.array("introductions", countMax: WireLimits.introductionsMax)
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
                ("sync_group_id", .string(groupID.rawValue)), ("sync_group_name", .string(groupName)),
                ("signing_key", .string(signingKey.base64)), ("current_seq", .int(currentSeq)),
                ("sync_token", .base64(sealedToken)), ("heads", WireHeads.json(heads)),
                ("role", .string(role.rawValue)), ("from_epoch", .int(fromEpoch)),
                ("reaches_you", .bool(reachesYou)), ("introductions", .array(introductions)),
            ],
            extra: extra
        )
    }
}
