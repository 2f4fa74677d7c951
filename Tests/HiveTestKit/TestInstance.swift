public import HiveModel

/// An instance as a test sees it: it founds or joins one group and appends well-formed, signed events to its log.
///
/// It folds nothing and refuses nothing: what a test asks for is written, allowed or not.
public struct TestInstance<Crypto: TestCrypto>: Sendable {
    public let name: String
    public let crypto: Crypto
    public let id: InstanceID
    public let identity: Crypto.Key
    public private(set) var group: GroupID?
    /// Everything it wrote, in order, over all its epochs.
    public private(set) var events: [Event] = []
    /// The key of the newest log.
    public private(set) var logKey: Crypto.Key
    public private(set) var clock = HybridClock()
    /// Milliseconds since 1970; every event moves it on by `tickMs` first.
    public var wallMs: Int64 = 1_750_000_000_000
    public var tickMs: Int64 = 10
    /// What the next event's place and predecessor are.
    private var next = Place(epoch: 1, seq: 1)
    private var prev: Hash256?
    private let seed: UInt64

    /// - Parameter seed: decides all its keys; instances of one group need different ones.
    public init(_ name: String, seed: UInt64, crypto: Crypto) {
        self.name = name
        self.crypto = crypto
        self.seed = seed &* 0x1_0000_0000
        identity = crypto.key(self.seed)
        id = InstanceID(identityKey: identity.publicKey, hashing: crypto)
        logKey = crypto.key(self.seed &+ 1)
    }

    public var identityKey: PublicKey { identity.publicKey }
    public var lastEvent: Event? { events.last }
    public var lastPlace: Place? { events.last?.header.place }

    // MARK: Names

    /// An id made here: `<prefix>_<name>`.
    public func entity(_ name: String) -> EntityID { Self.entity(name, of: id) }

    /// An id made by another instance.
    public static func entity(_ name: String, of instance: InstanceID) -> EntityID {
        guard let id = EntityID("\(instance.prefix.rawValue)_\(name)") else {
            preconditionFailure("Test names are 1 to 63 characters of A-Z a-z 0-9 _ -, not \(name).")
        }
        return id
    }

    /// An agent of this instance.
    public func agent(_ name: String) -> AgentSnapshot {
        AgentSnapshot(key: AgentKey(instance: id, agent: entity("agent-\(name)")), name: name)
    }

    // MARK: Writing

    /// Appends any event to the log.
    ///
    /// - Parameter change: a last hand on the header before it is hashed and signed.
    @discardableResult
    public mutating func append(
        _ type: EventType,
        payload: [UInt8],
        refs: EventRefs = EventRefs(),
        at: HybridTime? = nil,
        change: (inout EventHeader) -> Void = { _ in }
    ) -> Event {
        wallMs += tickMs
        var header = EventHeader(
            groupID: group,
            origin: id,
            place: next,
            prev: prev,
            time: clock.next(wallMs: wallMs),
            at: at,
            type: type,
            refs: refs,
            payloadHash: crypto.sha256(payload)
        )
        change(&header)
        let event = Event(header: header, payload: payload, signer: logKey, hashing: crypto)
        events.append(event)
        prev = event.hash
        next.seq += 1
        return event
    }

    /// Appends an event of a typed payload.
    @discardableResult
    public mutating func append(
        _ payload: EventPayload,
        refs: EventRefs = EventRefs(),
        at: HybridTime? = nil
    ) -> Event {
        guard let type = payload.type, let bytes = payload.canonicalPayload else {
            preconditionFailure("Only typed payloads can be written.")
        }
        return append(type, payload: bytes, refs: refs, at: at)
    }

    /// Moves the clock up to what an event of another instance shows, as admission does.
    public mutating func observe(_ event: Event) { clock.observe(event.header.time) }

    // MARK: Logs

    /// Founds a group: the genesis is event 1 of epoch 1.
    @discardableResult
    public mutating func found(
        hive: String = "engineering",
        isPublic: Bool = true,
        policy: GroupPolicy = GroupPolicy(),
        successors: [PublicKey] = [],
        quorum: Int64 = 0
    ) -> Event {
        let payload = GroupCreated(
            groupName: "sync:\(hive)",
            hive: HiveDescription(name: hive, description: "About \(hive)", isPublic: isPublic, createdAtMs: wallMs),
            owner: agent("owner"),
            identityKey: identityKey,
            log: certifiedLogKey(group: nil, epoch: 1, closed: []),
            policy: policy,
            successors: successors,
            quorum: quorum,
            nonce: Hex.encode(crypto.sha256(Array("nonce \(seed)".utf8)).bytes.prefix(16))
        )
        let genesis = append(.groupCreated(payload))
        group = genesis.groupID
        return genesis
    }

    /// Begins a log in a group: the first one there, or a new epoch that closes the ones before at `closed`.
    @discardableResult
    public mutating func open(
        in group: GroupID,
        epoch: Int64 = 1,
        closed: [ClosedEpoch] = [],
        reason: String = "joined"
    ) -> Event {
        self.group = group
        logKey = crypto.key(seed &+ UInt64(truncatingIfNeeded: epoch))
        next = Place(epoch: epoch, seq: 1)
        prev = nil
        let log = certifiedLogKey(group: group, epoch: epoch, closed: closed)
        return append(.epochOpened(EpochOpened(closed: closed, log: log, reason: reason)))
    }

    /// Puts another instance on the roster.
    @discardableResult
    public mutating func add<Other>(
        _ other: TestInstance<Other>,
        role: MemberRole = .member,
        fromEpoch: Int64 = 1,
        refs: EventRefs = EventRefs()
    ) -> Event {
        let payload = InstanceAdded(
            instance: other.id,
            identityKey: other.identityKey,
            role: role,
            name: other.name,
            fromEpoch: fromEpoch
        )
        return append(.instanceAdded(payload), refs: refs)
    }

    /// The key of the log of `epoch` with this instance's certificate.
    public func certifiedLogKey(group: GroupID?, epoch: Int64, closed: [ClosedEpoch]) -> LogKey {
        let key = crypto.key(seed &+ UInt64(truncatingIfNeeded: epoch))
        let message = LogKey.certificateMessage(
            groupID: group,
            instance: id,
            epoch: epoch,
            signingKey: key.publicKey,
            closed: closed,
            hashing: crypto
        )
        return LogKey(signingKey: key.publicKey, certificate: identity.sign(message))
    }
}
