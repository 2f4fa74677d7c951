import GRDB
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Verification")
struct VerifyTests {
    private func store() throws -> (TestStore, GroupID) {
        let history = History(seed: 21, steps: 80)
        let test = try TestStore()
        try test.makeGroup(history.group, hive: "engineering")
        for _ in history.instances { try test.admit(history.events, to: history.group) }
        return (test, history.group)
    }

    @Test("What the fold made equals a fold from nothing")
    func equal() async throws {
        let (test, group) = try store()
        let result = try await test.store.verify(group, StandInCrypto())
        #expect(result.isEqual)
        #expect(result.differences == [])
        #expect(result.storedRoot == result.foldedRoot)
        #expect(result.events > 50)
        #expect(result.entities > 10)
    }

    @Test(
        "A row, a counter or a root that somebody changed is named",
        arguments: [
            ("UPDATE posts SET title = 'tampered' WHERE n = (SELECT min(n) FROM posts WHERE visible > 0)", "tampered"),
            ("DELETE FROM votes WHERE target = (SELECT min(target) FROM votes)", "not stored"),
            ("UPDATE posts SET score = score + 7 WHERE n = 1", "scores of posts"),
            ("UPDATE comments SET score = 99 WHERE n = 1", "scores of comments"),
            ("UPDATE posts SET comment_count = 1234 WHERE n = 1", "comment counts"),
            ("UPDATE group_counters SET posts = posts + 1", "numbers of posts"),
            ("UPDATE group_karma SET karma = karma + 1", "karma"),
            ("UPDATE state_root SET buckets = zeroblob(8192)", "stored root"),
        ]
    )
    func tampered(sql: String, word: String) async throws {
        let (test, group) = try store()
        try test.store.withCore { try $0.connection.execute(sql: sql) }
        try test.reopen()
        let result = try await test.store.verify(group, StandInCrypto())
        #expect(!result.isEqual)
        #expect(result.differences.contains { $0.contains(word) }, "\(result.differences)")
    }
}
