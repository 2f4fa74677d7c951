import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

/// SQLite must come to what memory comes to, whatever the order, the batches, the restarts and the rollbacks.
@Suite("The fold on SQLite and in memory", .opensFiles)
struct SameFoldTests {
    struct Stop: Error {}

    @Test("Any history gives the same dump, root, heads and counters", arguments: 1...40 as ClosedRange<UInt64>)
    func sameState(seed: UInt64) throws {
        let history = History(seed: seed)
        let test = try TestStore()
        try test.makeGroup(history.group, hive: "engineering")
        var memory = MemoryState()
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        var rest = history.instances.map { $0.events[...] }
        while let log = numbers.pick(rest.indices.filter({ !rest[$0].isEmpty })) {
            var batch: [Event] = []
            for _ in 0...numbers.below(8) {
                if let event = rest[log].popFirst() { batch.append(event) }
            }
            try deliver(batch, of: history.group, to: test, &memory, &numbers)
        }
        // What came before its writer was known is offered again.
        for _ in 0..<history.instances.count {
            try deliver(history.events, of: history.group, to: test, &memory, &numbers)
        }
        try compare(history.group, test, memory)
        try test.reopen()
        try compare(history.group, test, memory)
    }

    private func deliver(
        _ batch: [Event],
        of group: GroupID,
        to test: TestStore,
        _ memory: inout MemoryState,
        _ numbers: inout HiveTestKit.SeededGenerator
    ) throws {
        let expected = try TestStore.admit(batch, to: group, &memory)
        switch numbers.below(6) {
        case 0:
            // Written and rolled back, then written again.
            #expect(throws: Stop.self) {
                try test.store.write { transaction in
                    var state = try transaction.state(for: group)
                    _ = try TestStore.admit(batch, to: group, &state)
                    throw Stop()
                }
            }
            #expect(try test.admit(batch, to: group) == expected)
        case 1:
            // The same, with a savepoint in one transaction.
            let outcome = try test.store.write { transaction in
                do {
                    var state = try transaction.state(for: group)
                    try transaction.savepoint {
                        _ = try TestStore.admit(batch, to: group, &state)
                        throw Stop()
                    }
                } catch is Stop {}
                var state = try transaction.state(for: group)
                return try TestStore.admit(batch, to: group, &state)
            }
            #expect(outcome == expected)
        case 2:
            #expect(try test.admit(batch, to: group) == expected)
            try test.store.indexPending(limit: 1 + numbers.below(20))
        case 3 where numbers.chance(1, of: 4):
            try test.reopen()
            #expect(try test.admit(batch, to: group) == expected)
        default:
            #expect(try test.admit(batch, to: group) == expected)
        }
    }

    private func compare(_ group: GroupID, _ test: TestStore, _ memory: MemoryState) throws {
        let (dump, root, faults, recomputed, heads) = try test.state(group) { state in
            (
                try state.canonicalDump(), try state.stateRoot(), try Recount.faults(in: &state),
                try state.recomputedRoot(StandInCrypto()), try state.heads()
            )
        }
        #expect(try String(decoding: memory.canonicalDump(), as: UTF8.self) == String(decoding: dump, as: UTF8.self))
        #expect(memory.stateRoot() == root)
        #expect(recomputed == root)
        #expect(faults == [])
        #expect(memory.heads() == heads)
    }

    @Test("Folding anew from the stored log changes nothing", arguments: 1...10 as ClosedRange<UInt64>)
    func refold(seed: UInt64) throws {
        let history = History(seed: seed)
        let test = try TestStore()
        try test.makeGroup(history.group, hive: "engineering")
        for _ in history.instances { try test.admit(history.events, to: history.group) }
        try test.store.indexPending()
        let before = try test.state(history.group) { (try $0.canonicalDump(), try $0.stateRoot()) }
        try test.store.write { transaction in
            var state = try transaction.state(for: history.group)
            var fold = Fold<SQLiteState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
            try fold.refold(&state)
            try fold.finish(&state)
        }
        let after = try test.state(history.group) { state in
            #expect(try Recount.faults(in: &state) == [])
            return (try state.canonicalDump(), try state.stateRoot())
        }
        #expect(before == after)
        while try test.store.indexPending() > 0 {}
        #expect(try test.store.integrity() == [])
    }
}
