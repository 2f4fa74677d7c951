import HiveModel
import Testing

@testable import HiveSimulation

@Suite("A seed is a run")
struct DeterminismTests {
    private static func small(_ seed: UInt64) -> SimulationOptions {
        var options = SimulationOptions(seed: seed)
        options.events = 30
        options.nodes = min(options.nodes, 4)
        options.writers = min(options.writers, options.nodes)
        return options
    }

    @Test("The same seed twice is the same run", arguments: UInt64(1)...6)
    func twice(seed: UInt64) {
        let first = Simulation(seed: seed, options: Self.small(seed)).run()
        let second = Simulation(seed: seed, options: Self.small(seed)).run()
        #expect(first.traceHash == second.traceHash)
        #expect(first.coverage == second.coverage)
    }

    @Test("A trace that is read changes nothing, and has a line for each thing that happens")
    func traced() {
        var lines: [String] = []
        let silent = Simulation(seed: 5, options: Self.small(5)).run()
        let told = Simulation(seed: 5, options: Self.small(5)).run { lines.append($0) }
        #expect(silent.traceHash == told.traceHash)
        #expect(lines.count > 20)
        #expect(lines.allSatisfy { $0.count > 17 })
    }

    @Test("Another seed is another run")
    func other() {
        let options = Self.small(1)
        let hashes = (1...5).map { Simulation(seed: $0, options: options).run().traceHash }
        #expect(Set(hashes).count == 5)
    }

    /// Numbers another build or another machine must come to as well.
    @Test("Random numbers and stand-in hashes are what they were")
    func fixedNumbers() {
        var random = SimulationRandom(seed: 1)
        #expect(random.next() == 12_966_619_160_104_079_557)
        let crypto = KeyedHashCrypto(seed: 7)
        let text = Array("hive".utf8)
        #expect(crypto.sha256(text) == KeyedHashCrypto(seed: 8).sha256(text))
        #expect(crypto.sha256(text) != crypto.sha256(text + [0]))
        let key = crypto.key(3)
        let signature = key.sign(text)
        #expect(crypto.isValid(signature: signature, message: text, key: key.publicKey))
        #expect(!crypto.isValid(signature: signature, message: text + [1], key: key.publicKey))
        #expect(!crypto.isValid(signature: signature, message: text, key: crypto.key(4).publicKey))
    }
}
