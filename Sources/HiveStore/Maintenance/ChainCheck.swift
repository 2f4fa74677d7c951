import HiveModel
import HiveSync

/// Checks stored events against themselves: hashes, the chain of each log, and the signatures that admission must have
/// checked: of a log's first event, of control events and of each head (protocol, section 2).
struct ChainCheck<Crypto: CryptoSuite> {
    private struct Log: Hashable {
        var origin: InstanceID
        var epoch: Int64
    }

    private let crypto: Crypto
    private var parser: EventParser
    /// The newest event of each log.
    private var last: [Log: Event] = [:]
    private var found: [String] = []

    init(group: GroupID, crypto: Crypto) {
        self.crypto = crypto
        parser = EventParser(groupID: group)
    }

    /// The next event in the order of arrival.
    mutating func take(_ event: Event, keys: SQLiteState) throws {
        let (header, log) = (event.header, Log(origin: event.header.origin, epoch: event.header.place.epoch))
        var wire: [UInt8] = []
        event.writeWire(into: &wire)
        do {
            let read = try parser.parse(wire, hashing: crypto)
            if read.hash != event.hash { note(event, "has another hash than the stored one") }
        } catch {
            note(event, "is not what its hashes say: \(error.message)")
        }
        let before = last[log]
        if header.place.seq != (before?.header.place.seq ?? 0) + 1 || header.prev != before?.hash {
            note(event, "does not follow the event before it")
        }
        last[log] = event
        if header.place.seq == 1 || event.isControl { try checkSignature(event, keys) }
    }

    /// Sentences, oldest first; called once, after the last event.
    mutating func faults(heads: [LogHead], keys: SQLiteState) throws -> [String] {
        for head in heads {
            guard let event = last[Log(origin: head.origin, epoch: head.place.epoch)], event.hash == head.hash else {
                found.append("The head of the log of \(head.origin.rawValue) is no event that is held.")
                continue
            }
            try checkSignature(event, keys)
        }
        return found
    }

    private mutating func checkSignature(_ event: Event, _ keys: SQLiteState) throws {
        let header = event.header
        guard let key = try keys.logKey(origin: header.origin, epoch: header.place.epoch),
            event.isSigned(by: key, crypto)
        else { return note(event, "is not signed by the key of its log") }
    }

    private mutating func note(_ event: Event, _ fault: String) {
        let place = event.header.place
        found.append("Event \(place.seq) of epoch \(place.epoch) of \(event.header.origin.rawValue) \(fault).")
    }
}
