/// Makes a failing run smaller: fewer faults, fewer nodes, fewer events, a later start, fewer steps; whatever still
/// breaks the same invariant is kept.
public struct Shrinker: Sendable {
    /// The smallest failing run so far.
    public private(set) var smallest: SimulationResult
    /// Runs tried.
    public private(set) var tries = 0
    private let invariant: Invariant
    private let triesMax: Int

    /// Nil where the run does not fail.
    public init?(_ failing: SimulationResult, triesMax: Int = 2_000) {
        guard let first = failing.violations.first else { return nil }
        smallest = failing
        invariant = first.invariant
        self.triesMax = triesMax
    }

    /// Tries until nothing helps any more.
    public mutating func run(_ simulate: (Simulation) -> SimulationResult = { $0.run() }) {
        var before: SimulationOptions?
        while before != smallest.options, tries < triesMax {
            before = smallest.options
            dropFaults(simulate)
            dropNodes(simulate)
            dropEvents(simulate)
            startLater(simulate)
            dropSteps(simulate)
        }
    }

    /// Keeps the options where they still break the invariant.
    @discardableResult
    private mutating func attempt(_ options: SimulationOptions, _ simulate: (Simulation) -> SimulationResult) -> Bool {
        guard options != smallest.options, tries < triesMax else { return false }
        tries += 1
        let result = simulate(Simulation(seed: smallest.seed, options: options))
        guard result.violations.first?.invariant == invariant else { return false }
        smallest = result
        return true
    }

    private mutating func dropFaults(_ simulate: (Simulation) -> SimulationResult) {
        for fault in smallest.options.faults {
            var options = smallest.options
            options.faults.removeAll { $0 == fault }
            attempt(options, simulate)
        }
    }

    private mutating func dropNodes(_ simulate: (Simulation) -> SimulationResult) {
        var nodes = 2
        while nodes < smallest.options.nodes {
            var options = smallest.options
            options.nodes = nodes
            options.writers = min(options.writers, nodes)
            if attempt(options, simulate) { return }
            nodes += 1
        }
        while smallest.options.writers > 1 {
            var options = smallest.options
            options.writers -= 1
            guard attempt(options, simulate) else { return }
        }
    }

    private mutating func dropEvents(_ simulate: (Simulation) -> SimulationResult) {
        while smallest.options.events > 0 {
            var options = smallest.options
            options.events /= 2
            guard attempt(options, simulate) else { break }
        }
        while smallest.options.spanMs > 2_000 {
            var options = smallest.options
            options.spanMs = options.spanMs * 2 / 3
            guard attempt(options, simulate) else { break }
        }
    }

    private mutating func startLater(_ simulate: (Simulation) -> SimulationResult) {
        var part = smallest.options.spanMs / 2
        while part > 100 {
            var options = smallest.options
            options.startMs += part
            if !attempt(options, simulate) { part /= 2 }
        }
    }

    /// Leaves out steps in ever smaller pieces (delta debugging).
    private mutating func dropSteps(_ simulate: (Simulation) -> SimulationResult) {
        let count = SimulationPlan(seed: smallest.seed, options: smallest.options).steps.count
        var piece = max(1, count / 2)
        while tries < triesMax {
            var first = 0
            while first < count {
                let range = first...min(first + piece - 1, count - 1)
                var options = smallest.options
                options.skip(range)
                attempt(options, simulate)
                first += piece
            }
            guard piece > 1 else { return }
            piece /= 2
        }
    }
}
