public import HiveModel
public import HiveSync

/// `POST /sync/v1/groups/:id/leave`: `{"event": {...}}`, the caller's own signed `instance_removed` (protocol, section
/// 7).
public struct LeaveRequest: WireMessage, Hashable {
    /// The event as JSON text, to be read by an `EventParser`.
    public var event: [UInt8]

    public init(event: [UInt8]) {
        self.event = event
    }

    public init(_ fields: WireFields) throws(WireError) {
        let value = try fields.required("event")
        guard value.members != nil else { throw fields.fault("event", "the signed instance_removed of the caller") }
        event = value.canonicalBytes()
    }

    public var json: JSONValue { .members([("event", try? JSONValue(parsing: event))]) }
}

/// The reply: the removal is durable, and so is what these heads name.
public struct LeaveReply: WireMessage, Hashable {
    public var heads: [LogHead]

    public init(heads: [LogHead]) {
        self.heads = heads
    }

    public init(_ fields: WireFields) throws(WireError) {
        guard try fields.bool("ok") else { throw fields.fault("ok", "true") }
        heads = try fields.heads("heads")
    }

    public var json: JSONValue { .members([("ok", .bool(true)), ("heads", WireHeads.json(heads))]) }
}

/// A refusal that shows why a membership ended: `{"error", "message", "removal": {...}}`, the removal a whole event.
///
/// It names the caller, which was removed or has left; or whoever answers, which has left itself.
public struct RemovalRefusal: WireMessage, Hashable {
    /// The name of the member.
    public static let member = "removal"

    /// A sentence that says what is wrong.
    public var message: String
    /// The event as JSON text, to be read by an `EventParser`.
    public var removal: [UInt8]

    public init(_ fields: WireFields) throws(WireError) {
        message = try fields.string("message", bytesMax: WireLimits.sentenceBytesMax)
        let value = try fields.required(Self.member)
        guard value.members != nil else { throw fields.fault(Self.member, "an event") }
        removal = value.canonicalBytes()
    }

    public var json: JSONValue {
        .members([
            ("error", .string("Forbidden")), ("message", .string(message)),
            (Self.member, try? JSONValue(parsing: removal)),
        ])
    }
}
