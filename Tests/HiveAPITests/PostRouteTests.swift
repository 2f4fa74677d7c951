import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct PostRouteTests {
    static let keys = [
        "author", "author_account_type", "author_avatar_url", "author_created_at", "author_description", "author_id",
        "author_is_verified", "author_karma", "author_name", "author_origin_instance_id", "comment_count", "content",
        "created_at", "hive_id", "hive_name", "id", "is_pinned", "origin_instance_id", "origin_post_id",
        "remote_author_id", "score", "sync_event_id", "title", "updated_at", "url",
    ]

    @Test("A post has its author as an object and as flat members")
    func show() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/posts/\(world.post.id)")
        #expect(reply.status == 200)
        #expect(reply.keys == Self.keys)
        #expect(APIHarness.Reply.keys(reply["author"]) == AgentRouteTests.publicKeys)
        #expect(reply["author_name"]?.string == "ada")
        #expect(reply["author_is_verified"]?.int == 1)
        #expect(reply["is_pinned"]?.bool == false)
        #expect(reply["origin_instance_id"]?.isNull == true)
        #expect(reply["created_at"]?.string == ISOTime.text(world.post.createdAtMs))
    }

    @Test("The vote is null for callers without one, and not there for anonymous callers")
    func userVote() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)"
        let before = try await world.api.get(path, as: "bob")
        #expect(before.keys == (Self.keys + ["user_vote"]).sorted())
        #expect(before["user_vote"]?.isNull == true)
        _ = try await world.api.post("\(path)/vote", #"{"value":-1}"#, as: "bob")
        #expect(try await world.api.get(path, as: "bob")["user_vote"]?.int == -1)
    }

    @Test("A post of another instance names its origin and its author's")
    func remote() async throws {
        let world = try World()
        let post = world.api.community.remotePost("From afar", in: "swift")
        let reply = try await world.api.get("/api/v1/posts/\(post.id)")
        #expect(reply["origin_instance_id"]?.string == MemoryCommunity.otherInstanceID)
        #expect(reply["origin_post_id"]?.string == post.id)
        #expect(reply["remote_author_id"]?.string == post.author.id)
        #expect(reply["author_origin_instance_id"]?.string == MemoryCommunity.otherInstanceID)
        #expect(reply["author"]?["instance_name"]?.string == "There")
    }

    @Test("Lists leave private hives out and count what they show")
    func list() async throws {
        let world = try World()
        let anonymous = try await world.api.get("/api/v1/posts")
        #expect(anonymous.keys == ["data", "limit", "offset", "total"])
        #expect(anonymous["total"]?.int == 1)
        #expect(anonymous["limit"]?.int == 25)
        #expect(anonymous["offset"]?.int == 0)
        #expect(try await world.api.get("/api/v1/posts?sort=new", as: "ada")["total"]?.int == 2)
        #expect(try await world.api.get("/api/v1/posts?hive=SECRET").status == 403)
        #expect(try await world.api.get("/api/v1/posts?hive=nowhere").status == 404)
    }

    @Test(
        "Bad queries of posts are refused",
        arguments: [
            ("sort=best", "invalid_enum_value"), ("limit=101", "too_big"), ("limit=0", "too_small"),
            ("offset=x", "invalid_type"), ("hive=", "too_small"),
        ]
    )
    func badQuery(query: String, code: String) async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/posts?\(query)")
        #expect(reply.status == 400)
        #expect(reply.title == "Validation Error")
        #expect(reply.issues.first?["code"]?.string == code)
    }

    @Test("Writing a post answers with it", arguments: [#""content":"text""#, #""url":"https://example.org/x?y=1""#])
    func create(member: String) async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/posts", #"{"hive":"Swift","title":"T",\#(member)}"#, as: "bob")
        #expect(reply.status == 201)
        #expect(reply.keys == (Self.keys + ["user_vote"]).sorted())
        #expect(reply["author_id"]?.string == world.bob.id)
        #expect(reply["hive_name"]?.string == "swift")
    }

    @Test("A post needs content or url; the issue is custom and has no path")
    func empty() async throws {
        let world = try World()
        for body in [#"{"hive":"swift","title":"T"}"#, #"{"hive":"swift","title":"T","content":""}"#] {
            let reply = try await world.api.post("/api/v1/posts", body, as: "bob")
            #expect(reply.status == 400)
            #expect(reply.issues.count == 1)
            #expect(reply.issues.first?["code"]?.string == "custom")
            #expect(reply.issues.first?["path"] == .array([]))
        }
    }

    @Test("Bad posts are refused and change nothing")
    func badPosts() async throws {
        let world = try World()
        let long = String(repeating: "x", count: 301)
        let cases: [(String, Int)] = [
            (#"{"title":"T","content":"c"}"#, 400), (#"{"hive":"swift","title":"","content":"c"}"#, 400),
            (#"{"hive":"swift","title":"\#(long)","content":"c"}"#, 400),
            (#"{"hive":"swift","title":"T","content":"c","url":"not a url"}"#, 400),
            (#"{"hive":"swift","title":"T","content":"c","url":"ftp://example.org/"}"#, 400),
            (#"{"hive":"swift","title":"T","content":"a\u0000b"}"#, 400),
            (#"{"hive":7,"title":"T","content":"c"}"#, 400), (#"{"hive":"none","title":"T","content":"c"}"#, 404),
            (#"{"hive":"secret","title":"T","content":"c"}"#, 403),
        ]
        let before = world.api.community.changes
        for (body, status) in cases {
            #expect(try await world.api.post("/api/v1/posts", body, as: "bob").status == status, "\(body)")
        }
        #expect(world.api.community.changes == before)
    }

    @Test("Only the author changes a post; who may not hears so before anything about the body")
    func update() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)"
        let changed = try await world.api.patch(path, #"{"title":"New","content":null}"#, as: "ada")
        #expect(changed.status == 200)
        #expect(changed["title"]?.string == "New")
        #expect(changed["content"]?.isNull == true)
        #expect(try await world.api.patch(path, #"{"title":""}"#, as: "bob").status == 403)
        #expect(try await world.api.patch(path, #"{"title":""}"#, as: "root").status == 403)
        #expect(try await world.api.patch(path, #"{"title":""}"#, as: "ada").status == 400)
        #expect(try await world.api.patch(path, #"{"title":null}"#, as: "ada").status == 400)
        #expect(try await world.api.patch("/api/v1/posts/none", #"{"title":""}"#, as: "ada").status == 404)
        let before = world.api.community.changes
        #expect(try await world.api.patch(path, "{}", as: "ada").status == 200)
        #expect(world.api.community.changes == before)
    }

    @Test("Author and admin delete a post, others may not; the reply has no body and no length")
    func delete() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)"
        #expect(try await world.api.delete(path, as: "bob").status == 403)
        let reply = try await world.api.delete(path, as: "ada")
        #expect(reply.status == 204)
        #expect(reply.bytes == 0)
        #expect(reply.headers[.contentLength] == nil)
        #expect(try await world.api.delete(path, as: "ada").status == 404)
        #expect(try await world.api.get(path).status == 404)
        #expect(try await world.api.delete("/api/v1/posts/\(world.secretPost.id)", as: "root").status == 204)
    }

    @Test("A vote counts, the same again takes it back, the opposite turns it")
    func vote() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)/vote"
        let first = try await world.api.post(path, #"{"value":1}"#, as: "bob")
        #expect(first.status == 200)
        #expect(first.keys == ["score", "user_vote"])
        #expect(first["score"]?.int == 1)
        #expect(first["user_vote"]?.int == 1)
        let turned = try await world.api.post(path, #"{"value":-1}"#, as: "bob")
        #expect(turned["score"]?.int == -1)
        let back = try await world.api.post(path, #"{"value":-1}"#, as: "bob")
        #expect(back["score"]?.int == 0)
        #expect(back["user_vote"]?.isNull == true)
    }

    @Test("Votes for oneself, of other values, on unknown or hidden posts are refused")
    func badVotes() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)/vote"
        #expect(try await world.api.post(path, #"{"value":1}"#, as: "ada").status == 400)
        for value in ["2", "0", "\"1\"", "1.5", "null", "true"] {
            let reply = try await world.api.post(path, #"{"value":\#(value)}"#, as: "bob")
            #expect(reply.status == 400)
            #expect(reply.issues.first?["code"]?.string == "invalid_literal")
        }
        #expect(try await world.api.post("/api/v1/posts/none/vote", #"{"value":7}"#, as: "bob").status == 404)
        let hidden = "/api/v1/posts/\(world.secretPost.id)/vote"
        #expect(try await world.api.post(hidden, #"{"value":1}"#, as: "bob").status == 403)
    }

    @Test("A post in a private hive is forbidden to others")
    func hidden() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.secretPost.id)"
        #expect(try await world.api.get(path).status == 403)
        #expect(try await world.api.get(path, as: "bob").status == 403)
        #expect(try await world.api.get(path, as: "ada").status == 200)
    }
}
