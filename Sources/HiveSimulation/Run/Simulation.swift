import HiveSync

/// One seed, from beginning to end.
public struct Simulation: Sendable {
    public var seed: UInt64
    public var options: SimulationOptions

    /// - Parameter options: nil = as the seed draws them.
    public init(seed: UInt64, options: SimulationOptions? = nil) {
        self.seed = seed
        self.options = options ?? SimulationOptions(seed: seed)
    }

    /// Runs with the state in memory and stand-in cryptography.
    /// - Parameter trace: takes each line of the trace as it is made.
    public func run(trace: ((String) -> Void)? = nil) -> SimulationResult {
        run(crypto: KeyedHashCrypto(seed: seed), trace: trace) { MemoryStore() }
    }

    /// Runs with any store and any cryptography.
    public func run<Store: SimulatedStore, Crypto: SimulationCrypto>(
        crypto: Crypto,
        trace: ((String) -> Void)? = nil,
        makeStore: @escaping () -> Store
    ) -> SimulationResult {
        var result = SimulationResult(seed: seed, options: options)
        do {
            let cluster = try Cluster(
                seed: seed,
                options: options,
                crypto: crypto,
                sink: trace,
                makeStore: makeStore
            )
            do {
                try drive(cluster, &result)
            } catch {
                cluster.fail(.noInternalFault, nil, "\(error)")
            }
            result.take(cluster)
        } catch {
            result.violations = [
                Violation(invariant: .noInternalFault, node: nil, atMs: 0, detail: "\(error)")
            ]
        }
        return result
    }

    private func drive<Store, Crypto>(_ cluster: Cluster<Store, Crypto>, _ result: inout SimulationResult) throws {
        var random = SimulationRandom(seed: seed, 7)
        // Safety: anything may fail, nothing may be wrong.
        let checked = 1 + random.below(3)
        for part in 1...3 {
            try cluster.run(untilMs: options.spanMs * Int64(part) / 3)
            guard cluster.violations.isEmpty else { return }
            if part == checked { try cluster.checkNow(random.below(options.nodes)) }
        }
        // Liveness: what is healed comes to hold the same.
        try cluster.settle(&result.convergedAfterMs)
        guard cluster.violations.isEmpty else { return }
        let rest = try Rest(cluster)
        result.dumps = rest.dumps
        for check in Rest<Store, Crypto>.all() where cluster.violations.isEmpty { try check.check(rest) }
    }
}
