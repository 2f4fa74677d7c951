extension Event {
    /// Makes and signs an event.
    /// - Parameters:
    ///   - header: complete but for the payload's hash, which is set here.
    ///   - payload: in RFC 8785 form.
    public init(header: EventHeader, payload: [UInt8], signer: some Signer, hashing: some Hashing) {
        var header = header
        header.payloadHash = hashing.sha256(payload)
        let hash = header.hash(hashing)
        let signature = signer.sign(Event.signingMessage(hash))
        self.init(header: header, payload: payload, signature: signature, hash: hash)
    }

    /// What an event's signature is over: `openhive-event-v1`, a line feed and the event hash in hex.
    public static func signingMessage(_ hash: Hash256) -> [UInt8] {
        var message = [UInt8]()
        message.reserveCapacity(signingMark.count + Hash256.byteCount * 2)
        message.append(contentsOf: signingMark)
        hash.appendHex(to: &message)
        return message
    }

    private static let signingMark = Array("openhive-event-v1\n".utf8)

    /// Whether the event's own signature is valid under its log's key.
    public func isSigned(by key: PublicKey, _ crypto: some Verifier) -> Bool {
        crypto.isValid(signature: signature, message: Event.signingMessage(hash), key: key)
    }

    /// The group the event belongs to; of a genesis, the one it makes.
    public var groupID: GroupID { header.groupID ?? GroupID(genesisHash: hash) }

    /// Appends the wire form: one JSON object with all members, the group's id in a genesis too, and no line feed.
    public func writeWire(into bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: bytes)
        bytes = []
        write(to: &writer)
        bytes = writer.bytes
    }

    /// The wire form.
    public func wireBytes() -> [UInt8] {
        var writer = JSONWriter(capacity: payload.count + 800)
        write(to: &writer)
        return writer.bytes
    }
}

extension Event: JSONWritable {
    /// Writes the wire form.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        header.writeMembers(groupID: groupID.rawValue, to: &writer)
        writer.key("id")
        writer.identifier(prefix: header.origin.prefix, hash: hash)
        writer.key("payload")
        writer.raw(payload)
        writer.key("signature")
        writer.base64(signature)
        writer.endObject()
    }
}
