public import HiveModel
public import HiveSync

/// `GET /sync/v1/groups/:id/status`.
public struct GroupStatusReply: WireMessage, Hashable {
    public struct Peer: Hashable, Sendable {
        /// The peer's instance id, or the local id of its entry while that is unknown.
        public var id: String
        public var status: String
        /// Milliseconds since 1970; nil = never.
        public var lastSyncMs: Int64?
        /// Events the peer has not acknowledged; nil = unknown.
        public var lag: Int64?

        public init(id: String, status: String, lastSyncMs: Int64?, lag: Int64?) {
            self.id = id
            self.status = status
            self.lastSyncMs = lastSyncMs
            self.lag = lag
        }
    }

    public var peers: [Peer]
    /// The arrival number of the newest event.
    public var localSeq: Int64

    public init(peers: [Peer], localSeq: Int64) {
        self.peers = peers
        self.localSeq = localSeq
    }

    public init(_ fields: WireFields) throws(WireError) {
        peers = []
        for (index, value) in try fields.array("peers", countMax: WireLimits.headsMax).enumerated() {
            let entry = try WireFields(value, at: "peers[\(index)]")
            let peer = Peer(
                id: try entry.string("id", bytesMax: WireLimits.tokenBytesMax),
                status: try entry.string("status", bytesMax: WireLimits.tokenBytesMax),
                lastSyncMs: try entry.optionalInt("last_sync"),
                lag: try entry.optionalInt("lag")
            )
            peers.append(peer)
        }
        localSeq = try fields.int("local_seq")
    }

    public var json: JSONValue {
        let entries = peers.map { peer in
            JSONValue.members([
                ("id", .string(peer.id)), ("status", .string(peer.status)),
                ("last_sync", .number(peer.lastSyncMs) ?? .null), ("lag", .number(peer.lag) ?? .null),
            ])
        }
        return .members([("peers", .array(entries)), ("local_seq", .int(localSeq))])
    }
}

/// `GET /sync/v1/groups/:id/heads`.
public struct HeadsReply: WireMessage, Hashable {
    public var groupID: GroupID
    public var heads: GroupHeads
    public var localSeq: Int64

    public init(groupID: GroupID, heads: GroupHeads, localSeq: Int64) {
        self.groupID = groupID
        self.heads = heads
        self.localSeq = localSeq
    }

    public init(_ fields: WireFields) throws(WireError) {
        groupID = try fields.group("group_id")
        heads = GroupHeads(
            heads: try fields.heads("heads"),
            digest: try fields.hash("heads_digest"),
            stateRoot: try fields.optionalHash("state_root")
        )
        localSeq = try fields.int("local_seq")
    }

    public var json: JSONValue {
        .members([
            ("group_id", .string(groupID.rawValue)), ("heads", WireHeads.json(heads.heads)),
            ("heads_digest", .hex(heads.digest)), ("state_root", .hex(heads.stateRoot)), ("local_seq", .int(localSeq)),
        ])
    }
}

/// The body of every refusal: `{"error": "Forbidden", "message": "..."}`.
public struct ErrorBody: WireMessage, Hashable {
    /// The title of the HTTP status.
    public var error: String
    /// A sentence that says what is wrong.
    public var message: String

    public init(error: String, message: String) {
        self.error = error
        self.message = message
    }

    public init(_ fields: WireFields) throws(WireError) {
        error = try fields.string("error", bytesMax: WireLimits.tokenBytesMax)
        message = try fields.optionalString("message", bytesMax: WireLimits.sentenceBytesMax) ?? error
    }

    public var json: JSONValue { .members([("error", .string(error)), ("message", .string(message))]) }
}
