import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

/// Decisions about people, in any order of arrival: SQLite must come to what memory comes to.
@Suite("Moderation on SQLite and in memory", .opensFiles)
struct GovernedFoldTests {
    struct Stop: Error {}

    @Test("Any order gives the same dump, root and counters", arguments: 1...40 as ClosedRange<UInt64>)
    func sameState(seed: UInt64) async throws {
        let history = GovernedHistory(seed: seed)
        let group = history.group.id
        let test = try TestStore()
        try test.makeGroup(group, hive: "engineering")
        var memory = MemoryState()
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        var rest = history.instances.map { $0.events[...] }
        while let log = numbers.pick(rest.indices.filter({ !rest[$0].isEmpty })) {
            var batch: [Event] = []
            for _ in 0...numbers.below(12) {
                if let event = rest[log].popFirst() { batch.append(event) }
            }
            let expected = try TestStore.admit(batch, to: group, &memory)
            try deliver(batch, to: group, test, expected, &numbers)
        }
        for _ in history.instances {
            let expected = try TestStore.admit(history.group.events, to: group, &memory)
            #expect(try test.admit(history.group.events, to: group) == expected)
        }
        let (dump, root, faults, recomputed) = try test.state(group) { state in
            (
                try state.canonicalDump(), try state.stateRoot(), try Recount.faults(in: &state),
                try state.recomputedRoot(StandInCrypto())
            )
        }
        #expect(try String(decoding: memory.canonicalDump(), as: UTF8.self) == String(decoding: dump, as: UTF8.self))
        #expect(memory.stateRoot() == root)
        #expect(recomputed == root)
        #expect(faults == [])
        let result = try await test.store.verify(group, StandInCrypto())
        #expect(result.isEqual, "\(result.differences)")
        while try test.store.indexPending() > 0 {}
        #expect(try test.store.integrity() == [])
    }

    private func deliver(
        _ batch: [Event],
        to group: GroupID,
        _ test: TestStore,
        _ expected: AdmissionOutcome,
        _ numbers: inout HiveTestKit.SeededGenerator
    ) throws {
        switch numbers.below(5) {
        case 0:
            #expect(throws: Stop.self) {
                try test.store.write { transaction in
                    var state = try transaction.state(for: group)
                    _ = try TestStore.admit(batch, to: group, &state)
                    throw Stop()
                }
            }
        case 1:
            let outcome = try test.store.write { transaction in
                var state = try transaction.state(for: group)
                do {
                    try transaction.savepoint {
                        _ = try TestStore.admit(batch, to: group, &state)
                        throw Stop()
                    }
                } catch is Stop {}
                state = try transaction.state(for: group)
                return try TestStore.admit(batch, to: group, &state)
            }
            #expect(outcome == expected)
            return
        case 2: try test.store.indexPending(limit: 1 + numbers.below(20))
        case 3 where numbers.chance(1, of: 3): try test.reopen()
        default: break
        }
        #expect(try test.admit(batch, to: group) == expected)
    }
}
