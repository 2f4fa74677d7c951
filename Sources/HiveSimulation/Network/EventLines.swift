import HiveModel

/// Events and their lines on the wire: each distinct line is read once by the production codec, and each event written
/// once, whoever sends it to whom.
///
/// Reading and writing are functions of the bytes and of the event alone, so nobody can tell. One for all nodes of a
/// cluster.
final class EventLines<Crypto: CryptoSuite> {
    private let crypto: Crypto
    /// By a hash of the line; only looks up.
    private var events: [Hash256: Event] = [:]
    /// By event hash; only looks up.
    private var lines: [Hash256: (signature: [UInt8], line: [UInt8])] = [:]
    /// By event hash; only looks up.
    private var trees: [Hash256: (signature: [UInt8], tree: JSONValue)] = [:]
    private var parser: EventParser?

    init(crypto: Crypto) {
        self.crypto = crypto
    }

    /// Which group's events these are.
    func begin(_ group: GroupID) { parser = EventParser(groupID: group) }

    /// The event at `range` of `bytes`; throws where it can't be taken.
    func event(_ bytes: [UInt8], _ range: Range<Int>) throws -> Event {
        let key = KeyedHash.of(bytes, in: range, key: 1)
        if let event = events[key] { return event }
        guard let event = try parser?.parse(bytes, in: range, hashing: crypto) else {
            preconditionFailure("the group is founded before anything is sent")
        }
        events[key] = event
        return event
    }

    /// An event as a part of a message.
    func json(_ event: Event) throws -> JSONValue {
        if let held = trees[event.hash], held.signature == event.signature { return held.tree }
        let tree = try JSONValue(parsing: event.wireBytes())
        trees[event.hash] = (event.signature, tree)
        return tree
    }

    /// Appends an event and the end of its line.
    func write(_ event: Event, into bytes: inout [UInt8]) {
        // The hash says nothing of the signature.
        if let held = lines[event.hash], held.signature == event.signature {
            bytes.append(contentsOf: held.line)
            return
        }
        var line: [UInt8] = []
        event.writeWire(into: &line)
        line.append(0x0A)
        lines[event.hash] = (event.signature, line)
        bytes.append(contentsOf: line)
    }
}
