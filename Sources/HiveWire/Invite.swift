public import HiveModel

/// An invite as people pass it on: `ohi1_` and base64url of a JSON object.
///
/// Whoever holds it may join, until it is used up or expired; only its issuer redeems it.
public struct Invite: WireMessage, Hashable {
    public var groupID: GroupID
    public var groupName: String
    public var issuer: InstanceID
    /// Where the issuer can be called; each ends in `/sync/v1`.
    public var endpoints: [String]
    public var id: String
    /// 16 to 64 random bytes.
    public var secret: [UInt8]
    /// Milliseconds since 1970.
    public var expiresAtMs: Int64
    public var role: MemberRole

    public init(
        groupID: GroupID,
        groupName: String,
        issuer: InstanceID,
        endpoints: [String],
        id: String,
        secret: [UInt8],
        expiresAtMs: Int64,
        role: MemberRole
    ) {
        self.groupID = groupID
        self.groupName = groupName
        self.issuer = issuer
        self.endpoints = endpoints
        self.id = id
        self.secret = secret
        self.expiresAtMs = expiresAtMs
        self.role = role
    }

    public static let mark = "ohi1_"

    /// UTF-8 bytes of the longest text taken.
    public static let textBytesMax = 32 * 1024

    /// Reads what was passed on; white space around it is forgiven.
    public init(text: String) throws(WireError) {
        var bytes = text.utf8[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        guard bytes.starts(with: Self.mark.utf8) else {
            throw WireError(.field, field: "invite", "An invite begins with \(Self.mark).")
        }
        guard bytes.count <= Self.textBytesMax else {
            throw WireError(.tooLarge, field: "invite", "The invite is longer than \(Self.textBytesMax) bytes.")
        }
        let rest = String(decoding: bytes.dropFirst(Self.mark.utf8.count), as: UTF8.self)
        guard let json = Base64URL.decode(rest) else {
            let message = "The invite is not whole: what follows \(Self.mark) is not base64url."
            throw WireError(.field, field: "invite", message)
        }
        do {
            try self.init(parsing: json)
        } catch {
            throw WireError(error.code, field: error.field, "The invite can't be used: \(error.message)")
        }
    }

    /// The text to pass on: `ohi1_` and base64url.
    public var text: String { Self.mark + Base64URL.encode(body) }

    public init(_ fields: WireFields) throws(WireError) {
        groupID = try fields.group("group_id")
        groupName = try fields.string("group_name", bytesMax: WireLimits.nameBytesMax)
        issuer = try fields.instance("issuer")
        endpoints = []
        for (index, value) in try fields.array("endpoints", countMax: WireLimits.endpointsMax).enumerated() {
            guard let endpoint = value.string, (1...WireLimits.endpointBytesMax).contains(endpoint.utf8.count) else {
                throw fields.fault("endpoints[\(index)]", "an address")
            }
            endpoints.append(endpoint)
        }
        guard !endpoints.isEmpty else { throw fields.fault("endpoints", "a list of at least one address") }
        id = try fields.string("id", bytesMax: WireLimits.tokenBytesMax)
        secret = try fields.nonce("secret")
        expiresAtMs = try fields.int("expires_at")
        role = try fields.role("role")
        guard role != .owner else { throw fields.fault("role", "one of admin, member, readonly") }
    }

    public var json: JSONValue {
        .members([
            ("group_id", .string(groupID.rawValue)), ("group_name", .string(groupName)),
            ("issuer", .string(issuer.rawValue)), ("endpoints", .array(endpoints.map { .string($0) })),
            ("id", .string(id)), ("secret", .base64(secret)), ("expires_at", .int(expiresAtMs)),
            ("role", .string(role.rawValue)),
        ])
    }
}
