import HiveModel
public import HiveSync

/// `{"name": ..., "record": {...}, "ttl": 2}`, an entry of a heartbeat's `known_peers` (protocol, section 8).
extension GossipEntry {
    init(_ fields: WireFields) throws(WireError) {
        self.init(
            name: try fields.string("name", bytesMax: WireLimits.nameBytesMax),
            record: try SignedPeerRecord(try fields.object("record")),
            ttl: try fields.int("ttl", in: 0...WireLimits.ttlMax)
        )
    }

    var json: JSONValue {
        .members([("name", .string(name)), ("record", record.json), ("ttl", .int(ttl))])
    }
}

extension SignedPeerRecord {
    private static let known = ["instance_id", "endpoints", "links", "record_seq", "expires", "signature"]

    /// Reads a record that was kept as JSON.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        try self.init(try WireFields(parsing: bytes, bytesMax: WireLimits.messageBytesMax))
    }

    init(_ fields: WireFields) throws(WireError) {
        var endpoints: [String] = []
        for (index, value) in try fields.array("endpoints", countMax: Self.endpointsMax).enumerated() {
            guard let endpoint = value.string, (1...WireLimits.endpointBytesMax).contains(endpoint.utf8.count) else {
                throw fields.fault("endpoints[\(index)]", "an address")
            }
            endpoints.append(endpoint)
        }
        guard !endpoints.isEmpty else { throw fields.fault("endpoints", "a list of at least one address") }
        var links: [InstanceID] = []
        for (index, value) in try fields.array("links", countMax: Self.linksMax).enumerated() {
            guard let link = value.string.flatMap({ InstanceID($0) }) else {
                throw fields.fault("links[\(index)]", "an instance id")
            }
            links.append(link)
        }
        self.init(
            instance: try fields.instance("instance_id"),
            endpoints: endpoints,
            links: links,
            recordSeq: try fields.int("record_seq"),
            expiresMs: try fields.int("expires"),
            signature: try fields.bytes("signature", count: 64),
            extra: fields.others(than: Self.known)
        )
    }
}

extension WireFields {
    /// The entries of a list of peers; none where it is absent.
    func gossip(_ key: String) throws(WireError) -> [GossipEntry] {
        var entries: [GossipEntry] = []
        for (index, value) in try array(key, countMax: GossipSettings.entriesMax).enumerated() {
            entries.append(try GossipEntry(try WireFields(value, at: "\(name(key))[\(index)]")))
        }
        return entries
    }
}
