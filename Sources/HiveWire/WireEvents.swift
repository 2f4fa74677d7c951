public import HiveModel
public import HiveSync

/// Lists of events in bodies and streams, found and written without touching the events.
public enum WireEvents {
    /// Writes the list of the events in `lines`, NDJSON, one each line.
    static func write(lines: [UInt8], to writer: inout JSONWriter) {
        writer.beginArray()
        for range in LineSplitter.ranges(of: lines) { writer.raw(lines[range]) }
        writer.endArray()
    }

    /// Reads the events that stand at `ranges` of `bytes`.
    /// - Throws: `WireError` that names the first that can't be read, by its index.
    public static func parse(
        _ bytes: [UInt8],
        at ranges: [Range<Int>],
        group: GroupID,
        _ hashing: some Hashing
    ) throws(WireError) -> [Event] {
        var parser = EventParser(groupID: group)
        var events: [Event] = []
        events.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            do {
                events.append(try parser.parse(bytes, in: range, hashing: hashing))
            } catch {
                throw WireError(
                    .event,
                    field: "events[\(index)]",
                    index: index,
                    "events[\(index)] can't be taken: \(error.message)"
                )
            }
        }
        return events
    }
}

/// `POST /sync/v1/groups/:id/events`: the body `{"events": [...], "sender_seq": ..., "heads": {...}}`.
public struct PushRequest: Sendable {
    /// The whole body, in which the events stay until they are parsed.
    public let body: [UInt8]
    /// Where each event stands in `body`.
    public let events: [Range<Int>]
    /// The sender's newest arrival number.
    public let senderSeq: Int64
    /// The sender's heads, by instance id; nil where it does not tell.
    public let heads: [LogHead]?

    /// Finds the parts of a body; the events themselves are read by `WireEvents.parse`.
    public init(parsing body: [UInt8]) throws(WireError) {
        guard body.count <= WireLimits.pushBytesMax else {
            let message = "The body is \(body.count) bytes long; at most \(WireLimits.pushBytesMax) are taken."
            throw WireError(.tooLarge, message)
        }
        let spans = try body.withUnsafeBufferPointer { (buffer) throws(WireError) in try PushSpans(buffer) }
        self.body = body
        events = spans.events
        // The rest is small: read it as any message, with the events left out.
        var rest: [UInt8] = [UInt8(ascii: "{")]
        for range in spans.others {
            if rest.count > 1 { rest.append(UInt8(ascii: ",")) }
            guard rest.count + range.count <= WireLimits.messageBytesMax else {
                let message = "What stands beside the events is longer than \(WireLimits.messageBytesMax) bytes."
                throw WireError(.tooLarge, message)
            }
            rest.append(contentsOf: body[range])
        }
        rest.append(UInt8(ascii: "}"))
        let fields = try WireFields(parsing: rest, bytesMax: WireLimits.messageBytesMax + 2)
        senderSeq = try fields.int("sender_seq")
        heads = try fields.optionalHeads("heads")
    }

    /// The body of a push of the events in `lines`, NDJSON.
    public static func body(lines: [UInt8], senderSeq: Int64, heads: [LogHead]?) -> [UInt8] {
        var writer = JSONWriter(capacity: lines.count + 256)
        writer.beginObject()
        writer.key("events")
        WireEvents.write(lines: lines, to: &writer)
        writer.key("sender_seq")
        writer.int(senderSeq)
        if let heads {
            writer.key("heads")
            WireHeads.json(heads).write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// The parts of a push body.
private struct PushSpans {
    var events: [Range<Int>] = []
    /// The other members, each from its key to the end of its value.
    var others: [Range<Int>] = []
    private var hasEvents = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(WireError) {
        var spans = JSONSpans(bytes, in: bytes.indices)
        guard spans.take(UInt8(ascii: "{")) else { throw Self.notJSON("The body should be a JSON object.") }
        if !spans.take(UInt8(ascii: "}")) {
            repeat { try member(&spans, bytes) } while spans.take(UInt8(ascii: ","))
            guard spans.take(UInt8(ascii: "}")) else {
                throw Self.noComma("The body", at: spans.offset)
            }
        }
        guard spans.next() == nil else { throw Self.notJSON("Something follows the body's JSON object.") }
        guard hasEvents else { throw WireError(.field, field: "events", "events is missing.") }
    }

    private mutating func member(_ spans: inout JSONSpans, _ bytes: UnsafeBufferPointer<UInt8>) throws(WireError) {
        _ = spans.next()
        let start = spans.offset
        guard let key = spans.string(), spans.take(UInt8(ascii: ":")) else {
            throw Self.notJSON("The body should have a member's name in quotes and a colon at byte \(start).")
        }
        if bytes[key].elementsEqual("events".utf8) {
            guard !hasEvents else { throw WireError(.field, field: "events", "events is there twice.") }
            hasEvents = true
            try list(&spans)
        } else {
            guard let value = spans.value() else { throw Self.notJSON("The body ends inside a value.") }
            others.append(start..<value.upperBound)
        }
    }

    private mutating func list(_ spans: inout JSONSpans) throws(WireError) {
        guard spans.take(UInt8(ascii: "[")) else {
            throw WireError(.field, field: "events", "events should be a list.")
        }
        if spans.take(UInt8(ascii: "]")) { return }
        repeat {
            guard let range = spans.value() else {
                let index = events.count
                throw WireError(.event, field: "events[\(index)]", index: index, "events[\(index)] is cut off.")
            }
            guard events.count < WireLimits.pushEventsMax else {
                let message = "events has more than \(WireLimits.pushEventsMax) entries."
                throw WireError(.tooLarge, field: "events", message)
            }
            events.append(range)
        } while spans.take(UInt8(ascii: ","))
        guard spans.take(UInt8(ascii: "]")) else {
            throw Self.noComma("The list events", at: spans.offset)
        }
    }

    private static func noComma(_ part: String, at offset: Int) -> WireError {
        notJSON("\(part) is cut off, or has something after a value that is no comma (byte \(offset)).")
    }

    private static func notJSON(_ message: String) -> WireError { WireError(.notJSON, message) }
}
