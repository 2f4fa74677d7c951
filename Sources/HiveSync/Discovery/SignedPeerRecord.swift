public import HiveModel

/// Where an instance says that it is reached, signed by its identity key, so that others can pass it on unchanged
/// (protocol, section 8).
public struct SignedPeerRecord: Hashable, Sendable {
    public var instance: InstanceID
    /// Where it answers; each ends in `/sync/v1`.
    ///
    /// 1 to `endpointsMax`, the best first.
    public var endpoints: [String]
    /// The instances it exchanges events with, by id, at most `linksMax`: for maps only.
    public var links: [InstanceID]
    /// The newest record counts.
    public var recordSeq: Int64
    /// Milliseconds since 1970; at most `lifeMaxMs` ahead.
    public var expiresMs: Int64
    /// 64 bytes by the identity key over `signingMessage`.
    public var signature: [UInt8]
    /// Members this version does not know: they are signed.
    public var extra: [JSONMember]

    public static let endpointsMax = 8
    public static let linksMax = 64
    /// How far ahead a record may expire: seven days.
    public static let lifeMaxMs: Int64 = 7 * 24 * 3_600_000

    public init(
        instance: InstanceID,
        endpoints: [String],
        links: [InstanceID],
        recordSeq: Int64,
        expiresMs: Int64,
        signature: [UInt8] = [],
        extra: [JSONMember] = []
    ) {
        self.instance = instance
        self.endpoints = endpoints
        self.links = links
        self.recordSeq = recordSeq
        self.expiresMs = expiresMs
        self.signature = signature
        self.extra = extra
    }

    /// `openhive-peer-v1`, a line feed, and the RFC 8785 form of all members but the signature.
    public var signingMessage: [UInt8] {
        Array("openhive-peer-v1\n".utf8) + JSONValue.object(unsorted: signedMembers).canonicalBytes()
    }

    /// All members, the signature (standard base64) included.
    public var json: JSONValue {
        .object(unsorted: signedMembers + [JSONMember("signature", .string(Base64.encode(signature)))])
    }

    public func isSigned(by identityKey: PublicKey, _ verifier: some Verifier) -> Bool {
        verifier.isValid(signature: signature, message: signingMessage, key: identityKey)
    }

    private var signedMembers: [JSONMember] {
        [
            JSONMember("instance_id", .string(instance.rawValue)),
            JSONMember("endpoints", .array(endpoints.map { .string($0) })),
            JSONMember("links", .array(links.map { .string($0.rawValue) })),
            JSONMember("record_seq", .int(recordSeq)),
            JSONMember("expires", .int(expiresMs)),
        ] + extra
    }
}

/// One line of a list of peers as instances tell each other.
public struct GossipEntry: Hashable, Sendable {
    /// How the teller calls the instance; for people.
    public var name: String
    public var record: SignedPeerRecord
    /// How many hops it may still travel, this one included.
    public var ttl: Int64

    public init(name: String, record: SignedPeerRecord, ttl: Int64) {
        self.name = name
        self.record = record
        self.ttl = ttl
    }
}
