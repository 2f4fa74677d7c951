import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Private hives", .opensFiles)
struct PrivateHiveTests {
    let test: TestStore
    let open: TestInstance<StandInCrypto>
    let secret: TestInstance<StandInCrypto>
    let owner: Viewer
    let stranger: Viewer
    let admin: Viewer
    let post: String
    let comment: String

    init() throws {
        test = try TestStore()
        var open = founder("open", seed: 1)
        open.post("p1", title: "Bees in the open", by: "ann")
        open.comment("c1", on: open.entity("p1"), content: "open bees", by: "ann")
        open.vote(1, open.entity("p1"), by: "bob")
        var secret = founder("secret", hive: "secret", isPublic: false, seed: 2)
        for number in 0..<5 { secret.post("s\(number)", title: "Hidden bees \(number)", by: "zoe") }
        secret.comment("c1", on: secret.entity("s0"), content: "hidden bees", by: "yan")
        secret.vote(1, secret.entity("s0"), by: "yan")
        self.open = open
        self.secret = secret
        try test.publish(open, hive: "engineering")
        try test.publish(secret, hive: "secret", isPublic: false)
        while try test.store.indexPending() > 0 {}
        owner = try test.viewer("owner", secret)
        stranger = try test.viewer("ann", open)
        admin = .admin(nil)
        post = secret.entity("s0").rawValue
        comment = secret.entity("c1").rawValue
    }

    private func code(_ body: () async throws -> Void) async -> HiveError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? HiveError)?.code
        }
    }

    @Test("Strangers are told that it is private where they name it")
    func named() async throws {
        for viewer in [Viewer.anonymous, stranger] {
            let named: [() async throws -> Void] = [
                { _ = try await test.store.hive(named: "secret", viewer: viewer) },
                { _ = try await test.store.posts(PostQuery(hive: "secret"), viewer: viewer) },
                { _ = try await test.store.post(id: post, viewer: viewer) },
                { _ = try await test.store.comments(postID: post, sort: .top, viewer: viewer) },
                { _ = try await test.store.comment(id: comment, viewer: viewer) },
                {
                    let query = SearchQuery(text: "bees", kinds: [.posts], hive: "secret", order: .new, limit: 5)
                    _ = try await test.store.search(query, viewer: viewer)
                },
            ]
            for body in named { #expect(await code(body) == .forbidden) }
        }
    }

    @Test("Strangers find nothing of it in lists, feeds, counts and search")
    func listed() async throws {
        for viewer in [Viewer.anonymous, stranger] {
            let hives = try await test.store.hives(viewer: viewer, limit: 50, offset: 0)
            #expect(hives.rows.map(\.name) == ["engineering"])
            #expect(hives.total == 1)
            for sort in PostSort.allCases {
                for since in [nil, Int64(1)] {
                    let page = try await test.store.posts(PostQuery(sort: sort, sinceMs: since), viewer: viewer)
                    #expect(page.posts.map(\.id) == [open.entity("p1").rawValue])
                    #expect(page.total == 1)
                }
            }
            let query = SearchQuery(
                text: "bees",
                kinds: SearchQuery.Kind.allCases,
                hive: nil,
                order: .relevance,
                limit: 9
            )
            let found = try await test.store.search(query, viewer: viewer)
            #expect(found.posts.map(\.id) == [open.entity("p1").rawValue])
            #expect(found.comments.map(\.id) == [open.entity("c1").rawValue])
            let hidden = SearchQuery(text: "secret", kinds: [.hives], hive: nil, order: .new, limit: 9)
            #expect(try await test.store.search(hidden, viewer: viewer).hives == [])
        }
        let counts = try await test.store.counts()
        #expect(counts.hives == 1)
        #expect(counts.posts == 1)
        #expect(counts.comments == 1)
        #expect(counts.votes == 1)
    }

    @Test("Who only wrote there is in no list of agents")
    func agents() async throws {
        let names = try await test.store.agents(instance: "all", limit: 100, offset: 0)
        #expect(!names.rows.contains { $0.instanceID == secret.id.rawValue })
        #expect(names.total == Int64(names.rows.count))
        #expect(try await test.store.agents(instance: secret.id.rawValue, limit: 100, offset: 0).total == 0)
        let query = SearchQuery(text: "zoe", kinds: [.agents], hive: nil, order: .new, limit: 9)
        #expect(try await test.store.search(query, viewer: .anonymous).agents == [])
    }

    @Test("Its owner and admins see it beside the public ones")
    func members() async throws {
        for viewer in [owner, admin] {
            #expect(try await test.store.hives(viewer: viewer, limit: 50, offset: 0).total == 2)
            #expect(try await test.store.hive(named: "secret", viewer: viewer)?.isPublic == false)
            #expect(try await test.store.post(id: post, viewer: viewer)?.hiveName == "secret")
            #expect(try await test.store.comments(postID: post, sort: .old, viewer: viewer).count == 1)
            #expect(try await test.store.comment(id: comment, viewer: viewer)?.postID == post)
            for sort in PostSort.allCases {
                let page = try await test.store.posts(PostQuery(sort: sort), viewer: viewer)
                #expect(page.total == 6)
                #expect(Set(page.posts.map(\.hiveName)) == ["engineering", "secret"])
                #expect(page.posts.count == 6)
            }
            let query = SearchQuery(text: "hidden", kinds: [.posts, .comments], hive: nil, order: .new, limit: 9)
            let found = try await test.store.search(query, viewer: viewer)
            #expect(found.posts.count == 5)
            #expect(found.comments.count == 1)
        }
    }

    @Test("A hot feed kept for one viewer is not another's")
    func caches() async throws {
        let cached = try TestStore(hotFeedAgeMs: 5_000)
        try cached.publish(open, hive: "engineering")
        try cached.publish(secret, hive: "secret", isPublic: false)
        let owner = try cached.viewer("owner", secret)
        #expect(try await cached.store.posts(PostQuery(), viewer: owner).posts.count == 6)
        #expect(try await cached.store.posts(PostQuery(), viewer: .anonymous).posts.count == 1)
        #expect(try await cached.store.posts(PostQuery(hive: "secret"), viewer: owner).posts.count == 5)
        #expect(
            await code { _ = try await cached.store.posts(PostQuery(hive: "secret"), viewer: .anonymous) } == .forbidden
        )
    }

    @Test("An id used in a public and a private hive shows each viewer what is theirs")
    func sameID() async throws {
        // An instance that repeats its own post in a second group, as adopting a group does.
        var other = founder("open", hive: "mirror", isPublic: false, seed: 1)
        other.wallMs += 1_000
        other.post("p1", title: "The private copy", by: "ann")
        let group = try #require(other.group)
        #expect(group != open.group)
        try test.publish(other, hive: "mirror", isPublic: false)
        let id = open.entity("p1").rawValue
        #expect(try await test.store.post(id: id, viewer: .anonymous)?.title == "Bees in the open")
        #expect(try await test.store.post(id: id, viewer: admin) != nil)
        #expect(
            try await test.store.posts(PostQuery(hive: "mirror"), viewer: admin).posts.map(\.title) == [
                "The private copy"
            ]
        )
    }
}
