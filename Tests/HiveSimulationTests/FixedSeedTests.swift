import HiveSimulation
import Testing

@Suite("Simulated clusters")
struct FixedSeedTests {
    @Test("Nothing is wrong in any of the fixed seeds", arguments: 0..<30)
    func fixedSeeds(block: Int) {
        for seed in UInt64(block * 10 + 1)...UInt64(block * 10 + 10) {
            var options = SimulationOptions(seed: seed)
            options.events = min(options.events, 24)
            options.nodes = min(options.nodes, 4)
            options.writers = min(options.writers, options.nodes)
            let result = Simulation(seed: seed, options: options).run()
            #expect(result.violations.isEmpty, "\(result.line(commit: "-")): \(result.violations)")
        }
    }
}
