import HiveSimulation
import HiveTestKit
import Testing

/// A share of the simulated runs, on real databases and with real keys.
@Suite("Simulated clusters on SQLite", .opensFiles)
struct SimulationOnSQLiteTests {
    private static func simulation(_ seed: UInt64) -> Simulation {
        var options = SimulationOptions(seed: seed)
        options.events = 24
        options.nodes = min(options.nodes, 3)
        options.writers = min(options.writers, options.nodes)
        options.spanMs = min(options.spanMs, 30_000)
        // What a liar signs badly inside a run is told apart by a mark that is asked for in memory only.
        options.faults.removeAll { $0 == .evil }
        return Simulation(seed: seed, options: options)
    }

    @Test("The run is the same, and so is every node's dump", arguments: UInt64(1)...20)
    func sameAsMemory(seed: UInt64) {
        let simulation = Self.simulation(seed)
        let inMemory = simulation.run(crypto: RealCrypto()) { MemoryStore() }
        let onSQLite = simulation.run(crypto: RealCrypto()) { SQLiteStore() }
        #expect(onSQLite.violations.isEmpty, "\(onSQLite.line(commit: "-")): \(onSQLite.violations)")
        #expect(!onSQLite.dumps.isEmpty && onSQLite.dumps == inMemory.dumps)
        #expect(onSQLite.traceHash == inMemory.traceHash)
        #expect(onSQLite.coverage == inMemory.coverage)
    }
}
