extension PublicKey {
    /// RFC 8410: what comes before the 32 bytes in a DER SubjectPublicKeyInfo of Ed25519.
    private static let derPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// Standard base64 of the 32 raw bytes.
    public var base64: String { Base64.encode(bytes) }

    /// Reads standard base64 of the 32 raw bytes, or of their DER SubjectPublicKeyInfo.
    public init?(base64: String) {
        guard let decoded = Base64.decode(base64) else { return nil }
        if decoded.count == Self.derPrefix.count + 32, decoded.starts(with: Self.derPrefix) {
            self.init(bytes: Array(decoded.dropFirst(Self.derPrefix.count)))
        } else {
            self.init(bytes: decoded)
        }
    }
}

extension InstanceID {
    /// The id that commits to `identityKey` (protocol, section 1).
    public init(identityKey: PublicKey, hashing: some Hashing) {
        let hash = hashing.sha256(Array("openhive-instance-v1".utf8) + identityKey.bytes)
        self.init(unchecked: Self.mark + Base32.encode(hash.bytes, length: Base32.identifierLength))
    }
}

extension LogKey {
    /// What an identity key signs to certify the key of a log (protocol, section 1).
    /// - Parameters:
    ///   - groupID: nil in the genesis, which has no id yet; `closed` is empty there.
    ///   - closed: where each lower epoch ends.
    public static func certificateMessage(
        groupID: GroupID?,
        instance: InstanceID,
        epoch: Int64,
        signingKey: PublicKey,
        closed: [ClosedEpoch],
        hashing: some Hashing
    ) -> [UInt8] {
        var writer = JSONWriter()
        ClosedEpoch.write(closed, to: &writer)
        let lines = [
            "openhive-log-v1", groupID?.rawValue ?? "", instance.rawValue, String(epoch), signingKey.base64,
            hashing.sha256(writer.bytes).hex,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }
}

extension ClosedEpoch {
    /// Writes `{"<epoch>": [seq, hash], ...}` with its keys in canonical order.
    static func write(_ closed: [ClosedEpoch], to writer: inout JSONWriter) {
        let members = closed.map {
            JSONMember(String($0.last.epoch), .array([.int($0.last.seq), .string($0.hash.hex)]))
        }
        JSONValue.object(unsorted: members).write(to: &writer)
    }
}
