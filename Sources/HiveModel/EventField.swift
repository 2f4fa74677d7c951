/// The members of an event that version 1 knows.
enum EventField: UInt16, CaseIterable {
    case version, id, at, prev, refs, epoch, payload, groupID, ms, counter, signature, seq, type, payloadHash, origin

    /// Bits of all members that an event must have: all but `at`.
    static let requiredBits: UInt16 = allCases.reduce(0) { $0 | $1.bit } & ~EventField.at.bit

    /// Bits of all members that a header can have.
    static let headerBits: UInt16 =
        allCases.reduce(0) { $0 | $1.bit }
        & ~(EventField.id.bit | EventField.payload.bit | EventField.signature.bit)

    var bit: UInt16 { 1 << rawValue }

    /// Its name on the wire.
    var name: StaticString {
        switch self {
        case .version: "v"
        case .id: "id"
        case .at: "at"
        case .prev: "prev"
        case .refs: "refs"
        case .epoch: "epoch"
        case .payload: "payload"
        case .groupID: "group_id"
        case .ms: "origin_ts"
        case .counter: "origin_lc"
        case .signature: "signature"
        case .seq: "origin_seq"
        case .type: "event_type"
        case .payloadHash: "payload_hash"
        case .origin: "origin_instance_id"
        }
    }

    /// The member of that name; nil for one this version does not know.
    init?(_ key: JSONKey) {
        let candidates: (EventField, EventField?, EventField?)
        switch key.raw.count {
        case 1: candidates = (.version, nil, nil)
        case 2: candidates = (.id, .at, nil)
        case 4: candidates = (.prev, .refs, nil)
        case 5: candidates = (.epoch, nil, nil)
        case 7: candidates = (.payload, nil, nil)
        case 8: candidates = (.groupID, nil, nil)
        case 9: candidates = (.ms, .counter, .signature)
        case 10: candidates = (.seq, .type, nil)
        case 12: candidates = (.payloadHash, nil, nil)
        case 18: candidates = (.origin, nil, nil)
        default:
            guard key.hasEscapes, let field = Self.allCases.first(where: { key.is($0.name) }) else { return nil }
            self = field
            return
        }
        if Bytes.areEqual(key.raw, candidates.0.name) {
            self = candidates.0
        } else if let second = candidates.1, Bytes.areEqual(key.raw, second.name) {
            self = second
        } else if let third = candidates.2, Bytes.areEqual(key.raw, third.name) {
            self = third
        } else {
            guard key.hasEscapes, let field = Self.allCases.first(where: { key.is($0.name) }) else { return nil }
            self = field
        }
    }
}
