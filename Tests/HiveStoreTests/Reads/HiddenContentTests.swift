import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("What a ban hides", .opensFiles)
struct HiddenContentTests {
    let test: TestStore
    var home = founder()
    let group: GroupID

    init() throws {
        test = try TestStore()
        group = try #require(home.group)
        home.post("p1", title: "Kept bees", by: "ann")
        home.post("p2", title: "Spam bees", by: "eve")
        home.comment("c1", on: home.entity("p1"), content: "spam words", by: "eve")
        home.comment("c2", on: home.entity("p1"), parent: home.entity("c1"), content: "answer", by: "ann")
        home.comment("c3", on: home.entity("p1"), content: "more spam", by: "eve")
        home.vote(1, home.entity("p1"), by: "eve")
        home.vote(1, home.entity("p1"), by: "bob")
        home.vote(1, home.entity("p2"), by: "ann")
    }

    private func search(_ text: String) async throws -> [String] {
        while try test.store.indexPending() > 0 {}
        let query = SearchQuery(text: text, kinds: [.posts, .comments], hive: nil, order: .new, limit: 9)
        let found = try await test.store.search(query, viewer: .anonymous)
        return found.posts.map(\.id) + found.comments.map(\.id)
    }

    @Test("It is in no list, search or count, its replies stay, and it comes back with the unban")
    func hidden() async throws {
        var home = home
        try test.publish(home, hive: "engineering")
        #expect(try await search("spam").count == 3)
        let ban = Governance.decide(.ban, on: home.agent("eve"), scope: .all, in: &home)
        try test.admit([ban], to: group)

        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).posts.map(\.title) == ["Kept bees"])
        #expect(try await test.store.posts(PostQuery(sort: .new), viewer: .anonymous).total == 1)
        #expect(try await test.store.post(id: home.entity("p2").rawValue, viewer: .admin(nil)) == nil)
        #expect(try await test.store.history(ofPost: home.entity("p2").rawValue, viewer: .admin(nil)) == nil)
        #expect(try await search("spam") == [])
        let post = try #require(try await test.store.post(id: home.entity("p1").rawValue, viewer: .anonymous))
        #expect(post.score == 1 && post.commentCount == 1)
        #expect(post.author.karma == 1)
        let thread = try await test.store.comments(postID: post.id, sort: .old, viewer: .anonymous)
        #expect(thread.map(\.isDeleted) == [true, false])
        #expect(thread.map(\.content) == [nil, "answer"])
        #expect(thread.last?.depth == 1)
        #expect(try await test.store.comment(id: home.entity("c1").rawValue, viewer: .admin(nil)) == nil)
        let counts = try await test.store.counts()
        #expect(counts.posts == 1 && counts.comments == 1)
        let eve = try test.viewer("eve", home)
        #expect(try await test.store.post(id: post.id, viewer: eve)?.userVote == nil)
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
        #expect(try test.store.integrity() == [])

        Governance.decide(.unban, on: home.agent("eve"), replacing: [ban.id], in: &home)
        try test.admit(Array(home.events.suffix(1)), to: group)
        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).total == 2)
        #expect(try await search("spam").count == 3)
        #expect(try await test.store.post(id: post.id, viewer: eve)?.userVote == 1)
        #expect(try await test.store.post(id: post.id, viewer: eve)?.commentCount == 3)
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
        #expect(try test.store.integrity() == [])
    }

    @Test("A post's history shows what its author and moderators made of it, and nothing of strangers")
    func history() async throws {
        var home = home
        let grant = Governance.moderator(home.agent("mod"), .add(.moderator), in: &home)
        let actor = Governance.Actor(name: "mod", grant: grant.id)
        let post = home.entity("p1")
        home.updatePost(post, title: .set("Second"), content: .set(nil), by: "ann")
        home.updatePost(post, title: .set("Strange"), by: "bob")
        home.updatePost(post, title: .set("Stolen"), by: "bob", refs: EventRefs(auth: grant.id))
        home.updatePost(post, url: .set("https://example.org/"), by: "mod", refs: EventRefs(auth: grant.id))
        Governance.pin(post, by: actor, in: &home)
        try test.publish(home, hive: "engineering")
        let history = try #require(try await test.store.history(ofPost: post.rawValue, viewer: .anonymous))
        #expect(history.map(\.kind) == [.created, .updated, .updated, .pinned])
        #expect(history.map(\.title) == ["Kept bees", "Second", nil, nil])
        #expect(history.map(\.by.name) == ["ann", "ann", "mod", "mod"])
        #expect(history[1].content == .some(nil) && history[2].content == nil)
        #expect(history[2].url == .some("https://example.org/"))
        let view = try #require(try await test.store.post(id: post.rawValue, viewer: .anonymous))
        #expect(view.title == "Second" && view.isPinned)
    }

    @Test("The moderation log says who did what to whom, newest first")
    func moderationLog() async throws {
        var home = home
        let grant = Governance.moderator(home.agent("mod"), .add(.moderator), in: &home)
        let actor = Governance.Actor(name: "mod", grant: grant.id)
        let ban = Governance.decide(.ban, on: home.agent("eve"), by: actor, reason: "spam", in: &home)
        Governance.decide(.ban, on: home.agent("ann"), by: Governance.Actor(name: "bob"), in: &home)
        home.deletePost(home.entity("p2"), reason: "off topic", by: "mod", refs: EventRefs(auth: grant.id))
        home.deletePost(home.entity("p1"), by: "bob")
        Governance.pin(home.entity("p1"), by: actor, in: &home)
        Governance.set("description", .string("New"), in: &home)
        Governance.decide(.unban, on: home.agent("eve"), replacing: [ban.id], in: &home)
        try test.publish(home, hive: "engineering")
        func log(_ limit: Int, _ offset: Int) async throws -> [ModerationEntry] {
            try await test.store.moderationLog(ofHive: "engineering", viewer: .anonymous, limit: limit, offset: offset)
        }
        let entries = try await log(20, 0)
        #expect(
            entries.map(\.action) == [.unban, .settingChanged, .postPinned, .postDeleted, .ban, .moderatorAdded]
        )
        #expect(entries.map { $0.by?.name } == ["owner", "owner", "mod", "mod", "mod", "owner"])
        #expect(entries.map(\.isInForce) == [true, true, true, true, false, true])
        #expect(entries[3].subject == .content(home.entity("p2").rawValue) && entries[3].reason == "off topic")
        #expect(entries[1].subject == .setting(key: "description", valueJSON: "\"New\""))
        if case .agent(let agent) = entries[4].subject { #expect(agent.name == "eve") } else { Issue.record() }
        #expect(entries[4].reason == "spam" && entries[4].atMs == ban.header.time.ms)
        #expect(try await log(2, 3).map(\.action) == [.postDeleted, .ban])
    }
}
