/// Why a payload lacks what its type needs: the event is void.
struct VoidReason: Error {
    let text: String
}

/// The members of one object of a canonical payload, in place, without a tree.
///
/// It trusts that the bytes are valid JSON (they are canonical wherever an `Event` was made) and answers a `VoidReason`
/// where they are not.
struct PayloadFields {
    private struct Field {
        var key: JSONKey
        /// The offset of its value.
        var start: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    /// The member of the payload that this object is; empty for the payload itself.
    private let path: StaticString
    /// The instance most likely named, whose id then need not be made again.
    private let origin: InstanceID?
    private var fields: [Field] = []

    init(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int = 0,
        path: StaticString = "",
        origin: InstanceID? = nil
    ) throws(VoidReason) {
        self.bytes = bytes
        self.origin = origin
        self.path = path
        fields.reserveCapacity(8)
        var scanner = JSONScanner(bytes, from: start, limits: JSONLimits())
        do throws(JSONError) {
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                fields.append(Field(key: key, start: scanner.offset))
                _ = try scanner.skip()
            }
        } catch {
            throw VoidReason(text: "The payload can't be read: \(error.message)")
        }
    }

    func has(_ name: StaticString) -> Bool { start(of: name) != nil }

    // MARK: Scalars

    func string(_ name: StaticString) throws(VoidReason) -> String {
        try read(name, "a string") { (scanner) throws(JSONError) in try scanner.string() }
    }

    /// Nil for null, and where the member is missing.
    func optionalString(_ name: StaticString) throws(VoidReason) -> String? {
        guard start(of: name) != nil else { return nil }
        return try read(name, "a string or null") { (scanner) throws(JSONError) in
            try scanner.null() ? nil : try scanner.string()
        }
    }

    func integer(_ name: StaticString, _ range: ClosedRange<Int64>) throws(VoidReason) -> Int64 {
        let number = try read(name, "an integer") { (scanner) throws(JSONError) in try scanner.integer() }
        guard range.contains(number) else {
            throw fault(name, "is \(number), not \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `fallback` where the member is missing; null is no integer.
    func integer(
        _ name: StaticString,
        _ range: ClosedRange<Int64>,
        orMissing fallback: Int64
    ) throws(VoidReason) -> Int64 {
        has(name) ? try integer(name, range) : fallback
    }

    func bool(_ name: StaticString) throws(VoidReason) -> Bool {
        try read(name, "true or false") { (scanner) throws(JSONError) in try scanner.bool() }
    }

    // MARK: Ids and keys

    func entity(_ name: StaticString) throws(VoidReason) -> EntityID {
        guard let id = EntityID(try string(name)) else { throw fault(name, "should be an id of 1 to 80 characters") }
        return id
    }

    /// Nil for null, and where the member is missing.
    func optionalEntity(_ name: StaticString) throws(VoidReason) -> EntityID? {
        guard let text = try optionalString(name) else { return nil }
        guard let id = EntityID(text) else { throw fault(name, "should be an id of 1 to 80 characters, or null") }
        return id
    }

    func instance(_ name: StaticString) throws(VoidReason) -> InstanceID {
        if let origin, let start = start(of: name), spells(origin.rawValue, at: start) { return origin }
        guard let id = InstanceID(try string(name)) else { throw fault(name, "should be the id of an instance") }
        return id
    }

    func publicKey(_ name: StaticString) throws(VoidReason) -> PublicKey {
        guard let key = PublicKey(base64: try string(name)) else { throw fault(name, "should be a key in base64") }
        return key
    }

    /// A text that is one of a list.
    func choice<Choice: RawRepresentable<String>>(_ name: StaticString, _: Choice.Type) throws(VoidReason) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else { throw fault(name, "is none of the known words") }
        return choice
    }

    func logKey() throws(VoidReason) -> LogKey {
        let signingKey = try publicKey("signing_key")
        return LogKey(signingKey: signingKey, certificate: try signature("key_cert"))
    }

    /// 64 bytes.
    func signature(_ name: StaticString) throws(VoidReason) -> [UInt8] {
        guard let signature = Base64.decode(try string(name)), signature.count == 64 else {
            throw fault(name, "should be a signature in base64")
        }
        return signature
    }

    func hash(_ name: StaticString) throws(VoidReason) -> Hash256 {
        guard let hash = Hash256(hex: try string(name)) else {
            throw fault(name, "should be a hash in lower-case hex")
        }
        return hash
    }

    // MARK: Objects and arrays

    func object(_ name: StaticString) throws(VoidReason) -> PayloadFields {
        guard let start = start(of: name) else { throw fault(name, "is missing") }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { throw fault(name, "should be an object") }
        return try PayloadFields(bytes, from: start, path: name, origin: origin)
    }

    /// Nil for null, and where the member is missing.
    func optionalObject(_ name: StaticString) throws(VoidReason) -> PayloadFields? {
        guard let start = start(of: name), !Bytes.matches(bytes, at: start, "null") else { return nil }
        return try object(name)
    }

    /// All members but those named as trees, sorted.
    func members(but names: StaticString...) throws(VoidReason) -> [JSONMember] {
        var members = [JSONMember]()
        for field in fields where !names.contains(where: { field.key.is($0) }) {
            var scanner = JSONScanner(bytes, from: field.start, limits: JSONLimits())
            do throws(JSONError) {
                members.append(JSONMember(field.key.text, try scanner.value()))
            } catch {
                throw VoidReason(text: "The payload can't be read: \(error.message)")
            }
        }
        return JSONValue.object(unsorted: members).members ?? []
    }

    /// A member as a tree, for what is rare.
    func value(_ name: StaticString) throws(VoidReason) -> JSONValue {
        try read(name, "there") { (scanner) throws(JSONError) in try scanner.value() }
    }

    /// `{instance_id, agent_id, name, avatar_url}`; a picture may be missing.
    func agent(_ name: StaticString) throws(VoidReason) -> AgentSnapshot {
        let fields = try object(name)
        return AgentSnapshot(
            key: try fields.agentKey(),
            name: try fields.string("name"),
            avatarURL: try fields.optionalString("avatar_url")
        )
    }

    func agentKey() throws(VoidReason) -> AgentKey {
        AgentKey(instance: try instance("instance_id"), agent: try entity("agent_id"))
    }

    func fault(_ name: StaticString, _ what: String) -> VoidReason {
        let owner = path.utf8CodeUnitCount > 0 ? "\(path)." : ""
        return VoidReason(text: "\(owner)\(name) \(what).")
    }

    /// Whether the value at `start` is this text in quotes, as a text of plain ASCII always is written.
    private func spells(_ text: String, at start: Int) -> Bool {
        let end = start + text.utf8.count + 1
        guard end < bytes.count, bytes[start] == UInt8(ascii: "\""), bytes[end] == UInt8(ascii: "\"") else {
            return false
        }
        return Bytes.areEqual(UnsafeBufferPointer(rebasing: bytes[start + 1..<end]), text)
    }

    private func start(of name: StaticString) -> Int? { fields.first { $0.key.is(name) }?.start }

    private func read<Value>(
        _ name: StaticString,
        _ wanted: StaticString,
        _ body: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(VoidReason) -> Value {
        guard let start = start(of: name) else { throw fault(name, "is missing") }
        var scanner = JSONScanner(bytes, from: start, limits: JSONLimits())
        do throws(JSONError) {
            return try body(&scanner)
        } catch {
            throw fault(name, "should be \(wanted)")
        }
    }
}
