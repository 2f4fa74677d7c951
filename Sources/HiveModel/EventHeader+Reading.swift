extension EventHeader {
    /// Reads a header alone, as a fork proof carries it: all members of an event but `id`, `payload` and `signature`.
    ///
    /// It is not checked that it is of any group.
    static func parse(_ bytes: [UInt8]) throws(EventError) -> EventHeader {
        var draft = EventDraft(required: EventField.headerBits & EventField.requiredBits)
        let group: GroupID?
        do throws(JSONError) {
            group = try JSONScanner.scan(bytes) { (scanner) throws(JSONError) in
                try draft.read(&scanner, lastOrigin: nil)
                try scanner.finish()
                return draft.groupID.flatMap { GroupID($0.text) }
            }
        } catch {
            throw EventError(.malformed, error.description)
        }
        guard let origin = draft.origin, let type = draft.type, let payloadHash = draft.payloadHash, let group else {
            throw EventError(.malformed, "The header names no group.")
        }
        guard bytes.count <= Limits.headerBytesMax else {
            throw EventError(.malformed, "The header is longer than \(Limits.headerBytesMax) bytes.")
        }
        return EventHeader(
            groupID: group,
            origin: origin,
            place: Place(epoch: draft.epoch, seq: draft.seq),
            prev: draft.prev,
            time: HybridTime(ms: draft.ms, counter: draft.counter),
            at: draft.at,
            type: type,
            refs: draft.refs,
            payloadHash: payloadHash,
            extra: draft.extra
        )
    }
}
