import HiveModel
import HiveSync
import HiveTestKit
import HiveWire

/// What the simulated network does to calls.
struct ReplicationFaults {
    /// Out of a hundred requests, and replies, so many are lost; the caller notices after a while.
    var lossPercent = 0
    /// Out of a hundred requests so many arrive twice.
    var duplicatePercent = 0
    /// Out of a hundred streams so many break off in the middle.
    var cutPercent = 0
    /// Each way takes 1 to so many milliseconds.
    var delayMaxMs = 5

    static let none = ReplicationFaults()
    static let many = ReplicationFaults(lossPercent: 20, duplicatePercent: 10, cutPercent: 20, delayMaxMs: 80)
}

/// Whole engines against each other in virtual time: carries effects as HivePeering does, in the bytes of the wire,
/// without sockets, and loses, delays, repeats and cuts what a seed says.
struct ReplicationNet {
    struct Call {
        enum Request {
            case handshake(tokenForResponder: Int)
            case push(body: [UInt8], count: Int, reached: [LogHead])
            case pull(body: [UInt8])
            case heartbeat(body: [UInt8])
        }

        var id: Int
        var from: Int
        var to: Int
        var life: Int
        var token: Int?
        var request: Request
        var sentMs: Int64
    }

    enum Reply {
        case handshake(token: Int, heads: [LogHead], reachesYou: Bool)
        case push(body: [UInt8])
        /// Lines, cut off or with the last one.
        case pull(stream: [UInt8])
        case heartbeat(body: [UInt8])
        case failure(PeerFailure)
    }

    enum Item {
        case timer(node: Int, life: Int, ReplicatorTimer)
        case request(Call)
        case reply(Call, Reply)
        case write(node: Int, events: Int)
        case stop(node: Int)
        case start(node: Int)
        /// The end of a pull that waits for news.
        case pollEnds(call: Int)
    }

    static let startMs: Int64 = 1_750_000_000_000
    static let pullEvents = 150

    let group: GroupID
    var nodes: [ReplicationNode]
    var faults = ReplicationFaults.none
    var random: SeededGenerator
    private(set) var now = Instant(ms: 0)
    /// How many pushes and pulls went out.
    private(set) var pushes = 0
    private(set) var pulls = 0
    private(set) var diverged = 0
    /// Steps that introduce instances, sent with pushes.
    private(set) var introductions = 0
    private let settings: [ReplicatorSettings]
    private let links: [[Int]]
    private var queue = TimedQueue<Item>()
    private var lastCall = 0
    var lastToken = 0
    var answered: Set<Int> = []
    var polls: [(call: Call, request: PullRequest)] = []
    /// Which node no call of which other arrives at.
    var deaf: (node: Int, caller: Int)?

    /// - Parameters:
    ///   - links: whom each node dials.
    ///   - settings: of each node.
    init(links: [[Int]], settings: [ReplicatorSettings], seed: UInt64) {
        let cluster = TestGroup(links.count, seed: seed, crypto: StandInCrypto())
        group = cluster.id
        self.links = links
        self.settings = settings
        random = SeededGenerator(seed: seed)
        nodes = zip(cluster.instances, settings).enumerated().map { number, pair in
            ReplicationNode(pair.0, group: cluster.id, settings: pair.1, seed: seed &+ UInt64(number))
        }
    }

    /// Everything starts; nodes shake hands with whom they dial.
    mutating func start() throws {
        for number in nodes.indices { try boot(number) }
    }

    var wallMs: Int64 { Self.startMs + now.ms }

    mutating func at(_ ms: Int64, _ item: Item) { queue.push(item, at: ms) }

    /// Lets virtual time go on.
    mutating func run(ms: Int64) throws {
        let end = now.ms + ms
        while let next = queue.pop(until: end) {
            now.ms = max(now.ms, next.at)
            try take(next.item)
        }
        now.ms = end
    }

    /// Runs until all nodes hold the same, at most so long; how long it took, or nil.
    mutating func converge(withinMs limit: Int64) throws -> Int64? {
        let start = now.ms
        while now.ms - start < limit {
            if Set(nodes.map(\.heads.digest)).count == 1 { return now.ms - start }
            try run(ms: 50)
        }
        return nil
    }

    private mutating func take(_ item: Item) throws {
        switch item {
        case .timer(let node, let life, let timer):
            // Cancelled ones fire too: the engine has to know.
            if nodes[node].isUp, nodes[node].life == life { tell(node, .timerFired(timer)) }
        case .request(let call): try serve(call)
        case .reply(let call, let reply): try finish(call, reply)
        case .write(let node, let events):
            guard nodes[node].isUp, nodes[node].knowsItself else { return }
            let instances = nodes.map(\.instance)
            for _ in 0..<events { nodes[node].write(&random, among: instances, wallMs: wallMs) }
            if try nodes[node].publish(wallMs: wallMs) { committed(node) }
        case .stop(let node):
            nodes[node].isUp = false
            nodes[node].life += 1
            polls.removeAll { $0.call.to == node }
        case .start(let node): try boot(node)
        case .pollEnds(let id):
            guard let index = polls.firstIndex(where: { $0.call.id == id }) else { return }
            let poll = polls.remove(at: index)
            stream(poll.call, poll.request)
        }
    }

    private mutating func boot(_ node: Int) throws {
        nodes[node].isUp = true
        nodes[node].replicator = Replicator(settings: settings[node], seed: random.next())
        try nodes[node].publish(wallMs: wallMs)
        tell(node, .groupOpened(group, nodes[node].heads))
        for other in nodes.indices where other != node { configure(other, at: node) }
    }

    /// Tells a node what is known of a peer: the entry, and whether a token for it is held.
    mutating func configure(_ other: Int, at node: Int) {
        let isDialable = links[node].contains(other)
        guard isDialable || nodes[node].tokens[other] != nil else { return }
        let entry = PeerEntry(
            id: Self.peer(other),
            instance: nodes[other].instance,
            isDialable: isDialable,
            hasSession: nodes[node].tokens[other] != nil,
            groups: [group]
        )
        tell(node, .peerConfigured(entry))
    }

    func canDial(_ other: Int, from node: Int) -> Bool { links[node].contains(other) }

    static func peer(_ number: Int) -> PeerID { PeerID("node-\(number)") }

    static func number(of peer: PeerID) -> Int { Int(peer.rawValue.dropFirst(5)) ?? 0 }

    mutating func committed(_ node: Int) {
        tell(node, .committed(group, nodes[node].heads))
        let ready = polls.filter { $0.call.to == node && !$0.request.heads.covers(nodes[node].heads.heads) }
        polls.removeAll { poll in ready.contains { $0.call.id == poll.call.id } }
        for poll in ready { stream(poll.call, poll.request) }
    }
}

// MARK: Effects

extension ReplicationNet {
    mutating func tell(_ node: Int, _ event: ReplicatorEvent) {
        var effects: [ReplicatorEffect] = []
        nodes[node].replicator.handle(event, at: now, into: &effects)
        for effect in effects { carry(effect, of: node) }
    }

    private mutating func carry(_ effect: ReplicatorEffect, of node: Int) {
        switch effect {
        case .handshake(let peer, _):
            lastToken += 1
            let other = Self.number(of: peer)
            nodes[node].accepted[other] = lastToken
            send(.handshake(tokenForResponder: lastToken), from: node, to: other)
        case .push(let peer, _, let above, let maxEvents, let withEvidence, let unknown):
            pushes += 1
            let batch = nodes[node].lines(above: above, maxEvents: maxEvents)
            let heads = nodes[node].heads.heads
            var evidence = withEvidence ? nodes[node].evidence(above: above) : LogEvidence()
            evidence.introductions = (try? nodes[node].state.introductions(of: unknown, countMax: 128)) ?? []
            introductions += evidence.introductions.count
            let body = PushRequest.body(
                lines: batch.lines,
                senderSeq: Int64(nodes[node].eventCount),
                heads: heads,
                evidence: WireEvidence(evidence)
            )
            send(.push(body: body, count: batch.count, reached: batch.reached), from: node, to: Self.number(of: peer))
        case .pull(let peer, _, let waitMs):
            pulls += 1
            let request = PullRequest(heads: nodes[node].heads.heads, maxBytes: 1 << 20, waitSeconds: waitMs / 1_000)
            send(.pull(body: request.body), from: node, to: Self.number(of: peer))
        case .heartbeat(let peer):
            send(.heartbeat(body: heartbeat(of: node).body), from: node, to: Self.number(of: peer))
        case .schedule(let timer, let at): self.at(at.ms, .timer(node: node, life: nodes[node].life, timer))
        case .cancel, .report, .converged: break
        case .diverged: diverged += 1
        }
    }

    func heartbeat(of node: Int, reachesYou: Bool = true) -> Heartbeat {
        let heads = nodes[node].heads
        return Heartbeat(
            instance: nodes[node].instance,
            groups: [(hive: "engineering", seq: Int64(nodes[node].eventCount), id: group, heads: heads)],
            serverTimeMs: wallMs,
            incarnation: "life-\(nodes[node].life)",
            reachesYou: reachesYou
        )
    }

    mutating func delay() -> Int64 { 1 + Int64(random.below(faults.delayMaxMs)) }

    private mutating func send(_ request: Call.Request, from node: Int, to other: Int) {
        lastCall += 1
        let call = Call(
            id: lastCall,
            from: node,
            to: other,
            life: nodes[node].life,
            token: nodes[node].tokens[other],
            request: request,
            sentMs: now.ms
        )
        if let deaf, deaf == (other, node) { return lose(call) }
        if random.chance(faults.lossPercent, of: 100) { return lose(call) }
        at(now.ms + delay(), .request(call))
        if random.chance(faults.duplicatePercent, of: 100) { at(now.ms + delay() + 20, .request(call)) }
    }

    private mutating func lose(_ call: Call) {
        at(now.ms + 400, .reply(call, .failure(PeerFailure(kind: .unreachable, message: "no answer"))))
    }

    mutating func reply(_ call: Call, _ reply: Reply) {
        if random.chance(faults.lossPercent, of: 100) { return lose(call) }
        at(now.ms + delay(), .reply(call, reply))
    }
}
