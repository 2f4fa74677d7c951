import Foundation
import HiveModel
import HiveSync
import HiveTestKit
import Testing

/// The fold, and admission, against another implementation of the same rules.
///
/// `OPENHIVE_HISTORIES=FILE` runs the histories of a file instead of the project's own, each by the test it is for;
/// `OPENHIVE_SEED` only one of them, `OPENHIVE_ORDERS` each of what was held in so many orders.
@Suite("Histories of another implementation")
struct OracleTests {
    private static let world = OracleWorld(StandInCrypto())
    private static let orders =
        ProcessInfo.processInfo.environment["OPENHIVE_ORDERS"].flatMap { UInt64($0) } ?? 1

    @Test("What stands comes to the state it should, in any order")
    func standing() throws {
        try forEach("standing.jsonl", isFor: { !$0.kind.hasPrefix("raw") }) { history in
            try OracleOrders(history, in: Self.world).faults()
        }
    }

    @Test("Everything anybody held comes to the heads and the state it should, on every replica")
    func held() throws {
        try forEach("held.jsonl", isFor: { $0.kind.hasPrefix("raw") }) { history in
            let events = try OracleEvents(history, in: Self.world)
            let expected = try OracleOutline(expectedOf: history)
            for order in 0..<Self.orders {
                let seed = UInt64(history.seed.magnitude) + order * 1_000_003
                var cluster = OracleCluster(events, replicas: 2 + Int(seed % 2), seed: seed)
                let faults = try cluster.faults(expected: expected)
                if !faults.isEmpty { return ["order \(order):"] + faults }
            }
            return []
        }
    }

    private func forEach(
        _ name: String,
        isFor: (OracleHistory) -> Bool,
        _ faults: (OracleHistory) throws -> [String]
    ) throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["OPENHIVE_SEED"].flatMap { Int64($0) }
        var failed: [String] = []
        var count = 0
        for line in try OracleFiles.lines(of: name) {
            let history = try OracleHistory(line)
            guard isFor(history), seed == nil || seed == history.seed else { continue }
            count += 1
            let faults = try faults(history)
            guard !faults.isEmpty else { continue }
            failed.append("\(history.kind) \(history.seed)")
            let text = faults.prefix(12).joined(separator: "\n")
            if failed.count < 6 { Issue.record("\(history.kind) \(history.seed): \(text)") }
        }
        #expect(count > 0 || environment["OPENHIVE_HISTORIES"] != nil)
        #expect(failed.isEmpty, "\(failed.count) of \(count): \(failed.prefix(40))")
    }
}
