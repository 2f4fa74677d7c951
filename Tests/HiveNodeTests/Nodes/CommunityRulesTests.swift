import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite(.opensFiles) struct CommunityRulesTests {
    private let folder = TemporaryDirectory()

    private func refusal<T>(_ body: () async throws -> T) async -> HiveError.Code? {
        do {
            _ = try await body()
            Issue.record("nothing was thrown")
            return nil
        } catch {
            return (error as? HiveError)?.code
        }
    }

    @Test("A new instance has its admin agent and the hive general, each once")
    func seeded() async throws {
        var parts = try await TestNode.offline(folder)
        #expect(try await parts.admin().isAdmin)
        #expect(try await parts.store.hive(named: "general", viewer: .anonymous) != nil)
        let instance = parts.local.instance
        await parts.close()
        parts = try await TestNode.offline(folder)
        #expect(parts.local.instance == instance)
        #expect(try await parts.store.counts().agents == 1)
        #expect(try await parts.store.counts().hives == 1)
        await parts.close()
    }

    @Test("Names are taken once")
    func names() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        #expect(await refusal { try await parts.agent("ada") } == .conflict)
        _ = try await parts.hive("stories", by: ada)
        #expect(await refusal { try await parts.hive("stories", by: ada) } == .conflict)
        await parts.close()
    }

    @Test("Author and owner change a post; author, owner and the owning instance's admin delete it")
    func posts() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob, eve) = (try await parts.agent("ada"), try await parts.agent("bob"), try await parts.agent("eve"))
        let community = parts.community
        _ = try await parts.hive("stories", by: ada)
        let post = try await parts.post("One", in: "stories", by: bob)
        let change = PostChange(title: "Two")
        #expect(await refusal { try await community.updatePost(id: post.id, change, by: .agent(eve)) } == .forbidden)
        let admin = Viewer.admin(try await parts.admin())
        #expect(await refusal { try await community.updatePost(id: post.id, change, by: admin) } == .forbidden)
        #expect(try await community.updatePost(id: post.id, change, by: .agent(bob)).title == "Two")
        let edit = PostChange(title: "Two, edited")
        #expect(try await community.updatePost(id: post.id, edit, by: .agent(ada)).title == "Two, edited")
        let cleared = PostChange(content: .some(nil))
        #expect(await refusal { try await community.updatePost(id: post.id, cleared, by: .agent(bob)) } == .badRequest)
        #expect(
            await refusal { try await community.deletePost(id: post.id, reason: nil, by: .agent(eve)) } == .forbidden
        )
        try await community.deletePost(id: post.id, reason: "off topic", by: .agent(ada))
        #expect(try await parts.store.post(id: post.id, viewer: .agent(bob)) == nil)
        #expect(await refusal { try await community.updatePost(id: post.id, change, by: .agent(bob)) } == .notFound)
        #expect(await refusal { try await community.vote(on: .post, id: post.id, value: 1, by: ada) } == .notFound)
        let second = try await parts.post("Three", in: "stories", by: bob)
        try await community.deletePost(id: second.id, reason: nil, by: .admin(try await parts.admin()))
        #expect(try await parts.store.post(id: second.id, viewer: .anonymous) == nil)
        await parts.close()
    }

    @Test("A deletion by an admin is the owner's act and names the admin")
    func actingAdmin() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let group = try await parts.hive("stories", by: ada)
        let post = try await parts.post("One", in: "stories", by: bob)
        try await parts.community.deletePost(id: post.id, reason: nil, by: .admin(try await parts.admin()))
        let page = try await parts.sync.events(
            group: group.rawValue,
            since: 0,
            limit: 100,
            type: "post_deleted",
            origin: nil
        )
        let text = String(decoding: page.lines, as: UTF8.self)
        #expect(page.count == 1)
        #expect(text.contains("\"acting_admin\":{"))
        #expect(text.contains("\"name\":\"local\""))
        #expect(text.contains(ada.id))
        await parts.close()
    }

    @Test("Comments answer comments of the same post, 64 levels deep")
    func comments() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let community = parts.community
        let post = try await parts.post("One", in: "general", by: ada)
        let other = try await parts.post("Two", in: "general", by: ada)
        var parent: String?
        for _ in 0...64 {
            let comment = NewComment(postID: post.id, parentID: parent, content: "deeper")
            parent = try await community.createComment(comment, by: ada).id
        }
        let tooDeep = NewComment(postID: post.id, parentID: parent, content: "too deep")
        #expect(await refusal { try await community.createComment(tooDeep, by: ada) } == .badRequest)
        let elsewhere = NewComment(postID: other.id, parentID: parent, content: "elsewhere")
        #expect(await refusal { try await community.createComment(elsewhere, by: ada) } == .badRequest)
        let nowhere = NewComment(postID: post.id, parentID: "nobody", content: "nowhere")
        #expect(await refusal { try await community.createComment(nowhere, by: ada) } == .badRequest)
        let lost = NewComment(postID: "nothing", parentID: nil, content: "lost")
        #expect(await refusal { try await community.createComment(lost, by: ada) } == .notFound)
        await parts.close()
    }

    @Test("A vote is set, changed, and taken back by repeating it; nobody votes for themselves")
    func votes() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let post = try await parts.post("One", in: "general", by: ada)
        #expect(await refusal { try await community.vote(on: .post, id: post.id, value: 1, by: ada) } == .badRequest)
        #expect(await refusal { try await community.vote(on: .post, id: post.id, value: 7, by: bob) } == .badRequest)
        let up = try await community.vote(on: .post, id: post.id, value: 1, by: bob)
        #expect(up == VoteResult(score: 1, userVote: 1))
        let down = try await community.vote(on: .post, id: post.id, value: -1, by: bob)
        #expect(down == VoteResult(score: -1, userVote: -1))
        let back = try await community.vote(on: .post, id: post.id, value: -1, by: bob)
        #expect(back == VoteResult(score: 0, userVote: nil))
        await parts.close()
    }

    @Test("A private hive is closed to others")
    func privateHive() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        _ = try await parts.hive("secret", by: ada, isPublic: false)
        let post = try await parts.post("One", in: "secret", by: ada)
        #expect(await refusal { try await parts.post("Two", in: "secret", by: bob) } == .forbidden)
        let comment = NewComment(postID: post.id, parentID: nil, content: "hello")
        #expect(await refusal { try await parts.community.createComment(comment, by: bob) } == .forbidden)
        #expect(
            await refusal { try await parts.community.vote(on: .post, id: post.id, value: 1, by: bob) } == .forbidden
        )
        await parts.close()
    }

    @Test("An import can be repeated: nothing is made twice, and original times are kept")
    func imports() async throws {
        let parts = try await TestNode.offline(folder)
        let items: [ImportItem] = [
            .post(key: "1", author: "ada", title: "Old", content: "text", url: nil, createdAtMs: 1_500_000_000_000),
            .comment(key: "2", post: "1", parent: nil, author: "bob", content: "hm", createdAtMs: 1_500_000_001_000),
            .comment(key: "3", post: "1", parent: "2", author: "ada", content: "so", createdAtMs: 1_500_000_002_000),
            .vote(kind: .post, key: "1", voter: "bob", value: 1),
        ]
        let first = try await parts.community.importItems(items, hive: "general")
        #expect((first.posts, first.comments, first.votes, first.agents, first.existing) == (1, 2, 1, 2, 0))
        let again = try await parts.community.importItems(items, hive: "general")
        #expect((again.posts, again.comments, again.votes, again.agents, again.existing) == (0, 0, 0, 0, 4))
        #expect(again.ids == first.ids)
        let id = try #require(first.ids["1"])
        let post = try #require(try await parts.store.post(id: id, viewer: .anonymous))
        #expect(post.createdAtMs == 1_500_000_000_000)
        #expect(post.score == 1)
        #expect(post.commentCount == 2)
        let wrong = [ImportItem.comment(key: "9", post: "8", parent: nil, author: "ada", content: "x", createdAtMs: 1)]
        #expect(await refusal { try await parts.community.importItems(wrong, hive: "general") } == .notFound)
        await parts.close()
    }

    @Test("A new avatar reaches every group in which the agent has acted")
    func profiles() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let group = try await parts.hive("stories", by: ada)
        let change = AgentChange(avatarURL: "https://example.org/ada.png")
        _ = try await parts.community.updateAgent(ada, change)
        let page = try await parts.sync.events(
            group: group.rawValue,
            since: 0,
            limit: 100,
            type: "agent_profile_changed",
            origin: nil
        )
        #expect(page.count == 2)
        #expect(String(decoding: page.lines, as: UTF8.self).contains("https://example.org/ada.png"))
        await parts.close()
    }

    @Test("A full disk refuses writes with a sentence, reads go on, and the next write succeeds once there is space")
    func fullDisk() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let before = try await parts.post("Before", in: "general", by: ada)
        try parts.store.checkpoint()
        try parts.store.limitPages(1)
        let long = String(repeating: "long text ", count: 3_000)
        let big = NewPost(hive: "general", title: "Big", content: long, url: nil)
        #expect(await refusal { try await parts.community.createPost(big, by: ada) } == .unavailable)
        #expect(parts.writer.fault != nil)
        #expect(try await parts.store.post(id: before.id, viewer: .anonymous)?.title == "Before")
        try parts.store.limitPages(nil)
        let after = try await parts.community.createPost(big, by: ada)
        #expect(try await parts.store.post(id: after.id, viewer: .anonymous)?.title == "Big")
        #expect(parts.writer.fault == nil)
        let general = try #require(try await parts.store.group(ofHive: "general"))
        let verified = try await parts.sync.verify(group: general.rawValue)
        #expect(verified.isEqual, "\(verified.differences)")
        await parts.close()
    }

    @Test("Many writers at once are all answered, and state and counters agree with a fold from nothing")
    func manyWriters() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let group = try await parts.hive("stories", by: ada)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<200 {
                tasks.addTask { _ = try await parts.post("Post \(number)", in: "stories", by: ada) }
            }
            try await tasks.waitForAll()
        }
        let page = try await parts.store.posts(PostQuery(hive: "stories", sort: .new), viewer: .anonymous)
        #expect(page.total == 200)
        let verified = try await parts.sync.verify(group: group.rawValue)
        #expect(verified.isEqual, "\(verified.differences)")
        #expect(verified.events == 202)
        await parts.close()
    }
}
