/// Evidence that an instance signed two different events of one place (protocol, section 9).
///
/// As JSON `{"opening": <event>, "sides": [{"headers": [<header>, ...], "signature": "<base64>"}, ...]}`: two sides,
/// each with the headers from the place to the next event whose own signature is valid, and that signature. The smaller
/// first hash stands first. `opening` is the event that begins the log and names its key. Where the place is a log's
/// first there is none; each side then has `payload` too, that of its first header, which names its key.
///
/// A value of this type has this form. Who signed is said by `isValid` of the sync engine.
public struct ForkProof: Hashable, Sendable {
    public struct Side: Hashable, Sendable {
        /// 1 to 64, chained, consecutive.
        public var headers: [EventHeader]
        /// 64 bytes, of the last header's event.
        public var signature: [UInt8]
        /// Of the first header, in RFC 8785 form, where that is an opening.
        public var payload: [UInt8]?

        public init(headers: [EventHeader], signature: [UInt8], payload: [UInt8]? = nil) {
            self.headers = headers
            self.signature = signature
            self.payload = payload
        }
    }

    public let opening: Event?
    /// Two.
    public let sides: [Side]
    public let group: GroupID
    public let origin: InstanceID
    /// Where the two differ first.
    public let place: Place
    /// SHA-256 of the RFC 8785 form: `cut` of heads.
    public let hash: Hash256

    /// Nil where the parts are no proof of this form.
    public init?(opening: Event?, _ left: Side, _ right: Side, group: GroupID, hashing: some Hashing) {
        guard let first = left.headers.first, let second = right.headers.first else { return nil }
        let (leftHash, rightHash) = (first.hash(hashing), second.hash(hashing))
        guard first.origin == second.origin, first.place == second.place, first.prev == second.prev,
            leftHash != rightHash
        else { return nil }
        if first.place.seq == 1 {
            guard opening == nil else { return nil }
        } else {
            guard let opening, opening.header.origin == first.origin, opening.groupID == group,
                opening.header.place == Place(epoch: first.place.epoch, seq: 1)
            else { return nil }
        }
        guard left.isWellFormed(group: group, hashing), right.isWellFormed(group: group, hashing) else { return nil }
        self.opening = opening
        self.sides = leftHash < rightHash ? [left, right] : [right, left]
        self.group = group
        origin = first.origin
        place = first.place
        hash = hashing.sha256(Self.json(opening: opening, sides: sides).canonicalBytes())
    }

    /// Of two proofs about one epoch the smaller counts: the one whose place comes first, then that of smaller hash.
    public static func isSmaller(_ left: ForkProof, than right: ForkProof) -> Bool {
        (left.place, left.hash) < (right.place, right.hash)
    }
}

extension ForkProof.Side {
    fileprivate func isWellFormed(group: GroupID, _ hashing: some Hashing) -> Bool {
        guard (1...Limits.runEventsMax).contains(headers.count), signature.count == 64, let first = headers.first else {
            return false
        }
        if first.place.seq == 1 {
            guard first.type == .epochOpened, let payload, hashing.sha256(payload) == first.payloadHash else {
                return false
            }
        } else if payload != nil {
            return false
        }
        var before: EventHeader?
        for header in headers {
            guard header.groupID == group, header.origin == first.origin else { return false }
            if let before {
                guard header.place == Place(epoch: before.place.epoch, seq: before.place.seq + 1),
                    header.prev == before.hash(hashing)
                else { return false }
            }
            before = header
        }
        return true
    }
}

// MARK: JSON

extension ForkProof: JSONWritable {
    /// The RFC 8785 form.
    public func write(to writer: inout JSONWriter) { Self.json(opening: opening, sides: sides).write(to: &writer) }

    public var canonicalBytes: [UInt8] { JSONWriter.bytes(self) }

    private static func json(opening: Event?, sides: [Side]) -> JSONValue {
        var members: [JSONMember] = []
        if let opening { members.append(JSONMember("opening", tree(opening.wireBytes()))) }
        members.append(JSONMember("sides", .array(sides.map(json))))
        return .object(members)
    }

    private static func json(_ side: Side) -> JSONValue {
        var members = [JSONMember("headers", .array(side.headers.map { tree($0.canonicalBytes()) }))]
        if let payload = side.payload { members.append(JSONMember("payload", tree(payload))) }
        members.append(JSONMember("signature", .string(Base64.encode(side.signature))))
        return .object(members)
    }

    /// What was written here as JSON is JSON.
    private static func tree(_ bytes: [UInt8]) -> JSONValue {
        let limits = JSONLimits(depthMax: depthMax)
        return (try? JSONValue(parsing: bytes, limits: limits)) ?? .null
    }

    private static let depthMax = Limits.depthMax + 8

    /// Reads a proof about a log of `group`.
    ///
    /// Members beyond those of the form are faults, so that the hash says what was read.
    public init(parsing bytes: [UInt8], group: GroupID, hashing: some Hashing) throws(EventError) {
        let value: JSONValue
        do {
            value = try JSONValue(
                parsing: bytes,
                limits: JSONLimits(bytesMax: Limits.proofBytesMax, depthMax: Self.depthMax)
            )
        } catch {
            throw EventError(.notJSON, error.description)
        }
        var opening: Event?
        let members = try Self.members(of: value, allowed: ["opening", "sides"])
        if let text = members["opening"] {
            opening = try Event.parse(text.canonicalBytes()[...], groupID: group, hashing: hashing)
        }
        guard let sides = members["sides"]?.array, sides.count == 2 else {
            throw EventError(.malformed, "A fork proof has two sides.")
        }
        let (left, right) = (try Self.side(sides[0]), try Self.side(sides[1]))
        guard let proof = ForkProof(opening: opening, left, right, group: group, hashing: hashing),
            proof.sides[0] == left
        else { throw EventError(.malformed, "The sides of the fork proof do not show a fork of this group.") }
        self = proof
    }

    private static func side(_ value: JSONValue) throws(EventError) -> Side {
        let members = try members(of: value, allowed: ["headers", "payload", "signature"])
        guard let values = members["headers"]?.array, (1...Limits.runEventsMax).contains(values.count) else {
            throw EventError(.malformed, "A side of a fork proof has 1 to \(Limits.runEventsMax) headers.")
        }
        guard let signature = members["signature"]?.string.flatMap({ Base64.decode($0) }), signature.count == 64 else {
            throw EventError(.malformed, "A side of a fork proof has a signature in base64.")
        }
        var headers: [EventHeader] = []
        for value in values { headers.append(try EventHeader.parse(value.canonicalBytes())) }
        return Side(headers: headers, signature: signature, payload: members["payload"]?.canonicalBytes())
    }

    private static func members(
        of value: JSONValue,
        allowed: Set<String>
    ) throws(EventError) -> [String: JSONValue] {
        guard let members = value.members, members.allSatisfy({ allowed.contains($0.key) }) else {
            throw EventError(.malformed, "A part of the fork proof is no object of the members it should have.")
        }
        return Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
    }
}
