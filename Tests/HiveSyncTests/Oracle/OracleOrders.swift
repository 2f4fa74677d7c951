import HiveModel
import HiveSync
import HiveTestKit

/// Folds one history in many orders and holds what comes out against what another implementation says.
struct OracleOrders {
    typealias Events = OracleEvents<StandInCrypto>

    let history: OracleHistory
    let events: Events
    private let expected: OracleOutline

    init(_ history: OracleHistory, in world: OracleWorld<StandInCrypto>) throws {
        self.history = history
        events = try Events(history, in: world)
        expected = try OracleOutline(expectedOf: history)
    }

    /// What is wrong, as sentences; the order it shows in comes first.
    func faults() throws -> [String] {
        var faults: [String] = []
        var first: (dump: [UInt8], root: Hash256)?
        for (name, order) in orders() {
            var replica = Replica(of: events.group)
            try fold(order, into: &replica)
            faults += try self.faults(of: &replica).map { "\(name): \($0)" }
            let (dump, root) = (try replica.state.canonicalDump(), replica.root)
            if let first, first.dump != dump || first.root != root { faults.append("\(name): the order shows") }
            guard faults.isEmpty else { break }
            guard first == nil else { continue }
            first = (dump, root)
            try replica.refold()
            if try replica.state.canonicalDump() != dump || replica.root != root {
                faults.append("\(name): folded from nothing it differs")
            }
        }
        return faults
    }

    private func faults(of replica: inout Replica) throws -> [String] {
        var faults = expected.differences(from: try OracleOutline(replica.state, of: events))
        faults += try Recount.faults(in: &replica.state)
        if try replica.state.recomputedRoot(StandInCrypto()) != replica.state.stateRoot() {
            faults.append("the root is not that of the rows")
        }
        return faults
    }

    // MARK: Orders

    /// Three of seven, other ones for other seeds.
    ///
    /// Each keeps every instance's events in their places; an event that comes again is only folded again.
    private func orders() -> [(name: String, events: [Event])] {
        var numbers = HiveTestKit.SeededGenerator(seed: UInt64(bitPattern: history.seed))
        let logs = Self.logs(of: events.events)
        let pair = [
            [("as written", events.events), ("logs in turn", logs.flatMap { $0 })],
            [("logs from the last", logs.reversed().flatMap { $0 }), ("mixed", Self.mixed(logs, &numbers))],
            [("mixed", Self.mixed(logs, &numbers)), ("mixed again", Self.mixed(logs, &numbers))],
        ]
        let number = Int(history.seed.magnitude % 3)
        return pair[number] + [("twice", Self.twice(Self.mixed(logs, &numbers), &numbers))]
    }

    /// The logs by instance, each by place.
    static func logs(of events: [Event]) -> [[Event]] {
        let origins = Set(events.map(\.header.origin)).sorted()
        return origins.map { origin in
            events.filter { $0.header.origin == origin }.sorted { $0.header.place < $1.header.place }
        }
    }

    static func mixed(_ logs: [[Event]], _ numbers: inout HiveTestKit.SeededGenerator) -> [Event] {
        var rest = logs.map { $0[...] }
        var mixed: [Event] = []
        while let log = numbers.pick(rest.indices.filter { !rest[$0].isEmpty }) {
            // Sometimes a long piece, so that one log is far ahead of what it names.
            for _ in 0...numbers.below(numbers.chance(1, of: 3) ? 12 : 2) {
                if let event = rest[log].popFirst() { mixed.append(event) }
            }
        }
        return mixed
    }

    /// Every event once more, anywhere after its first time.
    private static func twice(_ events: [Event], _ numbers: inout HiveTestKit.SeededGenerator) -> [Event] {
        var twice: [Event] = []
        var waiting: [Event] = []
        for event in events {
            twice.append(event)
            waiting.append(event)
            while numbers.chance(2, of: 5), !waiting.isEmpty {
                twice.append(waiting.remove(at: numbers.below(waiting.count)))
            }
        }
        return twice + numbers.shuffled(waiting)
    }

    /// In transactions of a few events each, the first time appended to its log.
    private func fold(_ order: [Event], into replica: inout Replica) throws {
        var numbers = HiveTestKit.SeededGenerator(seed: UInt64(order.count) &+ UInt64(bitPattern: history.seed))
        var held: Set<Hash256> = []
        var rest = order[...]
        while !rest.isEmpty {
            var fold = Fold<MemoryState, StandInCrypto>(group: events.group, crypto: StandInCrypto())
            for _ in 0...numbers.below(numbers.chance(1, of: 4) ? 60 : 4) {
                guard let event = rest.popFirst() else { break }
                if held.insert(event.hash).inserted { _ = replica.state.append(event, isVerified: true) }
                try fold.apply(event, to: &replica.state)
            }
            try fold.finish(&replica.state)
        }
    }
}
