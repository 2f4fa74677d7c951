import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct CommentRouteTests {
    static let rowKeys = [
        "author_id", "content", "created_at", "depth", "id", "origin_comment_id", "origin_instance_id", "parent_id",
        "path", "post_id", "remote_author_id", "score", "sync_event_id", "updated_at",
    ]
    static let keys =
        (rowKeys + [
            "author", "author_account_type", "author_avatar_url", "author_created_at", "author_description",
            "author_is_verified", "author_karma", "author_name", "author_origin_instance_id",
        ]).sorted()

    @Test("Comments come as threads with replies, or flat without")
    func list() async throws {
        let world = try World()
        let reply = world.api.community.comment("Indeed", on: world.post.id, parent: world.comment.id, by: world.bob)
        let path = "/api/v1/posts/\(world.post.id)/comments"
        let threads = try await world.api.get(path)
        #expect(threads.keys == ["data", "total"])
        #expect(threads["total"]?.int == 2)
        #expect(threads["data"]?.array?.count == 1)
        #expect(APIHarness.Reply.keys(threads["data"]?.array?.first) == (Self.keys + ["replies"]).sorted())
        #expect(threads["data"]?.array?.first?["replies"]?.array?.first?["id"]?.string == reply.id)
        let flat = try await world.api.get("\(path)?flat=true")
        #expect(flat["data"]?.array?.count == 2)
        #expect(APIHarness.Reply.keys(flat["data"]?.array?.first) == Self.keys)
    }

    @Test(
        "flat=false means false; other words are refused",
        arguments: [("false", 200, 1), ("0", 200, 1), ("no", 400, 0)]
    )
    func flat(word: String, status: Int, count: Int) async throws {
        let world = try World()
        world.api.community.comment("Indeed", on: world.post.id, parent: world.comment.id, by: world.bob)
        let reply = try await world.api.get("/api/v1/posts/\(world.post.id)/comments?flat=\(word)")
        #expect(reply.status == status)
        #expect(reply["data"]?.array?.count ?? 0 == count)
    }

    @Test("The order is as asked", arguments: [("old", [1, 2, 3]), ("new", [3, 2, 1])])
    func order(sort: String, places: [Int]) async throws {
        let world = try World()
        let ids =
            [world.comment.id]
            + ["b", "c"].map { world.api.community.comment($0, on: world.post.id, by: world.bob).id }
        let reply = try await world.api.get("/api/v1/posts/\(world.post.id)/comments?sort=\(sort)&flat=1")
        #expect(reply["data"]?.array?.compactMap { $0["id"]?.string } == places.map { ids[$0 - 1] })
    }

    @Test("A deleted comment with replies shows as deleted, without content")
    func deleted() async throws {
        let world = try World()
        world.api.community.comment("Indeed", on: world.post.id, parent: world.comment.id, by: world.bob)
        #expect(try await world.api.delete("/api/v1/comments/\(world.comment.id)", as: "ada").status == 204)
        let reply = try await world.api.get("/api/v1/posts/\(world.post.id)/comments")
        let first = reply["data"]?.array?.first
        #expect(first?["content"]?.isNull == true)
        #expect(first?["deleted"]?.bool == true)
        #expect(try await world.api.delete("/api/v1/comments/none", as: "ada").status == 404)
    }

    @Test("Commenting answers with the comment and where it stands")
    func create() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)/comments"
        let body = #"{"content":"Reply","parent_id":"\#(world.comment.id)"}"#
        let reply = try await world.api.post(path, body, as: "bob")
        #expect(reply.status == 201)
        #expect(reply.keys == (Self.keys + ["user_vote"]).sorted())
        #expect(reply["depth"]?.int == 1)
        #expect(reply["path"]?.string?.hasPrefix(world.comment.id + ".") == true)
    }

    @Test("Bad comments are refused and change nothing")
    func badComments() async throws {
        let world = try World()
        let other = world.api.community.post("Other", in: "swift", by: world.bob)
        let foreign = world.api.community.comment("there", on: other.id, by: world.bob)
        let path = "/api/v1/posts/\(world.post.id)/comments"
        let before = world.api.community.changes
        let unknown = try await world.api.post(path, #"{"content":"c","parent_id":"none"}"#, as: "bob")
        #expect(unknown.status == 400)
        #expect(unknown.title == "Bad Request")
        let elsewhere = try await world.api.post(path, #"{"content":"c","parent_id":"\#(foreign.id)"}"#, as: "bob")
        #expect(elsewhere.status == 400)
        for body in [#"{"content":""}"#, "{}", #"{"content":5}"#, #"{"content":"c","parent_id":5}"#] {
            let reply = try await world.api.post(path, body, as: "bob")
            #expect(reply.title == "Validation Error", "\(body)")
        }
        let long = String(repeating: "x", count: 10_001)
        #expect(try await world.api.post(path, #"{"content":"\#(long)"}"#, as: "bob").status == 400)
        #expect(try await world.api.post("/api/v1/posts/none/comments", #"{"content":"c"}"#, as: "bob").status == 404)
        let hidden = "/api/v1/posts/\(world.secretPost.id)/comments"
        #expect(try await world.api.post(hidden, #"{"content":"c"}"#, as: "bob").status == 403)
        #expect(try await world.api.get(hidden).status == 403)
        #expect(world.api.community.changes == before)
    }

    @Test("Nobody writes deeper than 64 levels")
    func depth() async throws {
        let world = try World()
        var parent = world.comment
        while parent.depth < 64 {
            parent = world.api.community.comment("d", on: world.post.id, parent: parent.id, by: world.bob)
        }
        let path = "/api/v1/posts/\(world.post.id)/comments"
        let reply = try await world.api.post(path, #"{"content":"c","parent_id":"\#(parent.id)"}"#, as: "bob")
        #expect(reply.status == 400)
        #expect(reply.message?.contains("64") == true)
    }

    @Test("A chain of thousands of replies nests 64 levels and loses nobody")
    func longChain() throws {
        let world = try World()
        var comments = [world.comment]
        for number in 0..<5000 {
            var next = world.comment
            next.id = "c\(number)"
            next.parentID = comments.last?.id
            next.depth = min(64, number + 1)
            comments.append(next)
        }
        world.api.community.with { $0.comments = comments }
        let shape = try #require(JSONText.thread(comments))
        #expect(shape.depth <= 2 * 65 + 3)
        #expect(shape.count == 5001)
    }

    @Test("Only the author changes a comment; the reply is the row alone")
    func update() async throws {
        let world = try World()
        let path = "/api/v1/comments/\(world.comment.id)"
        let reply = try await world.api.patch(path, #"{"content":"Changed"}"#, as: "ada")
        #expect(reply.status == 200)
        #expect(reply.keys == Self.rowKeys)
        #expect(reply["content"]?.string == "Changed")
        #expect(try await world.api.patch(path, #"{"content":""}"#, as: "bob").status == 403)
        #expect(try await world.api.patch(path, #"{"content":""}"#, as: "ada").status == 400)
        #expect(try await world.api.patch("/api/v1/comments/none", #"{"content":""}"#, as: "ada").status == 404)
        #expect(try await world.api.delete(path, as: "bob").status == 403)
    }

    @Test("Votes on comments count as those on posts")
    func vote() async throws {
        let world = try World()
        let path = "/api/v1/comments/\(world.comment.id)/vote"
        let reply = try await world.api.post(path, #"{"value":1}"#, as: "bob")
        #expect(reply.status == 200)
        #expect(reply["score"]?.int == 1)
        #expect(try await world.api.post(path, #"{"value":1}"#, as: "ada").status == 400)
        #expect(try await world.api.post(path, #"{"value":"up"}"#, as: "bob").status == 400)
        #expect(try await world.api.post("/api/v1/comments/none/vote", #"{"value":1}"#, as: "bob").status == 404)
    }
}
