public import HiveModel
public import HiveSync

/// An instance that writes its log without a replica: signed, chained events in its own time.
public struct LogScribe: Sendable {
    public let name: String
    public let identity: StandInSigner
    public let instance: InstanceID
    /// Agents of this instance; the first owns the group where the instance founds one.
    public let agents: [AgentSnapshot]
    public var group: GroupID?
    public var clock = HybridClock()
    /// All epochs, in order.
    public private(set) var events: [Event] = []
    private var closed: [ClosedEpoch] = []
    private var signer: StandInSigner

    public init(_ name: String, agentCount: Int = 2) {
        self.name = name
        identity = StandInSigner("identity of \(name)")
        let instance = InstanceID(identityKey: identity.publicKey, hashing: StandInSuite())
        self.instance = instance
        signer = StandInSigner("log 1 of \(name)")
        agents = (0..<agentCount).map { number in
            AgentSnapshot(
                key: AgentKey(instance: instance, agent: Self.id(instance, "agent\(number)")),
                name: "\(name)-\(number)"
            )
        }
    }

    /// An id that this instance may create: its prefix, and `mark` filled up to 21 characters.
    public static func id(_ instance: InstanceID, _ mark: String) -> EntityID {
        let filler = String(repeating: "0", count: max(0, 21 - mark.utf8.count))
        guard let id = EntityID(instance.prefix.rawValue + "_" + mark + filler) else {
            preconditionFailure("\(mark) has characters that no id has")
        }
        return id
    }

    public func id(_ mark: String) -> EntityID { Self.id(instance, mark) }

    public var head: LogHead? {
        events.last.map { LogHead(origin: instance, place: $0.header.place, hash: $0.hash) }
    }

    private var author: EventAuthor<StandInSigner, StandInSuite> {
        EventAuthor(instance: instance, signer: signer, crypto: StandInSuite())
    }

    // MARK: Writing

    /// Founds a group.
    @discardableResult
    public mutating func found(
        policy: GroupPolicy = GroupPolicy(),
        wallMs: Int64,
        name: String = "engineering"
    ) -> Event {
        let genesis = author.genesis(
            GenesisDraft(
                groupName: name,
                hive: HiveDescription(name: name, description: nil, isPublic: true, createdAtMs: wallMs),
                owner: agents[0],
                policy: policy,
                nonce: "00112233445566778899aabbccddeeff"
            ),
            identity: identity,
            wallMs: wallMs
        )
        clock.observe(genesis.header.time)
        group = genesis.groupID
        return append(genesis)
    }

    /// Opens the first epoch, or closes the present one at its head and opens the next with a new key.
    @discardableResult
    public mutating func open(wallMs: Int64, reason: String = "join") -> Event {
        let epoch = (events.last?.header.place.epoch ?? 0) + 1
        if let head { closed.append(ClosedEpoch(last: head.place, hash: head.hash)) }
        signer = StandInSigner("log \(epoch) of \(name)")
        return append(
            author.opening(
                group: requireGroup(),
                epoch: epoch,
                closed: closed,
                reason: reason,
                identity: identity,
                time: clock.next(wallMs: wallMs)
            )
        )
    }

    @discardableResult
    public mutating func write(
        _ payload: EventPayload,
        refs: EventRefs = EventRefs(),
        at: HybridTime? = nil,
        wallMs: Int64
    ) -> Event {
        guard let write = LocalWrite(payload, refs: refs, at: at) else {
            preconditionFailure("a payload that says nothing")
        }
        return self.write(write, wallMs: wallMs)
    }

    @discardableResult
    public mutating func write(_ write: LocalWrite, wallMs: Int64) -> Event {
        guard let head else { preconditionFailure("\(name) has no log yet") }
        return append(author.event(write, group: requireGroup(), after: head, time: clock.next(wallMs: wallMs)))
    }

    private func requireGroup() -> GroupID {
        guard let group else { preconditionFailure("\(name) knows no group") }
        return group
    }

    private mutating func append(_ event: Event) -> Event {
        events.append(event)
        return event
    }
}
