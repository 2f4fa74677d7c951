import HiveSimulation

/// Many seeds, one after another.
struct Campaign {
    let arguments: Arguments
    private var coverage = Coverage()
    private var runs = 0
    private var events = 0
    private var failures: [SimulationResult] = []

    init(_ arguments: Arguments) {
        self.arguments = arguments
    }

    /// Runs and reports; the code to leave with.
    mutating func run() throws(Arguments.Fault) -> Int32 {
        let clock = ContinuousClock()
        let start = clock.now
        let end = arguments.minutes.map { start + .seconds($0 * 60) }
        var seed = arguments.seed ?? arguments.firstSeed
        let count = arguments.seed != nil ? 1 : arguments.runs ?? Int.max
        while runs < count {
            if let end, clock.now >= end { break }
            try run(seed)
            if !failures.isEmpty, !arguments.keepsGoing { break }
            seed += 1
        }
        report(took: start.duration(to: clock.now))
        return failures.first?.verdict.rawValue ?? 0
    }

    private mutating func run(_ seed: UInt64) throws(Arguments.Fault) {
        let simulation = try arguments.simulation(of: seed)
        CrashReport.prepare("hive-sim --seed \(seed) --options \(simulation.options) # commit \(arguments.commit)")
        let result = simulation.run(trace: arguments.isTraced ? { say($0) } : nil)
        runs += 1
        events += result.events
        coverage.add(result.coverage)
        if arguments.seed != nil { describe(result) }
        guard let first = result.violations.first else { return }
        failures.append(result)
        say("\(result.verdict): \(first)")
        say("  \(result.line(commit: arguments.commit))")
        if arguments.isShrunk { shrink(result) }
    }

    private func describe(_ result: SimulationResult) {
        say("options     \(result.options)")
        say("events      \(result.events)")
        say("lasted      \(result.lastedMs) ms, equal \(result.convergedAfterMs) ms after healing")
        say("trace hash  \(String(result.traceHash, radix: 16))")
    }

    private func shrink(_ result: SimulationResult) {
        guard var shrinker = Shrinker(result) else { return }
        shrinker.run { simulation in
            CrashReport.prepare("hive-sim --seed \(simulation.seed) --options \(simulation.options)")
            return simulation.run()
        }
        let smallest = shrinker.smallest
        say("shrunk in \(shrinker.tries) runs to:")
        say("  \(smallest.line(commit: arguments.commit))")
        _ = Simulation(seed: smallest.seed, options: smallest.options).run { say($0) }
    }

    private func report(took: Duration) {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(runs) / seconds : 0
        say("seeds       \(runs) in \(Self.text(seconds)) s, \(Self.text(rate)) a second; \(events) events")
        say("failures    \(failures.count)")
        guard runs > 1 || arguments.seed == nil else { return }
        for path in Coverage.Path.allCases {
            let name = "\(path)"
            say("  \(name)\(String(repeating: " ", count: max(1, 22 - name.count)))\(coverage[path])")
        }
        say("  events sent           \(coverage.eventsSent), received \(coverage.eventsReceived)")
    }

    private static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
