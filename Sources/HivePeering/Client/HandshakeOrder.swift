public import HiveModel
public import HiveSync

/// A handshake to be made: with whom, about which group, and what lets us in.
public struct HandshakeOrder: Hashable, Sendable {
    public enum Proof: Hashable, Sendable {
        /// An invite's id and secret; told to its issuer only.
        case invite(id: String, secret: [UInt8], issuer: InstanceID)
        /// The configured `sync.handshake_secret`.
        case handshakeSecret
        /// A member already, or known to the responder as its peer.
        case membership
    }

    /// Tried in order until one answers; the suffix `/sync/v1` may be missing.
    public var endpoints: [String]
    /// The endpoints are the operator's word; else the rules for learnt addresses bind.
    public var isTrusted: Bool
    public var group: GroupID?
    /// Needed where `group` is nil.
    public var groupName: String?
    public var proof: Proof
    /// The instance it must be; nil = whoever proves a key.
    public var expected: InstanceID?

    public init(
        endpoints: [String],
        isTrusted: Bool = true,
        group: GroupID?,
        groupName: String?,
        proof: Proof,
        expected: InstanceID? = nil
    ) {
        self.endpoints = endpoints
        self.isTrusted = isTrusted
        self.group = group
        self.groupName = groupName
        self.proof = proof
        self.expected = expected
    }
}

/// What a handshake brought.
public struct HandshakeResult: Hashable, Sendable {
    /// The endpoint that answered, ending in `/sync/v1`.
    public var endpoint: String
    public var instance: InstanceID
    public var identityKey: PublicKey
    /// What the responder's people call it.
    public var name: String?
    public var group: GroupID
    public var groupName: String
    /// How far the responder holds the group.
    public var heads: [LogHead]
    /// The arrival number of its newest event.
    public var currentSeq: Int64
    public var role: MemberRole
    /// The epoch our log begins with.
    public var fromEpoch: Int64
    /// Whether the responder can and will dial us.
    public var reachesUs: Bool
    /// The token we present to the responder.
    public var syncToken: String
    /// SHA-256 of the token the responder presents to us; stored already.
    public var tokenHash: [UInt8]
}
