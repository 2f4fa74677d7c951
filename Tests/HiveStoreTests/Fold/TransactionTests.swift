import GRDB
import HiveModel
import HivePorts
import HiveTestKit
import Testing

@testable import HiveStore
@testable import HiveSync

@Suite("Transactions of the store", .opensFiles)
struct TransactionTests {
    struct Stop: Error {}

    @Test("change_seq has no gaps over many transactions, rollbacks, savepoints and restarts")
    func changesAreGapFree() async throws {
        let test = try TestStore()
        var home = founder()
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        var numbers = HiveTestKit.SeededGenerator(seed: 3)
        var announced: [Int64] = []
        for round in 0..<60 {
            let before = home.events.count
            for number in 0...numbers.below(3) { home.post("p\(round)-\(number)") }
            let fresh = Array(home.events[before...])
            if numbers.chance(1, of: 3) {
                #expect(throws: Stop.self) {
                    try test.store.write { transaction in
                        var state = try transaction.state(for: group)
                        _ = try TestStore.admit(fresh, to: group, &state)
                        throw Stop()
                    }
                }
            }
            if numbers.chance(1, of: 10) { try test.reopen() }
            announced += try test.store.write { transaction in
                var state = try transaction.state(for: group)
                if numbers.chance(1, of: 3) {
                    #expect(throws: Stop.self) {
                        try transaction.core.savepoint {
                            _ = try TestStore.admit(fresh, to: group, &state)
                            throw Stop()
                        }
                    }
                }
                _ = try TestStore.admit(fresh, to: group, &state)
                return try transaction.changes().map(\.seq)
            }
        }
        let stored = try #require(try await test.store.changes(after: 0, limit: 10_000))
        #expect(stored.map(\.seq) == Array(1...Int64(stored.count)))
        #expect(announced == Array(stored.map(\.seq).suffix(announced.count)))
        #expect(try await test.store.changeSeq() == Int64(stored.count))
        #expect(stored.count { if case .postCreated = $0.change { true } else { false } } == home.events.count - 1)
    }

    @Test("Old changes are pruned, and who asks for them is told")
    func changesAreBounded() async throws {
        let test = try TestStore(changesKept: 10)
        var home = founder()
        for number in 0..<40 { home.post("p\(number)") }
        try test.publish(home, hive: "engineering")
        let last = try await test.store.changeSeq()
        try test.store.pruneChanges()
        #expect(try await test.store.changes(after: 0, limit: 100) == nil)
        #expect(try await test.store.changes(after: last - 10, limit: 100)?.count == 10)
        #expect(try await test.store.changes(after: last, limit: 100)?.count == 0)
        #expect(try await test.store.changeSeq() == last)
    }

    @Test("A savepoint that fails takes its rows, numbers and counters with it, and nothing else")
    func savepoint() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("kept")
        home.vote(1, home.entity("kept"), by: "bob")
        let kept = home.events
        home.post("lost", by: "carol")
        home.vote(1, home.entity("kept"), by: "dave")
        home.append(EventType("new_type"), payload: Array("{}".utf8))
        let lost = Array(home.events[kept.count...])
        let group = try #require(home.group)
        try test.makeGroup(group, hive: "engineering")
        try test.store.write { transaction in
            var state = try transaction.state(for: group)
            _ = try TestStore.admit(kept, to: group, &state)
            #expect(throws: Stop.self) {
                try transaction.core.savepoint {
                    _ = try TestStore.admit(lost, to: group, &state)
                    throw Stop()
                }
            }
            #expect(try state.head(of: home.id)?.place.seq == Int64(kept.count))
            #expect(try state.post(home.entity("lost")) == nil)
            #expect(try transaction.lastArrival() == Int64(kept.count))
        }
        let faults = try test.state(group) { try Recount.faults(in: &$0) }
        #expect(faults == [])
        #expect(try await test.store.counts().posts == 1)
        // The same events again, as if nothing had happened.
        #expect(try test.admit(lost, to: group).inserted == lost.count)
        #expect(try await test.store.counts().posts == 2)
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
    }

    @Test("Votes of one transaction add up, whatever of it is read or undone meanwhile")
    func gatheredVotes() throws {
        let test = try TestStore()
        var home = founder()
        home.post("one")
        home.post("two")
        home.comment("reply", on: home.entity("one"), by: "bob")
        let made = home.events
        for voter in ["bob", "carol", "dave"] {
            home.vote(1, home.entity("one"), by: voter)
            home.vote(-1, on: .comment, home.entity("reply"), by: voter)
        }
        let votes = Array(home.events[made.count...])
        let group = try #require(home.group)
        try test.makeGroup(group, hive: "engineering")
        try test.store.write { transaction in
            var state = try transaction.state(for: group)
            _ = try TestStore.admit(made, to: group, &state)
            _ = try TestStore.admit(Array(votes[..<2]), to: group, &state)
            #expect(try state.post(home.entity("one"))?.post.score == 1)
            #expect(try state.post(home.entity("one"))?.post.commentCount == 1)
            _ = try TestStore.admit(Array(votes[2..<4]), to: group, &state)
            #expect(throws: Stop.self) {
                try transaction.core.savepoint {
                    _ = try TestStore.admit(Array(votes[4...]), to: group, &state)
                    #expect(try state.post(home.entity("one"))?.post.score == 3)
                    throw Stop()
                }
            }
            #expect(try transaction.post(id: home.entity("one").rawValue, viewer: .anonymous)?.score == 2)
            #expect(try state.comment(home.entity("reply"))?.comment.score == -2)
            _ = try TestStore.admit(Array(votes[4...]), to: group, &state)
        }
        #expect(try test.state(group) { try $0.post(home.entity("one"))?.post.score } == 3)
        #expect(try test.state(group) { try $0.post(home.entity("two"))?.post.score } == 0)
        #expect(try test.state(group) { try Recount.faults(in: &$0) } == [])
    }

    @Test("What votes ask of a post follows its row, and goes with it")
    func targetsFollow() throws {
        let test = try TestStore()
        var home = founder()
        home.post("one")
        let group = try #require(home.group)
        try test.publish(home, hive: "engineering")
        let kept = ContentTarget(kind: .post, id: home.entity("one"))
        let undone = ContentTarget(kind: .post, id: home.entity("undone"))
        for _ in 0..<2 {
            do {
                try test.store.write { transaction in
                    let state = try transaction.state(for: group)
                    #expect(try state.voteTarget(undone) == nil)
                    #expect(throws: Stop.self) {
                        try transaction.core.savepoint {
                            _ = try state.insertPost(PostRow(id: undone.id))
                            #expect(try state.voteTarget(undone) != nil)
                            throw Stop()
                        }
                    }
                    #expect(try state.voteTarget(undone) == nil)
                    _ = try state.insertPost(PostRow(id: undone.id))
                    #expect(try state.voteTarget(undone)?.author == nil)
                    #expect(try state.voteTarget(kept)?.isLive == true)
                    let (row, post) = try #require(try state.post(kept.id))
                    var hidden = post
                    hidden.isHidden = true
                    try state.putPost(hidden, at: row)
                    #expect(try state.voteTarget(kept)?.isLive == false)
                    try state.clear()
                    #expect(try state.voteTarget(kept) == nil)
                    throw Stop()
                }
            } catch is Stop {}
        }
        #expect(try test.state(group) { try $0.voteTarget(kept)?.isLive } == true)
    }

    @Test("What was decided is kept with the state, and goes with what it was decided from")
    func memo() throws {
        let test = try TestStore()
        var home = founder()
        let group = try #require(home.group)
        try test.publish(home, hive: "engineering")
        #expect(try test.state(group) { $0.memo.decisions != nil })
        Governance.decide(.ban, on: home.agent("eve"), in: &home)
        let ban = Array(home.events.suffix(1))
        try test.store.write { transaction in
            var state = try transaction.state(for: group)
            #expect(throws: Stop.self) {
                try transaction.core.savepoint {
                    _ = try TestStore.admit(ban, to: group, &state)
                    #expect(state.memo.decisions?.bans.count == 1)
                    throw Stop()
                }
            }
            #expect(try transaction.state(for: group).memo.decisions?.bans.count == 0)
        }
        #expect(throws: Stop.self) {
            try test.store.write { transaction in
                var state = try transaction.state(for: group)
                _ = try TestStore.admit(ban, to: group, &state)
                throw Stop()
            }
        }
        #expect(try test.state(group) { $0.memo.decisions == nil })
        try test.admit(ban, to: group)
        #expect(try test.state(group) { $0.memo.decisions?.bans.count == 1 })
    }

    @Test("A fault of this program is an internal fault, and its transaction is undone")
    func constraintBugs() async throws {
        let test = try TestStore()
        let home = founder()
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let error = #expect(throws: HiveError.self) {
            try test.store.write { transaction in
                try transaction.setGroupStatus(group, "error", reason: "half")
                try transaction.core.connection.execute(sql: "INSERT INTO hives (n) VALUES (1)")
            }
        }
        #expect(error?.code == .internalFault)
        #expect(try await test.store.groups().first?.status == "active")
    }

    @Test("A group unknown here is not found")
    func unknownGroup() throws {
        let test = try TestStore()
        let group = try #require(founder().group)
        let error = #expect(throws: HiveError.self) { try test.admit([], to: group) }
        #expect(error?.code == .notFound)
    }

    @Test("A closed store says that it is unavailable")
    func closed() async throws {
        let test = try TestStore()
        test.store.close()
        let error = #expect(throws: HiveError.self) { try test.store.write { _ in } }
        #expect(error?.code == .unavailable)
    }

    @Test("The clock and the version of the fold are kept")
    func meta() throws {
        let test = try TestStore()
        let clock = HybridClock(last: HybridTime(ms: 1_234, counter: 56))
        try test.store.write { transaction in
            #expect(try transaction.materializerVersion() == nil)
            transaction.setClock(clock)
            try transaction.setMaterializerVersion(3)
        }
        let incarnation = test.store.incarnation
        try test.reopen()
        #expect(test.store.incarnation == incarnation)
        let held = try test.store.write { (try $0.clock(), try $0.materializerVersion()) }
        #expect(held.0 == clock)
        #expect(held.1 == 3)
    }
}
