import HiveModel
import HiveSync

/// One instance: its database, its engine, and the machine they are on.
///
/// A class, because there is one of each and its database must never be copied by accident.
final class SimulatedNode<Store: SimulatedStore, Crypto: SimulationCrypto> {
    let number: Int
    let crypto: Crypto
    let lines: EventLines<Crypto>
    let identity: Crypto.Key
    let instance: InstanceID
    let makeStore: () -> Store
    var store: Store
    var replicator = Replicator(seed: 0)

    // Machine
    /// Somebody let it into the group.
    var isInvited = false
    var isUp = false
    var isPaused = false
    /// What came while the node was paused.
    var deferred: [ClusterItem] = []
    /// Counts starts: timers and calls of an earlier life mean nothing.
    var life = 0
    var clock: SimulatedClock
    var failingCommits = 0
    var slowUntilMs: Int64 = 0
    var busyUntilMs: Int64 = 0
    /// A stored row was changed and this has not been found yet.
    var isTampered = false

    // Writer
    var jobs: [WriterJob] = []
    var isWriting = false
    /// Every committed transaction, from the first.
    var journal: [JournalEntry] = []
    /// Log keys made so far, the newest last; kept apart from the database.
    var keys: [Crypto.Key] = []
    /// An `owner_changed` payload that makes this node's instance the owner and is not repeated here yet.
    var crown: [UInt8]?
    /// The lowest epoch the instance was admitted from.
    var lowestEpoch: Int64 = 1

    // What peers and checkers look at
    /// How far the node is, as of the last transaction.
    var heads: GroupHeads
    var eventCount = 0
    /// The highest arrival number the checkers have seen.
    var seenArrival: RowNumber = 0
    /// Timers scheduled, neither fired nor cancelled.
    var armed: [ReplicatorTimer] = []
    /// The most there ever were.
    var armedMost = 0

    // Sessions, by node
    /// The token to present there.
    var tokens: [UInt64?]
    /// The token to be presented here.
    var accepted: [UInt64?]
    /// Whom it has an entry for.
    var peers: [Int] = []
    /// Pulls that wait here for news.
    var polls: [WaitingPull] = []

    init(
        number: Int,
        nodes: Int,
        keySeed: UInt64,
        clock: SimulatedClock,
        crypto: Crypto,
        lines: EventLines<Crypto>,
        makeStore: @escaping () -> Store
    ) {
        self.number = number
        self.clock = clock
        self.crypto = crypto
        self.lines = lines
        self.makeStore = makeStore
        identity = crypto.key(keySeed &+ UInt64(number) &* 1_000_003)
        instance = InstanceID(identityKey: identity.publicKey, hashing: crypto)
        store = makeStore()
        heads = GroupHeads(heads: [], stateRoot: Self.quickRoot(StateRoot()), crypto)
        tokens = Array(repeating: nil, count: nodes)
        accepted = Array(repeating: nil, count: nodes)
    }

    /// A key for the node's next log, kept from now on.
    func newKey(_ number: UInt64) -> Crypto.Key {
        let key = crypto.key(number)
        if !keys.contains(where: { $0.publicKey == key.publicKey }) { keys.append(key) }
        return key
    }

    func arm(_ timer: ReplicatorTimer) {
        armed.append(timer)
        armedMost = max(armedMost, armed.count)
    }

    func disarm(_ timer: ReplicatorTimer) {
        if let index = armed.firstIndex(of: timer) { armed.remove(at: index) }
    }

    /// An agent of this instance.
    func agent(_ number: Int) -> AgentSnapshot {
        AgentSnapshot(key: AgentKey(instance: instance, agent: entity("agent-\(number)")), name: "agent \(number)")
    }

    /// An id made here.
    func entity(_ name: String) -> EntityID {
        guard let id = EntityID("\(instance.prefix.rawValue)_\(name)") else {
            preconditionFailure("names in a simulation are ids")
        }
        return id
    }
}

/// What the writer is asked to do, and who is told of it.
struct WriterJob: Sendable {
    enum Origin: Sendable {
        /// Nobody: the node itself.
        case node
        /// Clients and operators; an event is acknowledged to them once it is durable.
        case client(step: Int)
        /// A peer's push, and what heads came with it; its answer waits.
        case push(NetworkCall, senderSeq: Int64, heads: [LogHead]?)
        /// Part of a pulled stream; with the last the pull ends.
        case pull(NetworkCall, end: PulledEnd?)
    }

    var work: WriterWork
    var origin: Origin
}

/// How a pulled stream ended.
enum PulledEnd: Sendable {
    case whole(heads: [LogHead], hasMore: Bool, received: Int)
    case brokenOff
}

/// A pull that waits at the responder for news.
struct WaitingPull: Sendable {
    var call: NetworkCall
    var heads: [LogHead]
}

/// What happens at a time.
enum ClusterItem: Sendable {
    case timer(node: Int, life: Int, ReplicatorTimer)
    case request(NetworkCall)
    case reply(NetworkCall, NetworkReply)
    /// The caller does not wait any longer.
    case timeout(NetworkCall)
    /// The node's writer commits what waits.
    case commit(node: Int, life: Int)
    case pollEnds(node: Int, call: Int)
    case step(Int)
    /// What a step began is over.
    case stepEnds(Int)
    /// Looks at the node's replica from outside.
    case verify(node: Int)

    /// Whose processor it takes; nil = nobody's.
    var node: Int? {
        switch self {
        case .timer(let node, _, _), .commit(let node, _), .pollEnds(let node, _): node
        case .request(let call): call.to
        case .reply(let call, _), .timeout(let call): call.from
        case .step, .stepEnds, .verify: nil
        }
    }
}
