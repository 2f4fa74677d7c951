/// What is between the nodes just now: partitions, links that hold back, and how long and whether messages travel.
struct SimulatedNetwork: Sendable {
    private struct Active {
        var number: Int
        var node: Int
        var partition: Partition
    }

    private struct Stall {
        var number: Int
        var from: Int
        var to: [Int]
        var untilMs: Int64
    }

    private let seed: UInt64
    private let options: SimulationOptions
    private var partitions: [Active] = []
    private var stalls: [Stall] = []
    /// Messages sent so far between each two nodes, so that the fate of one does not hang on others.
    private var counts: [UInt64]
    /// Faults are over.
    private var isHealed = false
    /// Is broken for ever.
    private let dead: Int?

    init(seed: UInt64, options: SimulationOptions, dead: Int?) {
        self.seed = seed
        self.options = options
        self.dead = dead
        counts = Array(repeating: 0, count: options.nodes * options.nodes)
    }

    /// What becomes of a message.
    enum Fate: Hashable, Sendable {
        case arrives(afterMs: [Int64])
        case isLost
    }

    mutating func fate(from: Int, to: Int, atMs ms: Int64) -> (fate: Fate, random: SimulationRandom) {
        let pair = from * options.nodes + to
        counts[pair] += 1
        var random = SimulationRandom(seed: seed, 2, UInt64(pair), counts[pair])
        let (isLost, isTwice) = (random.chance(1, of: 10), random.chance(1, of: 12))
        let near = random.within(1, 6)
        let far = random.chance(1, of: 8) ? random.within(10, 1_500) : random.within(1, 120)
        let echo = random.within(1, 3_000)
        guard !isHealed else {
            return (from == dead || to == dead ? .isLost : .arrives(afterMs: [near]), random)
        }
        let isCut = partitions.contains { !$0.partition.lets(from: from, to: to, node: $0.node) }
        guard !isCut, !(isLost && options.has(.loss)) else { return (.isLost, random) }
        let held = stalls.lazy.filter { $0.from == from && $0.to.contains(to) }.map(\.untilMs).max() ?? ms
        let way = (options.has(.latency) ? far : near) + max(0, held - ms)
        let isEchoed = isTwice && options.has(.duplication)
        return (.arrives(afterMs: isEchoed ? [way, way + echo] : [way]), random)
    }

    // MARK: Faults

    mutating func begin(_ partition: Partition, of node: Int, number: Int) {
        partitions.append(Active(number: number, node: node, partition: partition))
    }

    mutating func begin(stallFrom node: Int, to others: [Int], untilMs: Int64, number: Int) {
        stalls.append(Stall(number: number, from: node, to: others, untilMs: untilMs))
    }

    /// The fault that step `number` began is over.
    mutating func end(_ number: Int) {
        partitions.removeAll { $0.number == number }
        stalls.removeAll { $0.number == number }
    }

    /// From now on everything arrives soon, but to and from whom is dead.
    mutating func heal() {
        partitions = []
        stalls = []
        isHealed = true
    }
}
