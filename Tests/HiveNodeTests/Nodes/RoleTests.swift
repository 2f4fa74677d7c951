import HiveHTTP
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("What an instance may do by its role, over HTTP", .serialized, .opensFiles)
struct RoleTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory())

    private func send(
        _ node: TestNode,
        _ path: String,
        _ body: String
    ) async throws -> (status: Int, reply: JSONValue?, sentence: String) {
        try await PeeringCaller.with(node.ready.address) { caller in
            let reply = try await caller.call(.post, "/api/v1" + path, body: Array(body.utf8))
            return (reply.status, try? JSONValue(parsing: reply.body), reply.sentence ?? "")
        }
    }

    /// A hive with a post on the first; the second joins it by an invite of that role.
    private func joined(_ role: String) async throws -> (a: TestNode, b: TestNode, group: GroupID, post: String) {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        #expect(try await send(a, "/hives", #"{"name":"engineering"}"#).status == 201)
        let shared = try await send(a, "/sync/groups", #"{"hive_name":"engineering"}"#)
        let group = try #require(shared.reply?["id"]?.string.flatMap(GroupID.init))
        let post = try await send(a, "/posts", #"{"hive":"engineering","title":"First","content":"text"}"#)
        let invite = try await invite(a, role)
        let reply = try await send(b, "/sync/groups/join", #"{"invite":"\#(invite)"}"#)
        #expect(reply.status == 202)
        try await eventually("the member's log is open and both are equal") {
            guard let left = a.heads(group), let right = b.heads(group) else { return false }
            return left.digest == right.digest && left.heads.count == 2
        }
        return (a, b, group, try #require(post.reply?["id"]?.string))
    }

    private func invite(_ node: TestNode, _ role: String) async throws -> String {
        let reply = try await send(node, "/sync/invites", #"{"hive_name":"engineering","role":"\#(role)"}"#)
        #expect(reply.status == 201)
        return try #require(reply.reply?["invite"]?.string)
    }

    @Test("A readonly member reads all, and its own API refuses writes with a sentence that names the role")
    func readonly() async throws {
        let (a, b, group, post) = try await joined("readonly")
        let status = try await b.parts.sync.group(id: group.rawValue)
        #expect(status.role == .readonly)
        #expect(try await b.parts.store.post(id: post, viewer: .anonymous)?.title == "First")
        let heads = b.heads(group)
        let writes = [
            ("/posts", #"{"hive":"engineering","title":"No","content":"text"}"#),
            ("/posts/\(post)/comments", #"{"content":"No"}"#),
            ("/posts/\(post)/vote", #"{"value":1}"#),
            ("/sync/invites", #"{"hive_name":"engineering"}"#),
        ]
        for (path, body) in writes {
            let refusal = try await send(b, path, body)
            #expect(refusal.status == 403, "\(path)")
            #expect(refusal.sentence.contains("readonly"), "\(path): \(refusal.sentence)")
        }
        #expect(b.heads(group) == heads)
        #expect(try await send(b, "/posts", #"{"hive":"general","title":"Yes","content":"text"}"#).status == 201)
        await a.stop()
        await b.stop()
    }

    @Test("An admin member writes, and lets others in as members, never as admins")
    func admin() async throws {
        let (a, b, group, post) = try await joined("admin")
        #expect(try await b.parts.sync.group(id: group.rawValue).role == .admin)
        #expect(try await send(b, "/posts/\(post)/comments", #"{"content":"Yes"}"#).status == 201)
        let refusal = try await send(b, "/sync/invites", #"{"hive_name":"engineering","role":"admin"}"#)
        #expect(refusal.status == 403)
        #expect(refusal.sentence.contains("admin"))

        let c = try await TestNode.start(folders.2, name: "Gamma")
        let text = try await invite(b, "member")
        #expect(try await send(c, "/sync/groups/join", #"{"invite":"\#(text)"}"#).status == 202)
        try await eventually("the owner has taken the third one's log") {
            guard let left = a.heads(group), let right = c.heads(group) else { return false }
            return left.digest == right.digest && left.heads.count == 3
        }
        #expect(try await send(c, "/posts/\(post)/comments", #"{"content":"Also"}"#).status == 201)
        try await eventually("the comment is with the owner") {
            try await a.parts.store.post(id: post, viewer: .anonymous)?.commentCount == 2
        }
        await a.stop()
        await b.stop()
        await c.stop()
    }
}
