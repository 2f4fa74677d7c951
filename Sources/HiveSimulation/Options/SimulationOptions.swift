/// What a run is made of; drawn from its seed, and open to change where a run is reproduced or made smaller.
public struct SimulationOptions: Hashable, Sendable {
    /// 2 to 9.
    public var nodes: Int
    /// How many of them have clients, at least 1.
    public var writers: Int
    /// About how many events clients write.
    public var events: Int
    /// Virtual milliseconds in which anything may go wrong.
    public var spanMs: Int64
    public var topology: Topology
    /// In the order of their declaration.
    public var faults: [FaultClass]
    /// What is planned before this time is left out, but for joining.
    public var startMs: Int64 = 0
    /// Steps of the plan that are left out, by number, ascending.
    public var skipped: [ClosedRange<Int>] = []

    public init(
        nodes: Int,
        writers: Int,
        events: Int,
        spanMs: Int64,
        topology: Topology,
        faults: [FaultClass]
    ) {
        self.nodes = nodes
        self.writers = writers
        self.events = events
        self.spanMs = spanMs
        self.topology = topology
        self.faults = faults
    }

    /// As the seed draws them: each fault class is off in half of the seeds, and all are in one of sixteen.
    public init(seed: UInt64) {
        var random = SimulationRandom(seed: seed, 1)
        let nodes = random.pick(
            weighted: [(2, 4), (3, 6), (4, 6), (5, 3), (6, 1), (7, 1), (8, 1), (9, 1)]
        )
        self.init(
            nodes: nodes,
            writers: 1 + random.below(nodes),
            events: Int(random.within(100, 500)),
            spanMs: random.within(10, 120) * 1_000,
            topology: random.pick(
                weighted: [(Topology.mesh, 5), (.ring, 1), (.star, 2), (.chords, 2)]
            ),
            faults: []
        )
        let isQuiet = random.chance(1, of: 16)
        faults = FaultClass.allCases.filter { fault in
            let isOn = random.chance(1, of: 2)
            return isOn && !isQuiet && FaultClass.drawn.contains(fault)
        }
    }

    public func has(_ fault: FaultClass) -> Bool { faults.contains(fault) }

    /// Whether a step of the plan takes place.
    func keeps(_ number: Int, atMs ms: Int64) -> Bool {
        ms >= startMs && !skipped.contains { $0.contains(number) }
    }

    /// Without one more step.
    mutating func skip(_ numbers: ClosedRange<Int>) {
        skipped.append(numbers)
        skipped.sort { $0.lowerBound < $1.lowerBound }
        var joined: [ClosedRange<Int>] = []
        for range in skipped {
            if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        skipped = joined
    }
}
