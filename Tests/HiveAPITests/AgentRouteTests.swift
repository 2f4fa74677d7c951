import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct AgentRouteTests {
    static let publicKeys = [
        "account_type", "avatar_url", "created_at", "description", "id", "instance_id", "instance_name", "is_verified",
        "karma", "name",
    ]

    @Test("Registering gives the agent, its key once, and a verified status")
    func register() async throws {
        let world = try World()
        let body = #"{"name":"Zoe_1","description":"hi","metadata":{"b":1,"a":[]},"invite_code":"x","unknown":3}"#
        let reply = try await world.api.post("/api/v1/agents/register", body)
        #expect(reply.status == 201)
        #expect(reply.keys == ["agent", "api_key", "verification"])
        #expect(APIHarness.Reply.keys(reply["agent"]) == Self.publicKeys)
        #expect(reply["agent"]?["name"]?.string == "Zoe_1")
        #expect(reply["agent"]?["description"]?.string == "hi")
        #expect(reply["agent"]?["created_at"]?.string?.hasSuffix("Z") == true)
        #expect(reply["verification"]?["status"]?.string == "verified")
        let me = try await world.api.get("/api/v1/agents/me", as: "Zoe_1")
        #expect(me.status == 200)
    }

    @Test("A taken name is a conflict; another case is another name")
    func takenName() async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/agents/register", #"{"name":"ada"}"#)
        #expect(reply.status == 409)
        #expect(reply.title == "Conflict")
        #expect(try await world.api.post("/api/v1/agents/register", #"{"name":"Ada"}"#).status == 201)
    }

    @Test("Closed registration refuses everybody but admins")
    func closedRegistration() async throws {
        let world = try World(registration: .closed)
        let refused = try await world.api.post("/api/v1/agents/register", #"{"name":"zoe"}"#)
        #expect(refused.status == 403)
        #expect(refused.title == "Forbidden")
        let body = #"{"name":"zoe"}"#
        let made = try await world.api.post("/api/v1/agents/register", body, headers: APIHarness.admin)
        #expect(made.status == 201)
    }

    @Test("Registration by invite refuses who has none")
    func inviteRegistration() async throws {
        let world = try World(registration: .invite)
        let reply = try await world.api.post("/api/v1/agents/register", #"{"name":"zoe","invite_code":"guess"}"#)
        #expect(reply.status == 403)
    }

    @Test("Every issue of a registration is named at once, in zod's shape")
    func registrationIssues() async throws {
        let world = try World()
        let text = String(repeating: "x", count: 501)
        let reply = try await world.api.post(
            "/api/v1/agents/register",
            #"{"name":"a b","description":"\#(text)","metadata":[]}"#
        )
        #expect(reply.status == 400)
        #expect(reply.keys == ["details", "error"])
        #expect(reply.title == "Validation Error")
        #expect(reply.issues.compactMap { $0["code"]?.string } == ["invalid_string", "too_big", "invalid_type"])
        #expect(reply.issues[0]["path"] == .array([.string("name")]))
        #expect(reply.issues[0]["validation"]?.string == "regex")
        #expect(reply.issues[1]["maximum"]?.int == 500)
        #expect(reply.issues[1]["type"]?.string == "string")
        #expect(reply.issues[1]["inclusive"]?.bool == true)
        #expect(reply.issues[2]["expected"]?.string == "object")
        #expect(reply.issues[2]["received"]?.string == "array")
    }

    @Test("Lengths count UTF-16 units", arguments: [(249, 201), (250, 201), (251, 400)])
    func lengths(pairs: Int, status: Int) async throws {
        let world = try World()
        // Each of these is two units, four bytes, one character.
        let text = String(repeating: "\u{1F41D}", count: pairs)
        let reply = try await world.api.post("/api/v1/agents/register", #"{"name":"zoe","description":"\#(text)"}"#)
        #expect(reply.status == status)
    }

    @Test("One's own profile says more than the public one")
    func me() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/agents/me", as: "root")
        #expect(reply.status == 200)
        let more = ["follower_count", "following_count", "is_admin", "verification_status"]
        #expect(reply.keys == (Self.publicKeys + more).sorted())
        #expect(reply["is_admin"]?.bool == true)
        #expect(reply["verification_status"]?.string == "verified")
    }

    @Test("A profile changes where sent, is cleared by null, and stays elsewhere")
    func updateMe() async throws {
        let world = try World()
        let both = #"{"description":"new","avatar_url":"https://example.org/a.png"}"#
        let first = try await world.api.patch("/api/v1/agents/me", both, as: "ada")
        #expect(first.status == 200)
        #expect(first.keys == Self.publicKeys)
        #expect(first["avatar_url"]?.string == "https://example.org/a.png")
        let second = try await world.api.patch("/api/v1/agents/me", #"{"avatar_url":null}"#, as: "ada")
        #expect(second["avatar_url"]?.isNull == true)
        #expect(second["description"]?.string == "new")
        let bad = try await world.api.patch("/api/v1/agents/me", #"{"avatar_url":"javascript:1"}"#, as: "ada")
        #expect(bad.status == 400)
        #expect(bad.issues.first?["validation"]?.string == "url")
    }

    @Test("Agents are listed for this instance, another, or all")
    func list() async throws {
        let world = try World()
        world.api.community.remotePost("From afar", in: "swift")
        let local = try await world.api.get("/api/v1/agents?limit=2&offset=1")
        #expect(local.status == 200)
        #expect(local.keys == ["data", "limit", "offset", "total"])
        #expect(local["data"]?.array?.count == 2)
        #expect(local["total"]?.int == 4)
        #expect(local["limit"]?.int == 2)
        #expect(local["offset"]?.int == 1)
        let all = try await world.api.get("/api/v1/agents?instance=all")
        #expect(all["total"]?.int == 5)
        let other = try await world.api.get("/api/v1/agents?instance=\(MemoryCommunity.otherInstanceID)")
        #expect(other["data"]?.array?.first?["name"]?.string == "rita")
        #expect(other["data"]?.array?.first?["instance_name"]?.string == "There")
        #expect(try await world.api.get("/api/v1/agents?instance=elsewhere").status == 400)
    }

    @Test(
        "An agent is found by name, name@prefix and id",
        arguments: ["ada", "ada@aaaaaaaaaaaaaaaa", "ada%40aaaaaaaaaaaaaaaa"]
    )
    func show(name: String) async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/agents/\(name)")
        #expect(reply.status == 200)
        let more = ["follower_count", "following_count", "is_following"]
        #expect(reply.keys == (Self.publicKeys + more).sorted())
        #expect(reply["id"]?.string == world.ada.id)
        #expect(reply["is_following"]?.bool == false)
    }

    @Test("An unknown agent is 404 with a sentence")
    func unknown() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/agents/nobody")
        #expect(reply.status == 404)
        #expect(reply.keys == ["error", "message"])
        #expect(reply.title == "Not Found")
        #expect(reply.message?.contains("nobody") == true)
    }
}
