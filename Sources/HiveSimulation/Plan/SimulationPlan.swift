/// Everything that will be done to a cluster, decided before it starts, in order of time.
///
/// Each kind of step is drawn from a stream of its own: leaving one kind out changes no other.
struct SimulationPlan: Sendable {
    private(set) var steps: [PlannedStep] = []
    /// By node.
    private(set) var clocks: [SimulatedClock]
    /// Whom each node dials.
    private(set) var dials: [[Int]]
    /// Whether peers can dial the node.
    private(set) var isReachable: [Bool]
    /// Lies; nil = nobody does.
    private(set) var evil: Int?
    /// Is broken when all others are healed; nil = none.
    private(set) var dead: Int?

    private let seed: UInt64
    private let options: SimulationOptions

    init(seed: UInt64, options: SimulationOptions) {
        self.seed = seed
        self.options = options
        clocks = Array(repeating: SimulatedClock(), count: options.nodes)
        dials = Array(repeating: [], count: options.nodes)
        isReachable = Array(repeating: true, count: options.nodes)
        link()
        castRoles()
        setClocks()
        planJoins()
        planWrites()
        planMachineFaults()
        planDiskFaults()
        planNetworkFaults()
        planClockJumps()
        planLies()
        planAdmins()
        // Stable: steps of one time stay in the order they were planned in.
        let order = steps.indices.sorted { (steps[$0].atMs, $0) < (steps[$1].atMs, $1) }
        steps = order.map { steps[$0] }
    }

    // MARK: Parts

    private enum Stream: UInt64 {
        case links = 10, roles, clocks, joins, writes, machines, disks, network, jumps, lies, admins
    }

    private func stream(_ stream: Stream, _ fault: FaultClass? = nil) -> SimulationRandom {
        let index = fault.flatMap { FaultClass.allCases.firstIndex(of: $0) } ?? 0
        return SimulationRandom(seed: seed, stream.rawValue, UInt64(index))
    }

    private mutating func link() {
        var random = stream(.links)
        let nodes = options.nodes
        func pair(_ left: Int, _ right: Int) -> [(Int, Int)] { [(left, right), (right, left)] }
        var links: [(Int, Int)] = []
        switch options.topology {
        case .mesh:
            for left in 0..<nodes { for right in 0..<left { links += pair(left, right) } }
        case .star:
            for other in 1..<nodes { links += pair(0, other) }
        case .ring:
            for node in 0..<nodes { links += pair(node, (node + 1) % nodes) }
        case .chords:
            for node in 0..<nodes { links += pair(node, (node + 1) % nodes) }
            for _ in 0..<nodes / 2 { links += pair(random.below(nodes), random.below(nodes)) }
        }
        if options.has(.hidden) {
            // The owner can be dialled, so that nobody is alone.
            for node in 1..<nodes { isReachable[node] = !random.chance(1, of: 3) }
        }
        for (from, to) in links where from != to && isReachable[to] && !dials[from].contains(to) {
            dials[from].append(to)
        }
        // Whoever can't be dialled, or has nobody to dial, has the owner.
        for node in 1..<nodes where (!isReachable[node] || dials[node].isEmpty) && !dials[node].contains(0) {
            dials[node].append(0)
        }
    }

    private mutating func castRoles() {
        var random = stream(.roles)
        let (liar, broken) = (1 + random.below(options.nodes - 1), random.below(options.nodes))
        if options.has(.evil), options.nodes > 2 { evil = liar }
        // Whoever is broken must not cut the others off from each other.
        if options.has(.dead), options.nodes > 2, options.topology == .mesh, broken != evil, broken > 0 {
            dead = broken
        }
    }

    private mutating func setClocks() {
        var random = stream(.clocks)
        for node in clocks.indices {
            let (skew, drift) = (random.within(-20_000, 20_000), random.within(-200, 200))
            if options.has(.skew) { clocks[node].skewMs = skew }
            if options.has(.drift) { clocks[node].driftPerMillion = drift * 100 }
        }
    }

    private mutating func planJoins() {
        var random = stream(.joins)
        // Who only reads lets nobody in.
        var hosts = [0]
        for node in 1..<options.nodes {
            let isLate = random.chance(1, of: 4)
            let atMs = isLate ? random.within(1, options.spanMs / 2) : random.within(1, 200)
            // Members may let others in too; who is not a member yet asks again later.
            let host = random.chance(3, of: 4) ? 0 : random.pick(hosts.filter { isReachable[$0] }) ?? 0
            // Whoever is invited dials who invited it: nobody else may know it yet.
            if !dials[node].contains(host) { dials[node].append(host) }
            let role: ClusterRole =
                host != 0 || node < options.writers
                ? .member : random.pick(weighted: [(.admin, 1), (.member, 4), (.readonly, 1)])
            if role != .readonly { hosts.append(node) }
            add(atMs, node, .join(invitedBy: host, role), random.next())
        }
    }

    private mutating func planWrites() {
        var random = stream(.writes)
        var left = options.events
        while left > 0 {
            let count = min(left, random.pick(weighted: [(1, 3), (4, 3), (12, 3), (40, 1)]))
            left -= count
            add(random.within(300, options.spanMs), random.below(options.writers), .write(count: count), random.next())
        }
    }

    mutating func add(_ atMs: Int64, _ node: Int, _ action: PlannedAction, _ seed: UInt64) {
        steps.append(PlannedStep(atMs: atMs, node: node, action: action, seed: seed))
    }

    /// Adds `count` steps of a fault class at random times and nodes, where the class is on.
    private mutating func plan(
        _ fault: FaultClass,
        _ stream: Stream,
        upTo count: Int,
        _ action: (inout SimulationRandom, Int) -> PlannedAction
    ) {
        guard options.has(fault) else { return }
        var random = self.stream(stream, fault)
        for _ in 0...random.below(count) {
            let any = random.below(options.nodes)
            // What needs a right is mostly done by the owner.
            let node = stream == .admins && random.chance(1, of: 2) ? 0 : any
            let atMs = random.within(500, options.spanMs)
            add(atMs, node, action(&random, node), random.next())
        }
    }

    private mutating func planMachineFaults() {
        let longest = options.spanMs / 3
        plan(.crashes, .machines, upTo: 6) { random, _ in .crash(downMs: random.within(50, longest)) }
        plan(.pauses, .machines, upTo: 6) { random, _ in .pause(forMs: random.within(50, longest)) }
        plan(.rotations, .machines, upTo: 3) { _, _ in .rotate }
        plan(.busy, .machines, upTo: 4) { random, _ in .busy(forMs: random.within(50, longest)) }
    }

    private mutating func planDiskFaults() {
        plan(.diskErrors, .disks, upTo: 6) { random, _ in .failCommits(count: 1 + random.below(8)) }
        plan(.slowDisk, .disks, upTo: 4) { [span = options.spanMs] random, _ in
            .slowDisk(forMs: random.within(500, span / 2))
        }
        plan(.bitFlips, .disks, upTo: 3) { random, _ in .flipBit(foundAfterMs: random.within(10, 20_000)) }
        plan(.lostCommits, .disks, upTo: 3) { random, _ in
            .loseCommits(count: 1 + random.below(4), downMs: random.within(50, 5_000))
        }
        plan(.backups, .disks, upTo: 2) { random, _ in
            .restoreBackup(commitsBack: 1 + random.below(40), downMs: random.within(50, 10_000))
        }
    }

    private mutating func planNetworkFaults() {
        let (nodes, longest) = (options.nodes, options.spanMs / 3)
        plan(.partitions, .network, upTo: 4) { random, _ in
            let side = Set((0..<nodes).filter { _ in random.chance(1, of: 2) })
            let partition: Partition = random.pick(
                weighted: [(.isolated, 2), (.mute, 1), (.deaf, 1), (.halves(side), 2), (.bridged(side), 1)]
            )
            return .partition(partition, forMs: random.within(100, longest))
        }
        plan(.stalls, .network, upTo: 8) { random, node in
            let others = (0..<nodes).filter { $0 != node && random.chance(1, of: 2) }
            return .stall(to: others, forMs: random.within(50, longest))
        }
    }

    private mutating func planClockJumps() {
        plan(.jumps, .jumps, upTo: 3) { [span = options.spanMs] random, _ in
            let jump: ClockJump = random.pick(
                weighted: [(.hourForward, 3), (.hourBack, 3), (.to1970, 1), (.to2100, 1)]
            )
            return .jumpClock(jump, backAfterMs: random.within(500, span))
        }
    }

    private mutating func planAdmins() {
        guard let last = AdminAct.moderation.indices.last else { return }
        plan(.moderation, .admins, upTo: 40) { random, _ in
            .administer(AdminAct.moderation[random.below(last + 1)])
        }
        plan(.removals, .admins, upTo: 4) { random, _ in .administer(random.chance(1, of: 3) ? .invite : .remove) }
        plan(.transfers, .admins, upTo: 3) { _, _ in .administer(.transfer) }
    }

    private mutating func planLies() {
        guard let evil else { return }
        var random = stream(.lies)
        for _ in 0...random.below(12) {
            let atMs = random.within(1_000, options.spanMs)
            guard let lie = random.pick(Lie.allCases) else { return }
            add(atMs, evil, .lie(lie), random.next())
        }
    }
}
