// Who is in a group and who owns it (protocol, section 7).

/// How far a writer had seen the log of the party its act is about: `{epoch, seq, hash}` (protocol, section 5).
public struct Fence: Hashable, Sendable {
    public var place: Place
    /// The hash of the event there.
    public var hash: Hash256

    public init(place: Place, hash: Hash256) {
        self.place = place
        self.hash = hash
    }
}

/// `instance_removed`.
public struct InstanceRemoved: Sendable {
    public var instance: InstanceID
    /// How far its log counts; nil = nothing of it does, and where an instance leaves.
    public var fence: Fence?
    public var reason: String?
    /// Whether all it let in goes too, and all these let in, if nobody else let them in.
    public var removesInvited: Bool

    public init(instance: InstanceID, fence: Fence?, reason: String? = nil, removesInvited: Bool = false) {
        self.instance = instance
        self.fence = fence
        self.reason = reason
        self.removesInvited = removesInvited
    }
}

/// The identity signature of one successor under a transfer.
public struct Cosignature: Hashable, Sendable {
    public var identityKey: PublicKey
    /// 64 bytes over `OwnerChanged.signedText`.
    public var signature: [UInt8]

    public init(identityKey: PublicKey, signature: [UInt8]) {
        self.identityKey = identityKey
        self.signature = signature
    }
}

/// Who says that a group has a new owner; nobody has checked it yet.
public enum OwnerAuthority: Hashable, Sendable {
    /// The old owner's identity key: 64 bytes.
    case owner(signature: [UInt8])
    /// Some of the successors, in any order, perhaps one of them twice.
    case quorum([Cosignature])
}

/// `owner_changed`: the same statement in the old owner's log and word for word in the new one's.
public struct OwnerChanged: Sendable {
    /// This makes the n-th owner after the founder: 1, 2, ...
    public let n: Int64
    public let to: AgentSnapshot
    /// The end of the old owner's log just before.
    public let pin: Fence
    /// The identity keys that may name the next owner from now on; nil = as before.
    public let successors: [PublicKey]?
    /// How many of them it takes; nil = as before.
    public let quorum: Int64?
    public var authority: OwnerAuthority
    /// All members but `signature` and `cosigs`, as they were read or will be written, sorted: what is signed.
    ///
    /// It is kept beside the fields because a reader must not lose what it does not know or would spell otherwise.
    let statement: [JSONMember]

    /// - Parameter extra: members this version does not know; those of a name it knows are left out.
    public init(
        n: Int64,
        to: AgentSnapshot,
        pin: Fence,
        successors: [PublicKey]? = nil,
        quorum: Int64? = nil,
        authority: OwnerAuthority,
        extra: [JSONMember] = []
    ) {
        var members = extra.filter { !Self.isKnown($0) }
        members.append(JSONMember("n", .int(n)))
        members.append(JSONMember("pin", pin.json))
        members.append(JSONMember("to", to.json))
        if let successors {
            members.append(JSONMember("successors", .array(successors.map { .string($0.base64) })))
        }
        if let quorum { members.append(JSONMember("quorum", .int(quorum))) }
        self.init(
            n: n,
            to: to,
            pin: pin,
            successors: successors,
            quorum: quorum,
            authority: authority,
            statement: JSONValue.object(unsorted: members).members ?? []
        )
    }

    init(
        n: Int64,
        to: AgentSnapshot,
        pin: Fence,
        successors: [PublicKey]?,
        quorum: Int64?,
        authority: OwnerAuthority,
        statement: [JSONMember]
    ) {
        self.n = n
        self.to = to
        self.pin = pin
        self.successors = successors
        self.quorum = quorum
        self.authority = authority
        self.statement = statement
    }

    /// Members this version does not know, sorted by key; they are signed too.
    public var extra: [JSONMember] { statement.filter { !Self.isKnown($0) } }

    /// What the old owner or the successors sign: `"openhive-owner-v1\n"`, the group's id, `"\n"` and the RFC 8785 form
    /// of all members but `signature` and `cosigs`, unknown ones included (protocol, section 7).
    public func signedText(group: GroupID) -> [UInt8] {
        Array("openhive-owner-v1\n\(group.rawValue)\n".utf8) + JSONValue.object(statement).canonicalBytes()
    }

    private static func isKnown(_ member: JSONMember) -> Bool {
        ["cosigs", "n", "pin", "quorum", "signature", "successors", "to"].contains {
            $0.utf8.elementsEqual(member.key.utf8)
        }
    }
}
