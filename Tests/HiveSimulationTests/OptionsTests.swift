import HiveSimulation
import Testing

@Suite("Simulation options")
struct OptionsTests {
    @Test("What a failure prints reads back as the same options", arguments: UInt64(1)...50)
    func roundTrip(seed: UInt64) throws {
        var options = SimulationOptions(seed: seed)
        options.skipped = [2...3, 7...7]
        options.startMs = 500
        var read = SimulationOptions(seed: seed &+ 1)
        try read.override(options.description)
        #expect(read == options)
    }

    @Test("Faults are laid over what the seed draws")
    func faultChanges() throws {
        var options = SimulationOptions(
            nodes: 3,
            writers: 1,
            events: 1,
            spanMs: 1_000,
            topology: .mesh,
            faults: [.loss]
        )
        try options.override("faults=+crashes")
        #expect(options.faults == [.loss, .crashes])
        try options.override("faults=-loss")
        #expect(options.faults == [.crashes])
        try options.override("faults=none")
        #expect(options.faults.isEmpty)
    }

    @Test(
        "Words that make no sense are named",
        arguments: ["nodes=10", "nodes=one", "colour=red", "faults=rain", "topology=tree", "skip=5-2", "nodes"]
    )
    func nonsense(text: String) {
        var options = SimulationOptions(seed: 1)
        #expect(throws: OptionsError.self) { try options.override(text) }
    }

    @Test("Each fault class is off in about half of the seeds, and nodes are 2 to 9")
    func drawing() {
        let drawn = (1...2_000).map { SimulationOptions(seed: $0) }
        for fault in FaultClass.drawn {
            let share = drawn.count { $0.has(fault) }
            #expect((700...1_200).contains(share), "\(fault) is on in \(share) of 2,000 seeds")
        }
        #expect(Set(drawn.map(\.nodes)) == Set(2...9))
    }
}
