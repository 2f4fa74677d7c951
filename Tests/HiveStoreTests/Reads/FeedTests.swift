import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Feeds", .opensFiles)
struct FeedTests {
    /// Random scores and times with many ties, some votes below zero.
    private func community(_ seed: UInt64, posts: Int, votes: Int) throws -> (TestStore, TestInstance<StandInCrypto>) {
        let test = try TestStore()
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        var home = founder(seed: seed)
        for number in 0..<posts {
            let createdAtMs = home.wallMs - Int64(numbers.below(30)) * 7_200_000
            home.post("p\(numbers.below(1_000_000))-\(number)", title: "Post \(number)", createdAtMs: createdAtMs)
        }
        let ids = home.events.compactMap { event -> EntityID? in
            guard case .postCreated(let post) = EventPayload(type: event.header.type, payload: event.payload) else {
                return nil
            }
            return post.post
        }
        for number in 0..<votes {
            guard let id = numbers.pick(ids) else { continue }
            home.vote(numbers.chance(1, of: 3) ? -1 : 1, id, by: "voter\(number)")
        }
        for _ in 0..<posts / 10 {
            if let id = numbers.pick(ids) { home.deletePost(id) }
        }
        try test.publish(home, hive: "engineering")
        test.clock.nowMs = home.wallMs + 60_000
        return (test, home)
    }

    private func naive(_ posts: [PostView], _ sort: PostSort, now: Int64) -> [String] {
        func hot(_ post: PostView) -> Double {
            Double(post.score + 1) / (1 + Double(max(0, now - post.createdAtMs)) / 3_600_000)
        }
        return posts.sorted { left, right in
            switch sort {
            case .new: break
            case .top: if left.score != right.score { return left.score > right.score }
            case .hot: if abs(hot(left) - hot(right)) > 1e-9 { return hot(left) > hot(right) }
            }
            return left.createdAtMs != right.createdAtMs ? left.createdAtMs > right.createdAtMs : left.id < right.id
        }.map(\.id)
    }

    @Test("Every order equals a full sort, page by page", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func orders(seed: UInt64) async throws {
        let (test, _) = try community(seed, posts: 180, votes: 600)
        let all = try await test.store.posts(PostQuery(sort: .new, limit: 1_000), viewer: .anonymous)
        #expect(all.total == Int64(all.posts.count))
        #expect(all.posts.count > 150)
        for sort in PostSort.allCases {
            for hive in [nil, "engineering"] {
                var paged: [String] = []
                while true {
                    let query = PostQuery(hive: hive, sort: sort, limit: 25, offset: paged.count)
                    let page = try await test.store.posts(query, viewer: .anonymous)
                    #expect(page.total == all.total)
                    guard !page.posts.isEmpty else { break }
                    paged += page.posts.map(\.id)
                }
                #expect(paged == naive(all.posts, sort, now: test.clock.nowMs), "\(sort)")
            }
        }
    }

    @Test("The hottest few are found without reading all", arguments: [7, 8, 9] as [UInt64])
    func threshold(seed: UInt64) throws {
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        let now: Int64 = 1_800_000_000_000
        let keys = (0..<3_000).map { row in
            FeedKey(
                row: Int64(row),
                createdAtMs: now - Int64(numbers.below(3_000_000)) * 1_000,
                id: "id\(numbers.next())",
                score: Int64(numbers.below(400)) - 100
            )
        }
        let hottest = keys.map { key in
            HotKey(key: key, hotness: Hotness(score: key.score, createdAtMs: key.createdAtMs, nowMs: now))
        }.sorted { $0.isHotter(than: $1) }.map(\.key.row)
        for count in [1, 25, 500, 2_999, 5_000] {
            var newest = Walk(keys.sorted { $0.isNewer(than: $1) })
            var best = Walk(keys.sorted { $0.isBetter(than: $1) })
            let found = try HotFeed.hottest(count, newest: &newest, best: &best, nowMs: now)
            #expect(found.map(\.row) == Array(hottest.prefix(count)))
            if count == 25 { #expect(newest.taken < 1_500) }
        }
    }

    /// A feed that lies in memory.
    private struct Walk: FeedWalk {
        var keys: [FeedKey]
        var taken = 0

        init(_ keys: [FeedKey]) {
            self.keys = keys
        }

        var current: FeedKey? { taken < keys.count ? keys[taken] : nil }

        mutating func next() -> FeedKey? {
            defer { taken += 1 }
            return current
        }
    }

    @Test("Hotness is compared exactly, also below zero and for the future")
    func hotness() {
        let now: Int64 = 10_000_000_000
        func hot(_ score: Int64, _ created: Int64) -> Hotness {
            Hotness(score: score, createdAtMs: created, nowMs: now)
        }
        #expect(hot(1, now) == hot(3, now - 3_600_000))
        #expect(hot(-5, now) < hot(-5, now - 3_600_000))
        #expect(hot(-1, now) == hot(-1, 0))
        #expect(hot(4, now + 5_000_000) == hot(4, now))
        #expect(hot(1 << 40, 0) < hot((1 << 40) + 1, 0))
    }

    @Test("A cursor goes on where the page ended, while new posts come")
    func cursors() async throws {
        let (test, home) = try community(10, posts: 40, votes: 0)
        var writer = home
        let all = try await test.store.posts(PostQuery(sort: .new, limit: 100), viewer: .anonymous).posts.map(\.id)
        var paged: [String] = []
        var cursor: String?
        repeat {
            let page = try await test.store.posts(PostQuery(sort: .new, limit: 7, cursor: cursor), viewer: .anonymous)
            paged += page.posts.map(\.id)
            cursor = page.nextCursor
            writer.post("later\(paged.count)")
            try test.admit([try #require(writer.lastEvent)], to: try #require(writer.group))
        } while cursor != nil
        #expect(paged == all)
        let error = await #expect(throws: HiveError.self) {
            try await test.store.posts(PostQuery(sort: .new, cursor: "soon"), viewer: .anonymous)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("since leaves out older posts and counts the rest")
    func since() async throws {
        let (test, _) = try community(11, posts: 60, votes: 80)
        let all = try await test.store.posts(PostQuery(sort: .new, limit: 100), viewer: .anonymous).posts
        let middle = all[all.count / 2].createdAtMs
        let expected = Set(all.filter { $0.createdAtMs >= middle }.map(\.id))
        for sort in PostSort.allCases {
            for hive in [nil, "engineering"] {
                let query = PostQuery(hive: hive, sort: sort, limit: 100, sinceMs: middle)
                let page = try await test.store.posts(query, viewer: .anonymous)
                #expect(Set(page.posts.map(\.id)) == expected)
                #expect(page.total == Int64(expected.count))
            }
        }
    }

    @Test("Beyond offset 1,000 a hot feed goes on as new")
    func deepOffset() async throws {
        let (test, _) = try community(12, posts: 1_300, votes: 300)
        let new = try await test.store.posts(PostQuery(sort: .new, limit: 20, offset: 1_050), viewer: .anonymous)
        let hot = try await test.store.posts(PostQuery(sort: .hot, limit: 20, offset: 1_050), viewer: .anonymous)
        #expect(hot.posts == new.posts)
        #expect(hot.posts.count == 20)
        let edge = try await test.store.posts(PostQuery(sort: .hot, limit: 100, offset: 1_000), viewer: .anonymous)
        #expect(edge.posts.count == 100)
    }

    @Test("A kept order is used again, and what was deleted meanwhile is left out")
    func keptOrder() async throws {
        let test = try TestStore(hotFeedAgeMs: 2_000)
        var home = founder()
        for number in 0..<6 { home.post("p\(number)") }
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let query = PostQuery(limit: 3)
        let first = try await test.store.posts(query, viewer: .anonymous).posts.map(\.id)
        home.deletePost(home.entity("p5"))
        home.post("p6")
        try test.admit(Array(home.events.suffix(2)), to: group)
        let second = try await test.store.posts(query, viewer: .anonymous).posts.map(\.id)
        #expect(first == ["p5", "p4", "p3"].map { home.entity($0).rawValue })
        #expect(second == ["p4", "p3", "p2"].map { home.entity($0).rawValue })
        test.clock.nowMs += 2_000
        let third = try await test.store.posts(query, viewer: .anonymous).posts.map(\.id)
        #expect(third == ["p6", "p4", "p3"].map { home.entity($0).rawValue })
    }

    @Test("A post shows its author, edits, votes and event")
    func view() async throws {
        let test = try TestStore()
        var home = founder()
        let created = home.post("p1", title: "Title", content: "Text", url: "https://example.org", by: "ann")
        home.profile("ann", name: "Ann", avatarURL: "https://example.org/a.png")
        home.vote(1, home.entity("p1"), by: "bob")
        home.vote(-1, home.entity("p1"), by: "ann")
        let edit = home.updatePost(home.entity("p1"), content: .set(nil), by: "ann")
        try test.publish(home, hive: "engineering")
        try test.store.write { try $0.setInstance(home.id, name: "Home") }
        let bob = try test.viewer("bob", home)
        let post = try #require(try await test.store.post(id: home.entity("p1").rawValue, viewer: bob))
        #expect(post.title == "Title")
        #expect(post.content == nil)
        #expect(post.score == 0)
        #expect(post.userVote == 1)
        #expect(post.eventID == created.id.rawValue)
        #expect(post.createdAtMs == created.header.time.ms)
        #expect(post.updatedAtMs == edit.header.time.ms)
        #expect(post.author.name == "Ann")
        #expect(post.author.avatarURL == "https://example.org/a.png")
        #expect(post.author.karma == 1)
        #expect(post.author.instanceName == "Home")
        #expect(post.originInstanceID == home.id.rawValue)
        #expect(try await test.store.post(id: "nothing", viewer: bob) == nil)
    }
}
