import HiveModel
public import HiveSync

/// `POST /sync/v1/groups/:id/events`: the body `{"events": [...], "sender_seq": ..., "heads": {...},
/// "proofs": [...], "transfers": [...], "introductions": [...]}`, the last four where there are any.
public struct PushRequest: Sendable {
    /// The whole body, in which the events stay until they are parsed.
    public let body: [UInt8]
    /// Where each event stands in `body`.
    public let events: [Range<Int>]
    /// The sender's newest arrival number.
    public let senderSeq: Int64
    /// The sender's heads, by instance id; nil where it does not tell.
    public let heads: [LogHead]?
    /// Fork proofs, transfers of ownership and introductions, to be taken before the events; unread.
    public let evidence: WireEvidence

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
        evidence = WireEvidence(
            proofs: spans.proofs.map { Array(body[$0]) },
            transfers: spans.transfers.map { Array(body[$0]) },
            introductions: spans.introductions.map { Array(body[$0]) }
        )
    }

    /// The body of a push of the events in `lines`, NDJSON.
    public static func body(
        lines: [UInt8],
        senderSeq: Int64,
        heads: [LogHead]?,
        evidence: WireEvidence = WireEvidence()
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: lines.count + evidence.byteCount + 256)
        writer.beginObject()
        writer.key("events")
        WireEvents.write(lines: lines, to: &writer)
        writer.key("sender_seq")
        writer.int(senderSeq)
        if let heads {
            writer.key("heads")
            WireHeads.json(heads).write(to: &writer)
        }
        evidence.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}

/// The parts of a push body.
private struct PushSpans {
    var events: [Range<Int>] = []
    var proofs: [Range<Int>] = []
    var transfers: [Range<Int>] = []
    var introductions: [Range<Int>] = []
    /// The other members, each from its key to the end of its value.
    var others: [Range<Int>] = []
    /// The lists found so far.
    private var lists: [String] = []

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
        guard lists.contains("events") else { throw WireError(.field, field: "events", "events is missing.") }
    }

    private mutating func member(_ spans: inout JSONSpans, _ bytes: UnsafeBufferPointer<UInt8>) throws(WireError) {
        _ = spans.next()
        let start = spans.offset
        guard let key = spans.string(), spans.take(UInt8(ascii: ":")) else {
            throw Self.notJSON("The body should have a member's name in quotes and a colon at byte \(start).")
        }
        if try Self.list("events", key, bytes, &spans, &lists, &events, countMax: WireLimits.pushEventsMax) { return }
        if try Self.list("proofs", key, bytes, &spans, &lists, &proofs, countMax: WireLimits.evidenceMax) { return }
        if try Self.list("transfers", key, bytes, &spans, &lists, &transfers, countMax: WireLimits.evidenceMax) {
            return
        }
        let stepsMax = WireLimits.introductionsMax
        if try Self.list("introductions", key, bytes, &spans, &lists, &introductions, countMax: stepsMax) { return }
        guard let value = spans.value() else { throw Self.notJSON("The body ends inside a value.") }
        others.append(start..<value.upperBound)
    }

    /// Where the member is the list `name`, finds its elements.
    private static func list(
        _ name: String,
        _ key: Range<Int>,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ spans: inout JSONSpans,
        _ lists: inout [String],
        _ found: inout [Range<Int>],
        countMax: Int
    ) throws(WireError) -> Bool {
        guard bytes[key].elementsEqual(name.utf8) else { return false }
        guard !lists.contains(name) else { throw WireError(.field, field: name, "\(name) is there twice.") }
        lists.append(name)
        guard spans.take(UInt8(ascii: "[")) else {
            throw WireError(.field, field: name, "\(name) should be a list.")
        }
        if spans.take(UInt8(ascii: "]")) { return true }
        repeat {
            guard let range = spans.value() else {
                let index = found.count
                let part = "\(name)[\(index)]"
                throw WireError(.event, field: part, index: index, "\(part) is cut off.")
            }
            guard found.count < countMax else {
                throw WireError(.tooLarge, field: name, "\(name) has more than \(countMax) entries.")
            }
            found.append(range)
        } while spans.take(UInt8(ascii: ","))
        guard spans.take(UInt8(ascii: "]")) else {
            throw noComma("The list \(name)", at: spans.offset)
        }
        return true
    }

    private static func noComma(_ part: String, at offset: Int) -> WireError {
        notJSON("\(part) is cut off, or has something after a value that is no comma (byte \(offset)).")
    }

    private static func notJSON(_ message: String) -> WireError { WireError(.notJSON, message) }
}
