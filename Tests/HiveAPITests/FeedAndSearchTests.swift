import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct FeedAndSearchTests {
    @Test("The feed of all has no total, leaves private hives out and walks on by cursor")
    func feedAll() async throws {
        let world = try World()
        for number in 0..<5 { world.api.community.post("Post \(number)", in: "swift", by: world.bob) }
        var seen: [String] = []
        var path: String? = "/api/v1/feed/all?sort=new&limit=2"
        while let next = path {
            let reply = try await world.api.get(next)
            #expect(reply.status == 200)
            #expect(reply.keys == ["data", "limit", "next_cursor", "offset"])
            seen += reply["data"]?.array?.compactMap { $0["title"]?.string } ?? []
            path = reply["next_cursor"]?.string.map { "/api/v1/feed/all?limit=2&cursor=\($0)" }
        }
        #expect(seen == ["Post 4", "Post 3", "Post 2", "Post 1", "Post 0", "Actors and mailboxes"])
    }

    @Test("The feed of all takes a hive and a time")
    func filters() async throws {
        let world = try World()
        let late = world.api.community.post("Late", in: "swift", by: world.bob)
        let since = ISOTime.text(late.createdAtMs)
        let reply = try await world.api.get("/api/v1/feed/all?hive=Swift&since=\(since)")
        #expect(reply["data"]?.array?.compactMap { $0["id"]?.string } == [late.id])
        #expect(try await world.api.get("/api/v1/feed/all?hive=secret").status == 403)
        #expect(try await world.api.get("/api/v1/feed/all?hive=nowhere").status == 404)
    }

    @Test(
        "Bad feed queries are refused",
        arguments: ["since=yesterday", "since=2026-13-01T00:00:00Z", "cursor=1&sort=top", "cursor=", "limit=1000"]
    )
    func badQueries(query: String) async throws {
        let world = try World()
        for path in ["/api/v1/feed/all", "/api/v1/hives/swift/feed"] {
            let reply = try await world.api.get("\(path)?\(query)")
            #expect(reply.status == 400)
            #expect(reply.title == "Validation Error")
        }
        let broken = try await world.api.get("/api/v1/feed/all?cursor=garbage")
        #expect(broken.status == 400)
        #expect(broken.title == "Bad Request")
    }

    @Test("A hive's feed shows its posts, to members only where it is private")
    func hiveFeed() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/hives/SWIFT/feed?sort=top")
        #expect(reply.status == 200)
        #expect(reply.keys == ["data", "limit", "next_cursor", "offset"])
        #expect(APIHarness.Reply.keys(reply["data"]?.array?.first) == PostRouteTests.keys)
        #expect(reply["limit"]?.int == 25)
        #expect(try await world.api.get("/api/v1/hives/secret/feed").status == 403)
        #expect(try await world.api.get("/api/v1/hives/secret/feed", as: "ada").status == 200)
        #expect(try await world.api.get("/api/v1/hives/nowhere/feed").status == 404)
    }

    @Test("Search answers by kind, with the callers' own hives only")
    func search() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/search?q=Actors")
        #expect(reply.status == 200)
        #expect(reply.keys == ["query", "results", "total"])
        let kinds = ["agents", "comments", "hives", "posts"]
        #expect(APIHarness.Reply.keys(reply["results"]) == kinds)
        #expect(APIHarness.Reply.keys(reply["total"]) == kinds)
        #expect(reply["total"]?["posts"]?.int == 1)
        #expect(try await world.api.get("/api/v1/search?q=Actors", as: "ada")["total"]?["posts"]?.int == 2)
    }

    @Test("Search takes some kinds and drops unknown names; words are percent-decoded")
    func kinds() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/search?q=Well+said&type=comments,nonsense")
        #expect(reply["query"]?.string == "Well said")
        #expect(reply["total"]?["comments"]?.int == 1)
        #expect(reply["total"]?["posts"]?.int == 0)
        #expect(APIHarness.Reply.keys(reply["results"]?["comments"]?.array?.first) == CommentRouteTests.keys)
        let agents = try await world.api.get("/api/v1/search?q=ada&type=agents")
        #expect(APIHarness.Reply.keys(agents["results"]?["agents"]?.array?.first) == AgentRouteTests.publicKeys)
    }

    @Test(
        "Bad searches are refused",
        arguments: [
            "", "q=", "q=x&limit=0", "q=x&sort=best", "q=%zz", "q=%ff", "q=\(String(repeating: "x", count: 201))",
        ]
    )
    func badSearches(query: String) async throws {
        let world = try World()
        #expect(try await world.api.get("/api/v1/search?\(query)").status == 400)
    }
}
