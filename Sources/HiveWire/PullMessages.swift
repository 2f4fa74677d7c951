public import HiveModel
public import HiveSync

/// `POST /sync/v1/groups/:id/pull`: what the caller holds, and how much it takes.
public struct PullRequest: WireMessage, Hashable {
    /// By instance id.
    public var heads: [LogHead]
    /// Bytes of events the answer should stay below; a whole run is sent in any case.
    public var maxBytes: Int64
    /// Seconds the answer may wait for news, 0 to 60.
    public var waitSeconds: Int64

    public init(heads: [LogHead], maxBytes: Int64, waitSeconds: Int64 = 0) {
        self.heads = heads
        self.maxBytes = maxBytes
        self.waitSeconds = waitSeconds
    }

    public init(_ fields: WireFields) throws(WireError) {
        heads = try fields.heads("heads")
        maxBytes = try fields.int("max_bytes", in: 1...Limits.integerMax)
        waitSeconds = try fields.optionalInt("wait_s", in: 0...WireLimits.waitSecondsMax) ?? 0
    }

    public var json: JSONValue {
        .members([
            ("heads", WireHeads.json(heads)), ("max_bytes", .int(maxBytes)), ("wait_s", .int(waitSeconds)),
        ])
    }
}

/// The last line of a stream of events: `{"end": {"heads": {...}, "has_more": false, "server_time": ...}}`.
///
/// It stands alone in its line's object, which tells it from an event.
public struct PullEnd: WireMessage, Hashable {
    /// The sender's heads, by instance id, read before the last events were.
    public var heads: [LogHead]
    /// The answer stopped at `max_bytes`.
    public var hasMore: Bool
    /// The sender's wall clock, milliseconds since 1970.
    public var serverTimeMs: Int64

    public init(heads: [LogHead], hasMore: Bool, serverTimeMs: Int64) {
        self.heads = heads
        self.hasMore = hasMore
        self.serverTimeMs = serverTimeMs
    }

    public init(_ fields: WireFields) throws(WireError) {
        let end = try fields.object("end")
        heads = try end.heads("heads")
        hasMore = try end.bool("has_more")
        serverTimeMs = try end.int("server_time")
    }

    public var json: JSONValue {
        let end = JSONValue.members([
            ("heads", WireHeads.json(heads)), ("has_more", .bool(hasMore)), ("server_time", .int(serverTimeMs)),
        ])
        return .members([("end", end)])
    }

    /// The line with its line feed.
    public var line: [UInt8] { body + [0x0A] }
}

/// `GET /sync/v1/groups/:id/events?since&limit`: a page by arrival number, its events in wire form.
public struct EventPageReply: Sendable {
    /// NDJSON: each event followed by a line feed.
    public var lines: [UInt8]
    public var nextSeq: Int64
    public var hasMore: Bool
    /// Arrival numbers of another incarnation mean nothing here.
    public var incarnation: String

    public init(lines: [UInt8], nextSeq: Int64, hasMore: Bool, incarnation: String) {
        self.lines = lines
        self.nextSeq = nextSeq
        self.hasMore = hasMore
        self.incarnation = incarnation
    }

    /// `{"events": [...], "next_seq": ..., "has_more": ..., "incarnation": "..."}`.
    public var body: [UInt8] {
        var writer = JSONWriter(capacity: lines.count + 128)
        writer.beginObject()
        writer.key("events")
        WireEvents.write(lines: lines, to: &writer)
        writer.key("next_seq")
        writer.int(nextSeq)
        writer.key("has_more")
        writer.bool(hasMore)
        writer.key("incarnation")
        writer.string(incarnation)
        writer.endObject()
        return writer.bytes
    }
}
