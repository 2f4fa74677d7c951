/// The members of an event as they are met in its wire form, in any order.
///
/// Faults of form are told as `JSONError`, whose sentence names the member.
struct EventDraft {
    private(set) var origin: InstanceID?
    private(set) var epoch: Int64 = 0
    private(set) var seq: Int64 = 0
    private(set) var prev: Hash256?
    private(set) var ms: Int64 = 0
    private(set) var counter: Int64 = 0
    private(set) var at: HybridTime?
    private(set) var type: EventType?
    private(set) var refs = EventRefs()
    private(set) var payloadHash: Hash256?
    private(set) var payload: [UInt8] = []
    private(set) var signature: [UInt8] = []
    private(set) var extra: [JSONMember] = []
    /// The ids as written; they point into the scanned bytes.
    private(set) var id: JSONKey?
    private(set) var groupID: JSONKey?
    private var seen: UInt16 = 0
    private var fractions = PayloadFractions.none
    /// Bits of the members there must be.
    private let required: UInt16

    /// - Parameter required: bits of the members there must be; all of an event, or those of a header.
    init(required: UInt16 = EventField.requiredBits) {
        self.required = required
    }

    /// Reads a whole event.
    /// - Parameter lastOrigin: the instance of the event before, which most often is this one's too.
    mutating func read(_ scanner: inout JSONScanner, lastOrigin: InstanceID?) throws(JSONError) {
        let start = scanner.offset
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            guard let field = EventField(key) else {
                extra.append(JSONMember(key.text, try Self.unknownValue(&scanner)))
                continue
            }
            guard seen & field.bit == 0 else {
                throw fault(.duplicateKey, start, "The event has two members \(field.name).")
            }
            seen |= field.bit
            try read(field, &scanner, lastOrigin: lastOrigin)
        }
        extra = try Self.sorted(extra, at: start)
        try check(at: start)
    }

    private mutating func read(
        _ field: EventField,
        _ scanner: inout JSONScanner,
        lastOrigin: InstanceID?
    ) throws(JSONError) {
        switch field {
        case .version:
            let version = try scanner.integer()
            guard version == Limits.eventVersion else {
                throw fault(.type, scanner.offset, "Version \(version) is unknown.")
            }
        case .id: id = try scanner.rawString()
        case .groupID: groupID = try scanner.rawString()
        case .epoch: epoch = try Self.integer(&scanner, field, 1...Limits.epochMax)
        case .seq: seq = try Self.integer(&scanner, field, 1...Limits.seqMax)
        case .ms: ms = try Self.integer(&scanner, field, 0...HybridTime.msMax)
        case .counter: counter = try Self.integer(&scanner, field, 0...HybridTime.counterMax)
        case .at: at = try Self.time(&scanner)
        case .refs: refs = try EventRefs(reading: &scanner)
        case .payload: (payload, fractions) = try EventPayload.canonicalBytes(&scanner)
        case .prev:
            let text = try scanner.rawString()
            prev = text.raw.isEmpty ? nil : try Self.hash(text, field, scanner.offset)
        case .payloadHash: payloadHash = try Self.hash(try scanner.rawString(), field, scanner.offset)
        case .type: type = try Self.type(&scanner)
        case .origin: origin = try Self.origin(&scanner, lastOrigin: lastOrigin)
        case .signature: signature = try Self.signature(&scanner)
        }
    }

    /// What can only be said once all members are known.
    private func check(at start: Int) throws(JSONError) {
        let missing = required & ~seen
        if missing != 0, let field = EventField.allCases.first(where: { $0.bit & missing != 0 }) {
            throw fault(.type, start, "The event has no member \(field.name).")
        }
        guard required == EventField.requiredBits || seen & ~EventField.headerBits == 0 else {
            throw fault(.type, start, "A header has neither id nor payload nor signature.")
        }
        guard (prev == nil) == (seq == 1) else {
            throw fault(.type, start, "prev is \"\" in the first event of a log and in no other.")
        }
        if let at, at > HybridTime(ms: ms, counter: counter) {
            throw fault(.type, start, "at is later than the event's own time.")
        }
        if fractions == .inValue ? type != .hiveSettingChanged : fractions == .elsewhere {
            throw fault(.number, start, "The payload holds a number that is no integer within 2^53 - 1.")
        }
    }

    private func fault(_ code: JSONError.Code, _ offset: Int, _ message: String) -> JSONError {
        JSONError(code, at: offset, message)
    }
}

extension EventDraft {
    private static func integer(
        _ scanner: inout JSONScanner,
        _ field: EventField,
        _ range: ClosedRange<Int64>
    ) throws(JSONError) -> Int64 {
        let number = try scanner.integer()
        guard range.contains(number) else {
            throw JSONError(
                .type,
                at: scanner.offset,
                "\(field.name) is \(number), not \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    private static func time(_ scanner: inout JSONScanner) throws(JSONError) -> HybridTime {
        let start = scanner.offset
        try scanner.beginArray()
        var numbers: [Int64] = []
        while numbers.count < 3, try scanner.nextElement() { numbers.append(try scanner.integer()) }
        guard numbers.count == 2, (0...HybridTime.msMax).contains(numbers[0]),
            (0...HybridTime.counterMax).contains(numbers[1])
        else { throw JSONError(.type, at: start, "at should be [milliseconds, counter].") }
        return HybridTime(ms: numbers[0], counter: numbers[1])
    }

    private static func hash(_ text: JSONKey, _ field: EventField, _ offset: Int) throws(JSONError) -> Hash256 {
        let hash = text.hasEscapes ? Hash256(hex: text.text) : Hash256(hexBytes: text.raw)
        guard let hash else {
            throw JSONError(.type, at: offset, "\(field.name) should be a SHA-256 in 64 digits of lower-case hex.")
        }
        return hash
    }

    private static func type(_ scanner: inout JSONScanner) throws(JSONError) -> EventType {
        let text = try scanner.rawString()
        if !text.hasEscapes, let known = EventType.known(text.raw) { return known }
        let type = EventType(text.text)
        guard (1...Limits.eventTypeBytesMax).contains(type.rawValue.utf8.count) else {
            throw JSONError(.type, at: scanner.offset, "event_type should have 1 to \(Limits.eventTypeBytesMax) bytes.")
        }
        return type
    }

    private static func origin(
        _ scanner: inout JSONScanner,
        lastOrigin: InstanceID?
    ) throws(JSONError) -> InstanceID {
        let text = try scanner.rawString()
        if let lastOrigin, Bytes.areEqual(text.raw, lastOrigin.rawValue) { return lastOrigin }
        guard let origin = InstanceID(text.text) else {
            throw JSONError(
                .type,
                at: scanner.offset,
                "origin_instance_id should be inst_ and 26 characters of a-z2-7."
            )
        }
        return origin
    }

    private static func signature(_ scanner: inout JSONScanner) throws(JSONError) -> [UInt8] {
        let text = try scanner.rawString()
        let bytes = text.hasEscapes ? Base64.decode(text.text) : Base64.decode(utf8: text.raw)
        guard let bytes, bytes.count == 64 else {
            throw JSONError(.type, at: scanner.offset, "signature should be 64 bytes in base64.")
        }
        return bytes
    }

    /// A member this version does not know: no floating point, no `-0`, bounded depth.
    static func unknownValue(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        try scanner.nested(JSONLimits(bytesMax: scanner.limits.bytesMax, integersOnly: true)) {
            (scanner) throws(JSONError) in try scanner.value()
        }
    }

    static func sorted(_ members: [JSONMember], at offset: Int) throws(JSONError) -> [JSONMember] {
        guard members.count > 1 else { return members }
        let sorted = members.sorted { JSONMember.comesBefore($0.key, $1.key) }
        guard JSONMember.areAscending(sorted) else {
            throw JSONError(.duplicateKey, at: offset, "An object names one of its members twice.")
        }
        return sorted
    }
}

extension EventRefs {
    /// Reads `refs`.
    ///
    /// What is not there is left out: an empty `par` or a null is malformed, so that the hash says what was
    /// written.
    init(reading scanner: inout JSONScanner) throws(JSONError) {
        self.init()
        let start = scanner.offset
        var seen = 0
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let known = key.is("par") ? 0 : key.is("auth") ? 1 : key.is("re") ? 2 : nil
            guard let known else {
                extra.append(JSONMember(key.text, try EventDraft.unknownValue(&scanner)))
                continue
            }
            guard seen & 1 << known == 0 else {
                throw JSONError(.duplicateKey, at: start, "refs has a member twice.")
            }
            seen |= 1 << known
            switch known {
            case 0: par = try Self.parents(&scanner)
            case 1: auth = try Self.eventID(&scanner)
            default: re = try Self.eventID(&scanner)
            }
        }
        extra = try EventDraft.sorted(extra, at: start)
    }

    private static func parents(_ scanner: inout JSONScanner) throws(JSONError) -> [EventID] {
        let start = scanner.offset
        var parents = [EventID]()
        try scanner.beginArray()
        while parents.count <= Limits.parentsMax, try scanner.nextElement() { parents.append(try eventID(&scanner)) }
        guard (1...Limits.parentsMax).contains(parents.count) else {
            throw JSONError(.type, at: start, "refs.par should hold 1 to \(Limits.parentsMax) event ids.")
        }
        return parents
    }

    private static func eventID(_ scanner: inout JSONScanner) throws(JSONError) -> EventID {
        guard let id = EventID(try scanner.string()) else {
            throw JSONError(.type, at: scanner.offset, "refs should name events by their ids.")
        }
        return id
    }
}
