/// Reads events of one group from their wire form, checks their form and computes their hashes.
///
/// Keep one for many events: it keeps memory and the last instance's id. Signatures, chains and clocks are admission's.
public struct EventParser {
    public let groupID: GroupID
    private var lastOrigin: InstanceID?
    private var writer = JSONWriter(capacity: 1024)

    public init(groupID: GroupID) {
        self.groupID = groupID
    }

    /// Reads the one event that `bytes` hold.
    public mutating func parse(_ bytes: [UInt8], hashing: some Hashing) throws(EventError) -> Event {
        try parse(bytes, in: bytes.indices, hashing: hashing)
    }

    /// Reads the one event that stands in a part of `bytes`: a line, for example.
    public mutating func parse(
        _ bytes: [UInt8],
        in range: Range<Int>,
        hashing: some Hashing
    ) throws(EventError) -> Event {
        let range = range.clamped(to: bytes.indices)
        return try bytes.withUnsafeBufferPointer { (buffer) throws(EventError) in
            try parse(UnsafeBufferPointer(rebasing: buffer[range]), hashing: hashing)
        }
    }

    /// Reads the one event that `bytes` hold.
    public mutating func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        hashing: some Hashing
    ) throws(EventError) -> Event {
        var draft = EventDraft()
        var scanner = JSONScanner(bytes, limits: JSONLimits())
        do throws(JSONError) {
            try draft.read(&scanner, lastOrigin: lastOrigin)
            try scanner.finish()
        } catch {
            throw EventOutline(bytes).error(error)
        }
        return try finish(draft, bytes, hashing)
    }

    /// Makes the event of a well-formed draft and checks what hashes say.
    private mutating func finish(
        _ draft: EventDraft,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ hashing: some Hashing
    ) throws(EventError) -> Event {
        guard let origin = draft.origin, let type = draft.type, let payloadHash = draft.payloadHash,
            let id = draft.id, let group = draft.groupID
        else { throw EventError(.malformed, "The event lacks a member.") }
        lastOrigin = origin
        let place = Place(epoch: draft.epoch, seq: draft.seq)
        func fault(_ code: EventError.Code, _ message: String) -> EventError {
            EventError(code, message, origin: origin, place: place)
        }
        guard group.spells(groupID.rawValue) else { throw fault(.wrongGroup, "The event belongs to another group.") }
        var header = EventHeader(
            groupID: groupID,
            origin: origin,
            place: place,
            prev: draft.prev,
            time: HybridTime(ms: draft.ms, counter: draft.counter),
            at: draft.at,
            type: type,
            refs: draft.refs,
            payloadHash: payloadHash,
            extra: draft.extra
        )
        let isGenesis = header.isGenesis
        if isGenesis { header.groupID = nil }
        writer.reset()
        header.write(to: &writer)
        guard writer.bytes.count <= Limits.headerBytesMax else {
            throw fault(.malformed, "The header is longer than \(Limits.headerBytesMax) bytes.")
        }
        let event = Event(
            header: header,
            payload: draft.payload,
            signature: draft.signature,
            hash: hashing.sha256(writer.bytes)
        )
        guard hashing.sha256(event.payload) == payloadHash else {
            throw fault(.altered, "payload_hash is not the payload's.")
        }
        guard id.spells(event.id.rawValue) else { throw fault(.altered, "id is not the one of this content.") }
        if isGenesis, GroupID(genesisHash: event.hash) != groupID {
            throw fault(.altered, "The group's id is not the one of this genesis.")
        }
        return event
    }
}

extension Event {
    /// Reads the one event that `bytes` hold; an `EventParser` is faster for many.
    public static func parse(
        _ bytes: ArraySlice<UInt8>,
        groupID: GroupID,
        hashing: some Hashing
    ) throws(EventError) -> Event {
        var parser = EventParser(groupID: groupID)
        return try parser.parse(Array(bytes), hashing: hashing)
    }
}

/// What can still be read of an event that is at fault: whose log ends, and whether a newer version would know better.
private struct EventOutline {
    private var version: Int64?
    private var origin: InstanceID?
    private var epoch: Int64?
    private var seq: Int64?

    /// Deeper than anything is allowed, and far from a stack's end.
    private static let depthMax = 256

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(bytes, limits: JSONLimits(depthMax: Self.depthMax, allowsNegativeZero: false))
        // What can't be read any more is left out.
        try? read(&scanner)
    }

    private mutating func read(_ scanner: inout JSONScanner) throws(JSONError) {
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            switch EventField(key) {
            case .version: version = value.int
            case .origin: origin = value.string.flatMap { InstanceID($0) }
            case .epoch: epoch = value.int
            case .seq: seq = value.int
            default: break
            }
        }
    }

    func error(_ cause: JSONError) -> EventError {
        var place: Place?
        if let epoch, let seq { place = Place(epoch: epoch, seq: seq) }
        if let version, version != Limits.eventVersion {
            let message = "The event is of version \(version), which this program does not know: upgrade needed."
            return EventError(.upgradeNeeded, message, origin: origin, place: place)
        }
        let code: EventError.Code = cause.code == .syntax ? .notJSON : .malformed
        return EventError(code, cause.description, origin: origin, place: place)
    }
}
