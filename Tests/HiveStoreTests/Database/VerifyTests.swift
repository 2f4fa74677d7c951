import GRDB
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Verification", .opensFiles)
struct VerifyTests {
    private func store() throws -> (TestStore, GroupID) {
        let test = try TestStore()
        var home = founder()
        for number in 0..<8 {
            home.post("p\(number)", by: "ann")
            home.comment("c\(number)", on: home.entity("p\(number)"), by: "bob")
            home.vote(1, home.entity("p\(number)"), by: "bob")
            home.vote(1, on: .comment, home.entity("c\(number)"), by: "ann")
        }
        home.updatePost(home.entity("p1"), title: .set("Edited"), by: "ann")
        home.deletePost(home.entity("p2"), by: "ann")
        home.deleteComment(home.entity("c3"), by: "bob")
        home.profile("ann", name: "Ann")
        try test.publish(home, hive: "engineering")
        return (test, try #require(home.group))
    }

    @Test("What the fold made equals a fold from nothing")
    func equal() async throws {
        let (test, group) = try store()
        let result = try await test.store.verify(group, StandInCrypto())
        #expect(result.isEqual)
        #expect(result.differences == [])
        #expect(result.storedRoot == result.foldedRoot)
        #expect(result.events == 37)
        #expect(result.entities > 30)
    }

    @Test(
        "A row, a counter or a root that somebody changed is named",
        arguments: [
            ("UPDATE posts SET title = 'tampered' WHERE n = (SELECT min(n) FROM posts WHERE visible > 0)", "tampered"),
            ("DELETE FROM votes WHERE target = (SELECT min(target) FROM votes)", "not stored"),
            ("UPDATE post_ranks SET score = score + 7 WHERE n = 1", "scores of posts"),
            ("UPDATE comments SET score = 99 WHERE n = 1", "scores of comments"),
            ("UPDATE post_ranks SET comment_count = 1234 WHERE n = 1", "comment counts"),
            ("UPDATE post_ranks SET visible = 0 WHERE n = 1", "places in feeds"),
            ("UPDATE post_ranks SET created_at = created_at + 1 WHERE n = 1", "places in feeds"),
            ("DELETE FROM post_ranks WHERE n = 1", "places in feeds"),
            ("UPDATE group_counters SET posts = posts + 1", "numbers of posts"),
            ("UPDATE hives SET member_count = member_count + 1", "numbers of members"),
            ("UPDATE votes SET is_hidden = 1 WHERE target = (SELECT min(target) FROM votes)", "not stored"),
            ("DELETE FROM group_owners", "not stored"),
            ("UPDATE group_karma SET karma = karma + 1", "karma"),
            ("UPDATE state_root SET buckets = zeroblob(8192)", "stored root"),
            ("UPDATE hive_events SET payload = json_set(payload, '$.title', 'x') WHERE seq = 4", "hashes say"),
            ("UPDATE hive_events SET origin_ts = origin_ts + 1 WHERE seq = 5", "hashes say"),
            ("UPDATE hive_events SET signature = zeroblob(64) WHERE seq = 1", "not signed"),
            (
                "UPDATE hive_events SET signature = zeroblob(64) WHERE seq = (SELECT max(seq) FROM hive_events)",
                "not signed"
            ),
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
