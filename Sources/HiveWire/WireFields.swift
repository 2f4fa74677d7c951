import HiveModel

/// The members of a JSON object that is read field by field; every error names the member.
public struct WireFields: Sendable {
    /// Where the object stands in the message: "" or `groups.sg_...` with a full stop behind it.
    let path: String
    let members: [JSONMember]

    /// Reads a body that is one JSON object.
    public init(parsing body: [UInt8], bytesMax: Int) throws(WireError) {
        guard body.count <= bytesMax else {
            throw WireError(.tooLarge, "The body is \(body.count) bytes long; at most \(bytesMax) are taken.")
        }
        let limits = JSONLimits(bytesMax: bytesMax, depthMax: WireLimits.depthMax)
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: limits)
        } catch {
            throw WireError(.notJSON, "The body is not the JSON it should be: \(error.description)")
        }
        try self.init(value, at: "")
    }

    /// The members of `value`, which stands at `path` of a message.
    init(_ value: JSONValue, at path: String) throws(WireError) {
        guard case .object(let members) = value else {
            let name = path.isEmpty ? "The body" : path
            throw WireError(.field, field: path, "\(name) should be a JSON object.")
        }
        self.path = path.isEmpty ? "" : path + "."
        self.members = members
    }

    /// The full name of a member.
    func name(_ key: String) -> String { path + key }

    func fault(_ key: String, _ wanted: String) -> WireError {
        WireError(.field, field: name(key), "\(name(key)) should be \(wanted).")
    }

    /// The value of a member; nil where it is absent or null.
    func value(_ key: String) -> JSONValue? {
        guard let value = members.first(where: { $0.key.utf8.elementsEqual(key.utf8) })?.value, !value.isNull else {
            return nil
        }
        return value
    }

    func required(_ key: String) throws(WireError) -> JSONValue {
        guard let value = value(key) else {
            throw WireError(.field, field: name(key), "\(name(key)) is missing.")
        }
        return value
    }

    /// The members not named in `known`, to be kept because they are signed.
    func others(than known: [String]) -> [JSONMember] {
        members.filter { member in !known.contains { $0.utf8.elementsEqual(member.key.utf8) } }
    }
}

// MARK: Scalars

extension WireFields {
    func int(_ key: String, in range: ClosedRange<Int64> = 0...Limits.integerMax) throws(WireError) -> Int64 {
        guard let number = try required(key).int, range.contains(number) else {
            throw fault(key, "an integer of \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func optionalInt(
        _ key: String,
        in range: ClosedRange<Int64> = 0...Limits.integerMax
    ) throws(WireError) -> Int64? {
        value(key) == nil ? nil : try int(key, in: range)
    }

    func bool(_ key: String) throws(WireError) -> Bool {
        guard let flag = try required(key).bool else { throw fault(key, "true or false") }
        return flag
    }

    /// A text of 1 to `bytesMax` bytes.
    func string(_ key: String, bytesMax: Int) throws(WireError) -> String {
        guard let text = try required(key).string, !text.isEmpty else { throw fault(key, "a text that is not empty") }
        guard text.utf8.count <= bytesMax else {
            let message = "\(name(key)) is \(text.utf8.count) bytes long; at most \(bytesMax) are taken."
            throw WireError(.tooLarge, field: name(key), message)
        }
        return text
    }

    func optionalString(_ key: String, bytesMax: Int) throws(WireError) -> String? {
        value(key) == nil ? nil : try string(key, bytesMax: bytesMax)
    }
}

// MARK: Ids, keys, hashes

extension WireFields {
    func instance(_ key: String) throws(WireError) -> InstanceID {
        guard let id = InstanceID(try string(key, bytesMax: WireLimits.tokenBytesMax)) else {
            throw fault(key, "an instance id: inst_ and 26 characters of a-z and 2-7")
        }
        return id
    }

    func group(_ key: String) throws(WireError) -> GroupID {
        guard let id = GroupID(try string(key, bytesMax: WireLimits.tokenBytesMax)) else {
            throw fault(key, "a group id: sg_ and 26 characters of a-z and 2-7")
        }
        return id
    }

    func optionalGroup(_ key: String) throws(WireError) -> GroupID? {
        value(key) == nil ? nil : try group(key)
    }

    func hash(_ key: String) throws(WireError) -> Hash256 {
        guard let hash = Hash256(hex: try string(key, bytesMax: WireLimits.tokenBytesMax)) else {
            throw fault(key, "64 digits of lower-case hex")
        }
        return hash
    }

    func optionalHash(_ key: String) throws(WireError) -> Hash256? {
        value(key) == nil ? nil : try hash(key)
    }

    func publicKey(_ key: String) throws(WireError) -> PublicKey {
        guard let publicKey = PublicKey(base64: try string(key, bytesMax: WireLimits.tokenBytesMax)) else {
            throw fault(key, "an Ed25519 public key in base64")
        }
        return publicKey
    }

    /// Standard base64 of 1 to `bytesMax` bytes.
    func bytes(_ key: String, bytesMax: Int) throws(WireError) -> [UInt8] {
        let text = try string(key, bytesMax: (bytesMax + 2) / 3 * 4)
        guard let bytes = Base64.decode(text), bytes.count <= bytesMax else { throw fault(key, "standard base64") }
        return bytes
    }

    /// Standard base64 of exactly `count` bytes.
    func bytes(_ key: String, count: Int) throws(WireError) -> [UInt8] {
        let bytes = try bytes(key, bytesMax: count)
        guard bytes.count == count else { throw fault(key, "standard base64 of \(count) bytes") }
        return bytes
    }

    func role(_ key: String) throws(WireError) -> MemberRole {
        guard let role = MemberRole(rawValue: try string(key, bytesMax: WireLimits.tokenBytesMax)) else {
            throw fault(key, "one of owner, admin, member, readonly")
        }
        return role
    }
}

// MARK: Lists and objects

extension WireFields {
    func object(_ key: String) throws(WireError) -> WireFields {
        try WireFields(try required(key), at: name(key))
    }

    /// The members of the object `key`, at most `countMax`.
    func object(_ key: String, countMax: Int) throws(WireError) -> WireFields {
        let fields = try object(key)
        guard fields.members.count <= countMax else { throw tooMany(key, fields.members.count, countMax) }
        return fields
    }

    /// The elements of the list `key`; none where it is absent.
    func array(_ key: String, countMax: Int) throws(WireError) -> [JSONValue] {
        guard let value = value(key) else { return [] }
        guard let elements = value.array else { throw fault(key, "a list") }
        guard elements.count <= countMax else { throw tooMany(key, elements.count, countMax) }
        return elements
    }

    func tooMany(_ key: String, _ count: Int, _ countMax: Int) -> WireError {
        WireError(.tooLarge, field: name(key), "\(name(key)) has \(count) entries; at most \(countMax) are taken.")
    }
}

extension JSONValue {
    /// An object of the members that have a value, in canonical order.
    static func members(_ members: [(String, JSONValue?)], extra: [JSONMember] = []) -> JSONValue {
        .object(unsorted: members.compactMap { key, value in value.map { JSONMember(key, $0) } } + extra)
    }

    static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }
    static func number(_ number: Int64?) -> JSONValue? { number.map { .int($0) } }
    static func hex(_ hash: Hash256?) -> JSONValue? { hash.map { .string($0.hex) } }
    static func base64(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }
}
