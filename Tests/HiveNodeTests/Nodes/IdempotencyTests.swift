import HiveHTTP
import HiveModel
import HivePorts
import HiveStore
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Idempotency keys outlive the server", .serialized, .opensFiles)
struct IdempotencyTests {
    private let folder = TemporaryDirectory()
    private static let post = #"{"hive":"general","title":"Once","content":"text"}"#

    private func send(
        _ node: TestNode,
        _ path: String,
        _ body: String,
        key: String
    ) async throws -> PeeringCaller.Reply {
        try await PeeringCaller.with(node.ready.address) { caller in
            try await caller.call(.post, path, body: Array(body.utf8), headers: [("idempotency-key", key)])
        }
    }

    @Test("A repeat after a restart gets the first reply, byte for byte, and writes nothing")
    func restart() async throws {
        let first = try await TestNode.start(folder, name: "Alpha")
        let calls: [(path: String, body: String)] = [
            ("/api/v1/posts", Self.post),
            ("/api/v1/agents/register", #"{"name":"ada"}"#),
            ("/api/v1/hives", #"{"name":"second"}"#),
            ("/api/v1/posts", #"{"hive":"general","title":""}"#),
            ("/api/v1/sync/groups", #"{"hive_name":"general"}"#),
            ("/api/v1/sync/invites", #"{"hive_name":"general"}"#),
        ]
        var replies: [PeeringCaller.Reply] = []
        for (number, call) in calls.enumerated() {
            replies.append(try await send(first, call.path, call.body, key: "k\(number)"))
        }
        #expect(replies.map(\.status) == [201, 201, 201, 400, 201, 201])
        let counts = try await first.parts.store.counts()
        await first.stop()

        let again = try await TestNode.start(folder, name: "Alpha")
        for (number, call) in calls.enumerated() {
            let reply = try await send(again, call.path, call.body, key: "k\(number)")
            #expect(reply == replies[number], "\(call.path)")
        }
        #expect(try await again.parts.store.counts() == counts)
        let other = try await send(again, "/api/v1/posts", Self.post.replacing("Once", with: "Twice"), key: "k0")
        #expect(other.status == 422)
        #expect(try await send(again, "/api/v1/posts", Self.post, key: "new").body != replies[0].body)
        await again.stop()
    }

    @Test("A crash right after the write loses neither write nor reply; one before it loses both")
    func crash() async throws {
        let parts = try await TestNode.offline(folder)
        let agent = try await parts.agent("ada")
        let key = IdempotencyKey(subject: "agent:a", target: "POST /posts", key: "k")
        func kept(_ key: IdempotencyKey) -> KeptReply {
            KeptReply(name: key, fingerprint: [7]) { (post: PostView) in
                StoredReply(status: 201, contentType: nil, body: Array(post.title.utf8))
            }
        }
        #expect(try await parts.replies.begin(key, fingerprint: [7], nowMs: SystemClock.nowMs()) == .proceed)
        let post = NewPost(hive: "general", title: "Once", content: "text", url: nil)
        _ = try await parts.community.keeping(kept(key)).createPost(post, by: agent)
        // The process ends here: `finish` is never called.

        var failing = key
        failing.key = "failing"
        let lost = NewPost(hive: "nowhere", title: "Lost", content: "text", url: nil)
        await #expect(throws: HiveError.self) {
            try await parts.community.keeping(kept(failing)).createPost(lost, by: agent)
        }
        await parts.close()

        let after = try await TestNode.offline(folder)
        let now = SystemClock.nowMs()
        let reply = StoredReply(status: 201, contentType: nil, body: Array("Once".utf8))
        #expect(try await after.replies.begin(key, fingerprint: [7], nowMs: now) == .replay(reply))
        #expect(try await after.replies.begin(key, fingerprint: [8], nowMs: now) == .mismatch)
        #expect(try await after.replies.begin(failing, fingerprint: [7], nowMs: now) == .proceed)
        await after.close()
    }

    @Test("One request at a time under a key; a failed one may be tried again; after a day the key is new")
    func turns() async throws {
        let parts = try await TestNode.offline(folder)
        let (shelf, now) = (parts.replies, SystemClock.nowMs())
        let key = IdempotencyKey(subject: "admin", target: "POST /x", key: "k")
        let reply = StoredReply(status: 201, contentType: "text/plain", body: [1, 2, 3])
        #expect(try await shelf.begin(key, fingerprint: [1], nowMs: now) == .proceed)
        #expect(try await shelf.begin(key, fingerprint: [1], nowMs: now) == .inProgress)
        #expect(try await shelf.begin(key, fingerprint: [2], nowMs: now) == .mismatch)
        try await shelf.finish(key, fingerprint: [1], .failed)
        #expect(try await shelf.begin(key, fingerprint: [1], nowMs: now) == .proceed)
        try await shelf.finish(key, fingerprint: [1], .replied(reply))
        #expect(try await shelf.begin(key, fingerprint: [1], nowMs: now) == .replay(reply))
        let nextDay = now + ReplyShelf.keptMs + 60_000
        #expect(try await shelf.begin(key, fingerprint: [9], nowMs: nextDay) == .proceed)
        await parts.close()
    }

    @Test("No secret of a reply stands in the database, and old replies leave it")
    func sealedAndPruned() async throws {
        let parts = try await TestNode.offline(folder)
        let key = IdempotencyKey(subject: "admin", target: "POST /agents", key: "k")
        let kept = KeptReply(name: key, fingerprint: [7]) { (agent: RegisteredAgent) in
            StoredReply(status: 201, contentType: nil, body: Array(agent.apiKey.utf8))
        }
        let agent = try await parts.community.keeping(kept).registerAgent(NewAgent(name: "ada"))
        let row = try #require(try await parts.store.reply(for: key))
        #expect(!row.reply.body.contains(Array(agent.apiKey.utf8)))
        #expect(row.reply.body.count > agent.apiKey.utf8.count)

        let clock = SystemClock.nowMs() + ReplyShelf.keptMs + 60_000
        let backend = StoreBackend(
            store: parts.store,
            local: parts.local,
            backfills: parts.backfills,
            nowMs: { clock }
        )
        while try backend.tidy() {}
        #expect(try await parts.store.reply(for: key) == nil)
        await parts.close()
    }
}
