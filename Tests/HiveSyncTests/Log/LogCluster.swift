import HiveModel
import HiveSync
import HiveTestKit

/// Instances that write, restore old copies of their databases, rotate, hand over the group and pull from each other
/// random pieces of what the others hold.
struct LogCluster {
    struct Node {
        let name: String
        let instance: Instance
        var replica: Replica
        /// It forks its log on purpose: it never recovers.
        var isHostile = false
        var backup: Replica?
        /// What it told its users is written.
        var acknowledged: [Event] = []

        var id: InstanceID { instance.id }
        var author: EventAuthor<StandInKey, StandInCrypto> {
            EventAuthor(instance: instance.id, signer: instance.logKey, crypto: StandInCrypto())
        }
        var head: LogHead? { replica.state.head(of: id) }

        func log(of origin: InstanceID) -> [Event] {
            replica.state.events(of: origin, after: 0, limit: 100_000).map(\.event)
        }
    }

    var numbers: HiveTestKit.SeededGenerator
    var nodes: [Node] = []
    let group: GroupID
    private var wallMs: Int64 = 1_750_000_100_000
    private var posts = 0
    /// How often what happened, to see that a run exercises what it should.
    private(set) var coverage: [String: Int] = [:]

    init(seed: UInt64, hostileOwner: Bool) throws {
        numbers = HiveTestKit.SeededGenerator(seed: seed)
        let count = 3 + numbers.below(3)
        let group = Group(count, seed: 1 + seed % 1000, crypto: StandInCrypto())
        self.group = group.id
        for (index, instance) in group.instances.enumerated() {
            var replica = Replica(of: group.id)
            try replica.admit(group.events)
            nodes.append(Node(name: "n\(index)", instance: instance, replica: replica))
        }
        if hostileOwner {
            nodes[0].isHostile = numbers.chance(7, of: 10)
        } else if numbers.chance(4, of: 10) {
            nodes[1 + numbers.below(count - 1)].isHostile = true
        }
    }

    private mutating func count(_ name: String) { coverage[name, default: 0] += 1 }

    // MARK: Running

    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            wallMs += 1 + Int64(numbers.below(50))
            let index = numbers.below(nodes.count)
            for _ in 0..<numbers.below(3) {
                let other = numbers.below(nodes.count)
                if other != index { try pull(index, from: other, isWhole: false) }
            }
            switch numbers.below(100) {
            case 0..<8: nodes[index].backup = nodes[index].replica
            case 8..<18: restore(index)
            case 18..<24: try rotate(index)
            case 24..<36: try transfer(index)
            default: try write(index)
            }
        }
    }

    /// Lets everybody talk until nobody learns anything; false where that doesn't end.
    mutating func settle() throws -> Bool {
        for _ in 0..<40 {
            let before = nodes.map(Self.fingerprint)
            var pairs = nodes.indices.flatMap { left in nodes.indices.map { (left, $0) } }.filter { $0 != $1 }
            numbers.shuffle(&pairs)
            for (left, right) in pairs { try pull(left, from: right, isWhole: true) }
            for index in nodes.indices { try recover(index) }
            if before == nodes.map(Self.fingerprint) { return true }
        }
        return false
    }

    private static func fingerprint(_ node: Node) -> [Hash256] {
        let state = node.replica.state
        var parts = HeadsDigest.canonical(state.heads())
        for head in state.heads() {
            parts += state.proofs(of: head.origin).flatMap(\.hash.bytes)
            parts += state.keptEvents(of: head.origin).flatMap(\.event.hash.bytes)
        }
        parts += state.transfers().flatMap(\.payload)
        return [StandInCrypto().sha256(parts)]
    }

    // MARK: Steps

    /// Proofs, transfers and openings go first, then logs, then what is aside for the one who wrote it.
    private mutating func pull(_ index: Int, from other: Int, isWhole: Bool) throws {
        let source = nodes[other].replica.state
        var origins = source.heads().map(\.origin)
        numbers.shuffle(&origins)
        var replica = nodes[index].replica
        let own = nodes[index].id
        let proofs = nodes.map(\.id).flatMap { source.proofs(of: $0) }
        var outcomes = [
            try replica.admission(own: own) { try $0.admit(proofs: proofs, wallMs: History.endMs, into: &$1) }
        ]
        let transfers = source.transfers().map(\.payload)
        outcomes.append(try replica.admission(own: own) { try $0.admit(transfers: transfers, into: &$1) })
        for origin in origins {
            if !isWhole, numbers.chance(1, of: 4) || origin == own && numbers.chance(8, of: 10) { continue }
            var log = nodes[other].log(of: origin)
            if !isWhole, numbers.chance(4, of: 10) { log = Array(log.prefix(numbers.below(log.count + 1))) }
            var start = 0
            while start < log.count {
                let size = isWhole ? log.count : 1 + numbers.below(log.count)
                let batch = Array(log[start..<min(log.count, start + size)])
                outcomes.append(
                    try replica.admission(own: own) { try $0.admit(batch, wallMs: History.endMs, into: &$1) }
                )
                start += size
            }
        }
        let aside = try source.lostEvents(of: own)
        outcomes.append(try replica.admission(own: own) { try $0.admit(aside, wallMs: History.endMs, into: &$1) })
        for outcome in outcomes {
            for proof in outcome.proved { count(proof.place.seq == 1 ? "dead epoch" : "fork") }
            if !outcome.cutLogs.isEmpty { count("cut") }
            for cut in outcome.cuts.values.joined() {
                switch cut {
                case .fork: count("beyond a fork")
                case .opening: count("beyond a close")
                case .pin(let pin): count(pin.n == 0 ? "beside the genesis" : "beside a pin")
                }
            }
            if !outcome.rejected.isEmpty { count("rejected: \(outcome.rejected[0].reason)") }
        }
        nodes[index].replica = replica
    }

    private mutating func restore(_ index: Int) {
        guard let backup = nodes[index].backup, nodes[index].isHostile || numbers.chance(6, of: 10) else { return }
        nodes[index].replica = backup
        count("restore")
    }

    private mutating func recover(_ index: Int) throws {
        guard !nodes[index].isHostile else { return }
        let node = nodes[index]
        wallMs += 1
        let written = try nodes[index].replica.admission(own: node.id) { [wallMs] in
            try $0.recover(by: node.author, identity: node.instance.identity, wallMs: wallMs, into: &$1)
        }
        if written.first?.event.header.type == .epochOpened { count("epoch") }
        for event in written where event.event.header.refs.re != nil { _ = event; count("repeat") }
    }

    private mutating func rotate(_ index: Int) throws {
        try recover(index)
        let node = nodes[index]
        guard let head = node.head, head.cut == nil else { return }
        var end: Fence?
        if node.isHostile, numbers.chance(1, of: 2), let event = numbers.pick(node.log(of: node.id)) {
            end = Fence(place: event.header.place, hash: event.hash)
        }
        _ = try nodes[index].replica.admission(own: node.id) { [wallMs, end] in
            try $0.rotate(
                closingAt: end,
                by: node.author,
                identity: node.instance.identity,
                wallMs: wallMs,
                into: &$1
            )
        }
        count("rotate")
    }

    private mutating func write(_ index: Int) throws {
        try recover(index)
        posts += 1
        let node = nodes[index]
        let post = PostCreated(
            post: node.instance.entity("post-\(posts)"),
            title: "t\(posts)",
            content: nil,
            url: nil,
            author: node.instance.agent("alice")
        )
        try emit(.postCreated(post), by: index)
    }

    /// The owner hands over, as far as this one knows who owns; the new owner says it again.
    private mutating func transfer(_ index: Int) throws {
        try recover(index)
        let node = nodes[index]
        let known = node.replica.state.transfers().filter { $0.signer != nil }
        for transfer in known where transfer.to == node.id {
            guard !node.log(of: node.id).contains(where: { $0.payload == transfer.payload }),
                case .ownerChanged(let change) = EventPayload(type: .ownerChanged, payload: transfer.payload)
            else { continue }
            try emit(.ownerChanged(change), by: index)
        }
        let owner = known.last?.to ?? nodes[0].id
        guard owner == node.id || node.isHostile && index == 0, let head = nodes[index].head else { return }
        var to = numbers.below(nodes.count - 1)
        if to >= index { to += 1 }
        var change = OwnerChanged(
            n: owner == node.id ? (known.last?.n ?? 0) + 1 : 1,
            to: nodes[to].instance.agent("owner"),
            pin: Fence(place: head.place, hash: head.hash),
            authority: .owner(signature: [])
        )
        change.authority = .owner(signature: node.instance.identity.sign(change.signedText(group: group)))
        try emit(.ownerChanged(change), by: index)
        count("transfer")
    }

    private mutating func emit(_ payload: EventPayload, by index: Int) throws {
        let node = nodes[index]
        guard let write = LocalWrite(payload), node.head != nil, !node.isCut else { return }
        let event = try nodes[index].replica.admission(own: node.id) { [wallMs] in
            try $0.write(write, by: node.author, wallMs: wallMs, into: &$1).event
        }
        if !node.isHostile { nodes[index].acknowledged.append(event) }
        count("write")
    }

    // MARK: Checking

    /// What honest instances acknowledged, some replica still holds, and that neither stands nor is repeated.
    func lost() -> [Event] {
        let standing = nodes.map(\.id).flatMap { nodes[0].log(of: $0) }
        let done = Set(standing.map(\.id)).union(standing.compactMap(\.header.refs.re))
        return nodes.flatMap(\.acknowledged).filter { event in
            if done.contains(event.id) { return false }
            if let original = event.header.refs.re, done.contains(original) { return false }
            return nodes.contains { node in
                node.replica.state.keptEvent(of: event.header.origin, hash: event.hash) != nil
                    || node.replica.state.eventHash(origin: event.header.origin, place: event.header.place)
                        == event.hash
            }
        }
    }
}

extension LogCluster.Node {
    fileprivate var isCut: Bool { replica.state.terms(of: id).end != nil }
}
