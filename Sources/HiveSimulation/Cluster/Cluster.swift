import HiveModel
import HiveSync
import HiveWire

/// A whole cluster in one thread and in virtual time: the production engine on every node, and everything around it
/// simulated.
///
/// A class because nothing of it may be copied; everything it does follows from seed and options.
final class Cluster<Store: SimulatedStore, Crypto: SimulationCrypto> {
    let seed: UInt64
    let options: SimulationOptions
    let plan: SimulationPlan
    let crypto: Crypto
    let lines: EventLines<Crypto>
    private(set) var group: GroupID
    var nodes: [SimulatedNode<Store, Crypto>] = []
    var network: SimulatedNetwork
    var ledger = Ledger()
    var coverage = Coverage()
    var trace: Trace
    var violations: [Violation] = []
    /// Virtual time.
    private(set) var now = Instant(ms: 0)
    private var queue = EventQueue<ClusterItem>()
    var lastCall = 0
    var lastToken: UInt64 = 0
    var lastContent = 0
    /// The highest number of a change of owner that was ever signed.
    var lastTransfer: Int64 = 0
    /// Calls whose caller still waits, by number; only looks up.
    var open: Set<Int> = []
    /// Faults are over.
    var isHealed = false
    /// Things that happened so far, and how many are too many: engines that keep each other busy for nothing.
    private var steps = 0
    private let stepsMax: Int

    init(
        seed: UInt64,
        options: SimulationOptions,
        crypto: Crypto,
        sink: ((String) -> Void)?,
        makeStore: @escaping () -> Store
    ) throws {
        self.seed = seed
        self.options = options
        self.crypto = crypto
        lines = EventLines(crypto: crypto)
        plan = SimulationPlan(seed: seed, options: options)
        network = SimulatedNetwork(seed: seed, options: options, dead: plan.dead)
        trace = Trace(sink: sink)
        stepsMax = 50_000 + options.events * options.nodes * options.nodes * 20
        group = GroupID(genesisHash: Hash256(word0: 0, word1: 0, word2: 0, word3: 0))
        for number in 0..<options.nodes {
            nodes.append(
                SimulatedNode(
                    number: number,
                    nodes: options.nodes,
                    keySeed: seed &* 0x9E37_79B9_7F4A_7C15,
                    clock: plan.clocks[number],
                    crypto: crypto,
                    lines: lines,
                    makeStore: makeStore
                )
            )
        }
        try found()
        for (number, step) in plan.steps.enumerated() {
            if case .join = step.action {
                at(step.atMs, .step(number))
            } else if options.keeps(number, atMs: step.atMs) {
                at(step.atMs, .step(number))
            }
        }
    }

    /// The owner begins the group.
    private func found() throws {
        let owner = nodes[0]
        owner.isInvited = true
        let wallMs = owner.clock.wallMs(atMs: 0)
        let draft = GenesisDraft(
            groupName: "sync:engineering",
            hive: HiveDescription(name: "engineering", description: nil, isPublic: true, createdAtMs: wallMs),
            owner: owner.agent(0),
            nonce: "00112233445566778899aabbccddeeff"
        )
        let author = EventAuthor(instance: owner.instance, signer: owner.newKey(keyNumber(0, 0)), crypto: crypto)
        let genesis = author.genesis(draft, identity: owner.identity, wallMs: wallMs)
        group = genesis.groupID
        lines.begin(group)
        for node in nodes { try node.store.begin(group) }
        ledger.note(genesis, by: 0, isLie: false)
        _ = try owner.commit([.admit([genesis])], group: group, wallMs: wallMs)
        observe(0)
        boot(0)
    }

    /// The number of a key: of a node, for the opening written at a moment.
    func keyNumber(_ node: Int, _ ms: Int64) -> UInt64 {
        seed ^ (UInt64(node + 1) &* 0xC2B2_AE3D_27D4_EB4F) &+ UInt64(ms)
    }

    // MARK: Time

    func at(_ ms: Int64, _ item: ClusterItem) { queue.push(item, atMs: ms) }

    func after(_ ms: Int64, _ item: ClusterItem) { queue.push(item, atMs: now.ms + ms) }

    /// Lets virtual time go on to `ms`, or until something is wrong.
    func run(untilMs ms: Int64) throws {
        while violations.isEmpty, let next = queue.pop(untilMs: ms) {
            steps += 1
            if steps > stepsMax { return fail(.bounded, nil, "more than \(stepsMax) things happened") }
            now.ms = max(now.ms, next.atMs)
            try take(next.item)
        }
        now.ms = max(now.ms, ms)
    }

    func take(_ item: ClusterItem) throws {
        if let number = item.node {
            if nodes[number].isPaused { return nodes[number].deferred.append(item) }
        }
        switch item {
        case .timer(let node, let life, let timer):
            // Cancelled ones fire too: the engine has to know.
            guard nodes[node].isUp, nodes[node].life == life else { return }
            nodes[node].disarm(timer)
            tell(node, .timerFired(timer))
        case .request(let call): try serve(call)
        case .reply(let call, let reply): try finish(call, reply)
        case .timeout(let call):
            guard open.contains(call.id) else { return }
            coverage.note(.unreachable)
            try finish(call, .failure(.noAnswer))
        case .commit(let node, let life): try commit(node, life)
        case .pollEnds(let node, let call): try endPoll(call, at: node)
        case .step(let number): try begin(number)
        case .stepEnds(let number): try end(number)
        case .verify(let node): try verify(node)
        }
    }

    // MARK: Engine

    /// Tells a node's replicator what happened and carries out what it decides.
    func tell(_ node: Int, _ event: ReplicatorEvent) {
        var effects: [ReplicatorEffect] = []
        nodes[node].replicator.handle(event, at: now, into: &effects)
        for effect in effects { carry(effect, of: node) }
    }

    /// Something that must never be is the case.
    func fail(_ invariant: Invariant, _ node: Int?, _ detail: String) {
        violations.append(Violation(invariant: invariant, node: node, atMs: now.ms, detail: detail))
        trace.line(now.ms, node, "VIOLATION", 0, "\(invariant.rawValue): \(detail)")
    }
}

/// A machine of the cluster as peers name it.
enum PeerNumber {
    private static let ids = (0..<10).map { PeerID("node-\($0)") }

    static func id(_ node: Int) -> PeerID { ids[node] }

    static func node(_ id: PeerID) -> Int { Int(id.rawValue.utf8.last ?? 48) - 48 }
}
