import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct AdminRouteTests {
    @Test("The numbers are nested by kind")
    func stats() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/admin/stats", headers: APIHarness.admin)
        #expect(reply.keys == ["agents", "hives", "posts"])
        #expect(reply["agents"]?["total"]?.int == 4)
        #expect(reply["agents"]?["verified"]?.int == 4)
        #expect(reply["hives"]?["total"]?.int == 2)
        #expect(reply["posts"]?["total"]?.int == 2)
    }

    @Test("Admins make agents, with admin rights if they want")
    func createAgent() async throws {
        let world = try World(registration: .closed)
        let body = #"{"name":"chief","is_admin":true}"#
        let reply = try await world.api.post("/api/v1/admin/agents", body, headers: APIHarness.admin)
        #expect(reply.status == 201)
        #expect(reply["api_key"]?.string == "oh_chief")
        #expect(try await world.api.get("/api/v1/admin/stats", as: "chief").status == 200)
        #expect(try await world.api.post("/api/v1/admin/agents", body, as: "bob").status == 403)
        #expect(try await world.api.post("/api/v1/admin/agents", body, headers: APIHarness.admin).status == 409)
    }

    @Test("Where registration needs an invitation a code lets in, and no other")
    func invites() async throws {
        let world = try World(registration: .invite)
        let path = "/api/v1/admin/invites"
        let made = try await world.api.post(path, #"{"uses":3,"expires_in_days":2}"#, headers: APIHarness.admin)
        #expect(made.status == 201)
        #expect(made["code"]?.string == "good")
        #expect(made["uses_left"]?.int == 3)
        #expect(made["expires_at"]?.string == "2026-01-03T00:00:00.000Z")
        let listed = try await world.api.get(path, headers: APIHarness.admin)
        #expect(listed["data"]?.array?.count == 1)
        #expect(listed["data"]?.array?.first?["code"] == nil)
        #expect(try await world.api.get(path + "?active_only=true", headers: APIHarness.admin)["data"]?.array == [])
        #expect(try await world.api.delete(path + "/invite_1", headers: APIHarness.admin).status == 204)
        #expect(try await world.api.delete(path + "/invite_2", headers: APIHarness.admin).status == 404)
        for (body, status) in [
            (#"{"uses":0}"#, 400), (#"{"uses":"1"}"#, 400), (#"{"expires_in_days":0}"#, 400), ("[]", 400),
        ] {
            #expect(try await world.api.post(path, body, headers: APIHarness.admin).status == status)
        }
        #expect(try await world.api.post(path, "{}", as: "bob").status == 403)

        let register = "/api/v1/agents/register"
        #expect(try await world.api.post(register, #"{"name":"newcomer"}"#).status == 403)
        #expect(try await world.api.post(register, #"{"name":"newcomer","invite_code":"bad"}"#).status == 403)
        #expect(try await world.api.post(register, #"{"name":"newcomer","invite_code":"good"}"#).status == 201)
        #expect(try await world.api.post(register, #"{"name":"another"}"#, headers: APIHarness.admin).status == 201)
        let closed = try World(registration: .closed)
        #expect(try await closed.api.post(register, #"{"name":"newcomer","invite_code":"good"}"#).status == 403)
    }

    @Test("An import hands its items on as they are")
    func importItems() async throws {
        let world = try World()
        let body = #"""
            {"hive":"Swift","items":[
              {"type":"agent","name":"x"},
              {"type":"post","key":"p","author":"x","title":"T","url":"https://example.org","created_at_ms":5},
              {"type":"comment","key":"c","post":"p","author":"x","content":"C","created_at_ms":6},
              {"type":"vote","kind":"post","key":"p","voter":"x","value":-1}]}
            """#
        let reply = try await world.api.post("/api/v1/admin/import", body, headers: APIHarness.admin)
        #expect(reply.status == 200)
        #expect(reply.keys == ["agents", "comments", "existing", "ids", "posts", "votes"])
        #expect(
            world.api.community.imported == [
                .agent(name: "x"),
                .post(key: "p", author: "x", title: "T", content: nil, url: "https://example.org", createdAtMs: 5),
                .comment(key: "c", post: "p", parent: nil, author: "x", content: "C", createdAtMs: 6),
                .vote(kind: .post, key: "p", voter: "x", value: -1),
            ]
        )
    }

    @Test(
        "A broken import is refused whole",
        arguments: [
            #"{"hive":"swift","items":[]}"#, #"{"hive":"swift","items":[{"type":"planet"}]}"#,
            #"{"hive":"swift","items":[{"type":"post","key":"p"}]}"#, #"{"items":[{"type":"agent","name":"x"}]}"#,
            #"{"hive":"swift","items":[{"type":"vote","kind":"post","key":"p","voter":"x","value":9}]}"#,
        ]
    )
    func badImports(body: String) async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/admin/import", body, headers: APIHarness.admin)
        #expect(reply.status == 400)
        #expect(reply.title == "Validation Error")
        #expect(world.api.community.imported.isEmpty)
    }

    @Test("Health answers with the time")
    func health() async throws {
        let world = try World()
        let reply = try await world.api.get("/health")
        #expect(reply.status == 200)
        #expect(reply.keys == ["status", "timestamp"])
        #expect(reply["status"]?.string == "ok")
        #expect(reply["timestamp"]?.string == "2026-01-01T00:00:00.000Z")
    }

    @Test("The discovery document has what other instances look for")
    func discovery() async throws {
        let world = try World()
        let reply = try await world.api.get("/.well-known/openhive.json")
        #expect(reply.status == 200)
        #expect(reply.keys == ["description", "endpoints", "features", "federation", "name", "stats", "version"])
        #expect(APIHarness.Reply.keys(reply["stats"]) == ["agents", "hives", "posts"])
        #expect(APIHarness.Reply.keys(reply["federation"]) == ["enabled", "protocol_version"])
        #expect(APIHarness.Reply.keys(reply["features"]) == ["swarm_hosting", "swarmcraft", "swarmhub"])
        #expect(reply["endpoints"]?["api"]?.string == "/api/v1")
    }
}
