import Testing

@testable import HiveSimulation

@Suite("Failures are made smaller")
struct ShrinkerTests {
    /// Fails wherever the run still crashes node 1 and has more than four events.
    private func failing(_ simulation: Simulation) -> SimulationResult {
        var result = SimulationResult(seed: simulation.seed, options: simulation.options)
        let plan = SimulationPlan(seed: simulation.seed, options: simulation.options)
        let crashes = plan.steps.enumerated().contains { number, step in
            guard case .crash = step.action else { return false }
            return simulation.options.keeps(number, atMs: step.atMs)
        }
        if crashes, simulation.options.events > 4 {
            result.violations = [Violation(invariant: .bounded, node: nil, atMs: 0, detail: "planted")]
        }
        return result
    }

    @Test("Nodes, events, faults and steps that don't matter are left out")
    func shrinks() throws {
        let options = SimulationOptions(
            nodes: 7,
            writers: 4,
            events: 200,
            spanMs: 60_000,
            topology: .mesh,
            faults: [.loss, .partitions, .crashes, .slowDisk, .skew]
        )
        let first = failing(Simulation(seed: 9, options: options))
        var shrinker = try #require(Shrinker(first))
        shrinker.run { failing($0) }
        let smallest = shrinker.smallest.options
        #expect(smallest.faults == [.crashes])
        #expect(smallest.nodes == 2)
        #expect(smallest.events <= 9)
        #expect(!shrinker.smallest.violations.isEmpty)
        let plan = SimulationPlan(seed: 9, options: smallest)
        let kept = plan.steps.enumerated().count { number, step in
            smallest.keeps(number, atMs: step.atMs) && !step.action.isJoin
        }
        #expect(kept == 1)
    }

    @Test("A run that is fine has nothing to shrink")
    func fine() {
        #expect(Shrinker(SimulationResult(seed: 1, options: SimulationOptions(seed: 1))) == nil)
    }
}
