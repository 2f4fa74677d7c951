public import HiveModel

/// The real events of a history: hashed, chained and signed as peers would send them.
public struct OracleEvents<Crypto: TestCrypto>: Sendable {
    public let world: OracleWorld<Crypto>
    public let group: GroupID
    /// In the order of the history.
    public private(set) var events: [Event] = []
    private var made: [OracleName: Event] = [:]
    private var names: [EventID: OracleName] = [:]

    /// Milliseconds since 1970 at clock 0.
    public static var startMs: Int64 { 1_750_000_000_000 }

    public init(_ history: OracleHistory, in world: OracleWorld<Crypto>) throws {
        self.world = world
        guard let first = history.events.first, first.kind == "genesis" else {
            throw OracleFormatError("a history begins with its genesis")
        }
        let genesis = try Self.genesis(first, seed: history.seed, in: world)
        group = genesis.groupID
        keep(genesis, first.name)
        for event in history.events.dropFirst() { keep(try make(event), event.name) }
    }

    /// The name of an event in the history; the id itself where it is none of its.
    public func name(_ id: EventID) -> String { names[id]?.description ?? id.rawValue }

    public func event(_ name: OracleName) -> Event? { made[name] }

    private mutating func keep(_ event: Event, _ name: OracleName) {
        events.append(event)
        made[name] = event
        names[event.id] = name
    }

    // MARK: Making

    private static func genesis(
        _ event: OracleEvent,
        seed: Int64,
        in world: OracleWorld<Crypto>
    ) throws -> Event {
        let party = try world.party(event.name.instance)
        let payload = GroupCreated(
            groupName: "sync:history",
            hive: HiveDescription(name: "history", description: nil, isPublic: true, createdAtMs: startMs),
            owner: try world.agent("\(party.letter)0"),
            identityKey: party.identity.publicKey,
            log: world.certifiedLogKey(of: party, group: nil, epoch: 1, closed: []),
            successors: world.successors.map(\.publicKey),
            quorum: Int64(world.successors.count),
            nonce: Hex.encode(world.crypto.sha256(Array("history \(seed)".utf8)).bytes.prefix(16))
        )
        let bytes = payload.canonicalPayload
        let header = EventHeader(
            groupID: nil,
            origin: party.id,
            place: event.name.place,
            prev: nil,
            time: HybridTime(ms: startMs + event.clock, counter: 0),
            type: .groupCreated,
            payloadHash: world.crypto.sha256(bytes)
        )
        let key = world.logKey(of: party, epoch: 1)
        return Event(header: header, payload: bytes, signer: key, hashing: world.crypto)
    }

    private func make(_ event: OracleEvent) throws -> Event {
        let party = try world.party(event.name.instance)
        let payload = try payload(of: event, by: party)
        guard let type = payload.type, let bytes = payload.canonicalPayload else {
            throw OracleFormatError("\(event.name) has no payload")
        }
        let header = EventHeader(
            groupID: group,
            origin: party.id,
            place: event.name.place,
            prev: try prev(of: event),
            time: HybridTime(ms: Self.startMs + event.clock, counter: 0),
            at: event.options["t"]?.int.map { HybridTime(ms: Self.startMs + $0, counter: 0) },
            type: type,
            refs: EventRefs(
                par: try event.names("p").map { try id($0) },
                auth: try event.name("a").map { try id($0) },
                re: try event.name("r").map { try id($0) }
            ),
            payloadHash: world.crypto.sha256(bytes)
        )
        let key = world.logKey(of: party, epoch: event.name.place.epoch)
        guard let rank = event.rank("k") else {
            return Event(header: header, payload: bytes, signer: key, hashing: world.crypto)
        }
        // Where ids decide between equals, a member nobody knows brings the real ones into the order of the names.
        for salt in Int64(0)... {
            let salted = try Self.salted(bytes, salt)
            let made = Event(header: header, payload: salted, signer: key, hashing: world.crypto)
            if rank.holds(made.hash) { return made }
        }
        throw OracleFormatError("\(event.name) finds no place")
    }

    private static func salted(_ payload: [UInt8], _ salt: Int64) throws -> [UInt8] {
        let members = try JSONValue(parsing: payload).members ?? []
        return JSONValue.object(unsorted: members + [JSONMember("salt", .int(salt))]).canonicalBytes()
    }

    // MARK: Naming others

    private func prev(of event: OracleEvent) throws -> Hash256? {
        guard let name = try event.name("v") ?? event.name.before, event.name.place.seq > 1 else { return nil }
        guard let before = made[name] else { throw OracleFormatError("\(event.name) comes before \(name)") }
        return before.hash
    }

    /// The hash of an event; another one, the same each time, for an event the history does not hold.
    func hash(_ name: OracleName) -> Hash256 {
        made[name]?.hash ?? world.crypto.sha256(Array("the event \(name)".utf8))
    }

    private func id(_ name: OracleName) throws -> EventID {
        EventID(prefix: try world.party(name.instance).id.prefix, hash: hash(name))
    }

    func fence(_ name: OracleName) -> Fence { Fence(place: name.place, hash: hash(name)) }
}
