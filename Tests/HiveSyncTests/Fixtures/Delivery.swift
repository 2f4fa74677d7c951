import HiveModel
import HiveSync
import HiveTestKit

/// Carries a history to one replica: logs in random pieces, pieces in random order, some twice, some too early.
struct Delivery {
    private var numbers: HiveTestKit.SeededGenerator
    private let logs: [[Event]]

    init(_ history: History, seed: UInt64) {
        self.init(history.instances.map(\.events), seed: seed)
    }

    /// - Parameter logs: whole logs, over all epochs.
    init(_ logs: [[Event]], seed: UInt64) {
        numbers = HiveTestKit.SeededGenerator(seed: seed)
        self.logs = logs
    }

    /// Delivers everything; false where the replica stops taking what it should.
    mutating func run(into replica: inout Replica) throws -> Bool {
        var idle = 0
        while idle < 200 {
            let before = logs.map { held(of: $0, by: replica) }
            if before == logs.map(\.count) { return true }
            try replica.admit(batch(after: before))
            idle = logs.map { held(of: $0, by: replica) } == before ? idle + 1 : 0
        }
        return false
    }

    private mutating func batch(after held: [Int]) -> [Event] {
        var batch: [Event] = []
        for _ in 0...numbers.below(3) {
            let log = numbers.below(logs.count)
            let start = max(0, held[log] - numbers.below(3) + (numbers.chance(1, of: 12) ? 2 : 0))
            let end = min(logs[log].count, start + 1 + numbers.below(numbers.chance(1, of: 5) ? 60 : 6))
            if start < end { batch += logs[log][start..<end] }
        }
        if numbers.chance(1, of: 4) { numbers.shuffle(&batch) }
        return batch
    }

    private func held(of log: [Event], by replica: Replica) -> Int {
        guard let origin = log.first?.header.origin, let head = replica.state.head(of: origin) else { return 0 }
        return (log.firstIndex { $0.header.place == head.place } ?? -1) + 1
    }
}
