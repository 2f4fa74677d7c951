import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct AccessTests {
    @Test("No header, another scheme, an unknown key and an ingest key are 401, each with its own sentence")
    func unauthorized() async throws {
        let world = try World()
        let headers: [HTTPFields] = [
            [:], [.authorization: "Basic abc"], [.authorization: "Bearer  oh_ada"], [.authorization: "Bearer"],
            [.authorization: "Bearer oh_nobody"], [.authorization: "Bearer ohk_abc"],
        ]
        var sentences: [String] = []
        for header in headers {
            let reply = try await world.api.get("/api/v1/agents/me", headers: header)
            #expect(reply.status == 401)
            #expect(reply.title == "Unauthorized")
            #expect(reply.headers[.wwwAuthenticate] == "Bearer")
            sentences.append(reply.message ?? "")
        }
        #expect(Set(sentences).count == 4)
        #expect(sentences[1] == sentences[2])
    }

    @Test("The scheme's case does not matter", arguments: ["Bearer", "bearer", "BEARER"])
    func scheme(word: String) async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/auth/me", headers: [.authorization: "\(word) oh_ada"])
        #expect(reply.status == 200)
        #expect(reply["name"]?.string == "ada")
    }

    @Test("Where logging in is optional, a bad key counts as none")
    func optional() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/hives/swift", headers: [.authorization: "Bearer oh_nobody"])
        #expect(reply.status == 200)
        #expect(reply["user_membership"]?.isNull == true)
    }

    @Test("Admin routes take the admin key or an admin agent, and no one else")
    func admin() async throws {
        let world = try World()
        let path = "/api/v1/admin/stats"
        #expect(try await world.api.get(path, headers: APIHarness.admin).status == 200)
        #expect(try await world.api.get(path, as: "root").status == 200)
        let agent = try await world.api.get(path, as: "bob")
        #expect(agent.status == 403)
        #expect(agent.title == "Forbidden")
        #expect(try await world.api.get(path).status == 401)
        let wrong = try await world.api.get(path, headers: [.adminKey: "the-admin-key-of-the-testx"])
        #expect(wrong.status == 401)
        #expect(wrong.message?.contains("admin key") == true)
        #expect(try await world.api.get(path, headers: [.adminKey: ""]).status == 401)
        #expect(
            try await world.api.get(path, headers: [.adminKey: String(APIHarness.adminKey.dropLast())]).status == 401
        )
    }

    @Test("The admin key acts as the built-in agent, and lifts an agent that is named")
    func adminKeyActs() async throws {
        let world = try World()
        let alone = try await world.api.get("/api/v1/auth/me", headers: APIHarness.admin)
        #expect(alone["name"]?.string == "local")
        let both = try await world.api.get("/api/v1/hives/secret", as: "bob", headers: APIHarness.admin)
        #expect(both.status == 200)
        world.api.community.with { $0.localAdmin = nil }
        let fresh = try World()
        fresh.api.community.with { $0.localAdmin = nil }
        let nobody = try await fresh.api.get("/api/v1/auth/me", headers: APIHarness.admin)
        #expect(nobody.status == 401)
        #expect(nobody.message?.contains("names no agent") == true)
    }

    @Test("Comparing secrets tells equal from unequal whatever their lengths")
    func constantTime() {
        let secret = Array("secret".utf8)
        #expect(ConstantTime.isEqual("secret".utf8, to: secret))
        for wrong in ["", "s", "secre", "secrets", "secretsecret", "Secret", "secres"] {
            #expect(!ConstantTime.isEqual(wrong.utf8, to: secret), "\(wrong)")
        }
        #expect(!ConstantTime.isEqual("".utf8, to: []))
    }

    @Test("In local mode a request without a header is the local admin; one with a header is checked")
    func localMode() async throws {
        let world = try World(mode: .local)
        let me = try await world.api.get("/api/v1/agents/me")
        #expect(me["name"]?.string == "local")
        #expect(me["is_admin"]?.bool == true)
        #expect(try await world.api.get("/api/v1/admin/stats").status == 200)
        #expect(try await world.api.get("/api/v1/hives/secret").status == 200)
        #expect(try await world.api.get("/api/v1/agents/me", as: "nobody").status == 401)
        #expect(try await world.api.get("/api/v1/agents/me", as: "bob")["name"]?.string == "bob")
        #expect(try await world.api.get("/api/v1/admin/stats", as: "bob").status == 403)
    }

    @Test(
        "In local mode a web page of elsewhere is nobody, whatever its host name resolves to",
        arguments: [
            ("https://evil.example", 401), ("null", 401), ("http://localhost:8080", 200), ("http://[::1]:3000", 200),
        ]
    )
    func foreignPages(origin: String, status: Int) async throws {
        let world = try World(mode: .local)
        let reply = try await world.api.get("/api/v1/agents/me", headers: [.origin: origin])
        #expect(reply.status == status)
        let body = #"{"name":"made-by-a-page"}"#
        let made = try await world.api.post("/api/v1/hives", body, headers: [.origin: origin])
        #expect(made.status == (status == 200 ? 201 : 401))
    }

    @Test("The mode is told, with the agent in local mode")
    func mode() async throws {
        let token = try await World().api.get("/api/v1/auth/mode")
        #expect(token.keys == ["mode", "registration"])
        #expect(token["mode"]?.string == "token")
        let local = try await World(mode: .local).api.get("/api/v1/auth/mode")
        #expect(local.keys == ["agent", "mode", "registration"])
        #expect(local["agent"]?["name"]?.string == "local")
    }
}
