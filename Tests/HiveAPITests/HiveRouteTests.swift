import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct HiveRouteTests {
    static let keys = [
        "created_at", "description", "id", "is_public", "member_count", "name", "owner_id", "settings", "sync_group_id",
        "updated_at",
    ]

    @Test("The list has public hives, and private ones for their members; total counts the same")
    func list() async throws {
        let world = try World()
        let anonymous = try await world.api.get("/api/v1/hives")
        #expect(anonymous["total"]?.int == 1)
        #expect(anonymous["limit"]?.int == 50)
        #expect(APIHarness.Reply.keys(anonymous["data"]?.array?.first) == Self.keys)
        #expect(try await world.api.get("/api/v1/hives", as: "ada")["total"]?.int == 2)
        #expect(try await world.api.get("/api/v1/hives", as: "bob")["total"]?.int == 1)
    }

    @Test("The list's limit is capped at 100, and its bounds are numbers")
    func caps() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/hives?limit=5000&offset=3")
        #expect(reply["limit"]?.int == 100)
        #expect(reply["offset"]?.int == 3)
    }

    @Test(
        "Limits and offsets that are no whole numbers in range are refused",
        arguments: [
            ("limit=abc", "invalid_type"), ("limit=1.5", "invalid_type"), ("limit=0", "too_small"),
            ("offset=-1", "too_small"), ("limit=1&limit=2", "invalid_type"), ("limit=", "invalid_type"),
            ("limit=99999999999999999999", "invalid_type"),
        ]
    )
    func badBounds(query: String, code: String) async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/hives?\(query)")
        #expect(reply.status == 400)
        #expect(reply.issues.first?["code"]?.string == code)
    }

    @Test("Creating a hive makes the caller its owner")
    func create() async throws {
        let world = try World()
        let body = #"""
            {"name":"new-hive","description":"d","is_public":false,"sync":{"admission":"owner"},
             "settings":{"post_permissions":"mods","require_verification":true,"else":1}}
            """#
        let reply = try await world.api.post("/api/v1/hives", body, as: "bob")
        #expect(reply.status == 201)
        #expect(reply.keys == Self.keys)
        #expect(reply["owner_id"]?.string == world.bob.id)
        #expect(reply["is_public"]?.bool == false)
        #expect(reply["member_count"]?.int == 1)
        #expect(APIHarness.Reply.keys(reply["settings"]) == ["post_permissions", "require_verification"])
    }

    @Test(
        "Bad hives are refused",
        arguments: [
            (#"{"name":"A"}"#, 400), (#"{"name":"Upper"}"#, 400), (#"{"name":"swift"}"#, 409), ("{}", 400),
            (#"{"name":"ok","settings":{"post_permissions":"some"}}"#, 400),
            (#"{"name":"ok","sync":{"vote_privacy":"secret"}}"#, 400), (#"{"name":"ok","sync":{"else":1}}"#, 400),
            (#"{"name":"ok","is_public":"yes"}"#, 400),
        ]
    )
    func badHives(body: String, status: Int) async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/hives", body, as: "bob")
        #expect(reply.status == status)
    }

    @Test("A hive shows its owner; the name is looked up in any case")
    func show() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/hives/SWIFT")
        #expect(reply.status == 200)
        #expect(reply.keys == (Self.keys + ["owner", "user_membership"]).sorted())
        #expect(reply["owner"]?["id"]?.string == world.ada.id)
        #expect(reply["user_membership"]?.isNull == true)
    }

    @Test("A member sees its role, another agent no such key")
    func membership() async throws {
        let world = try World()
        let member = try await world.api.get("/api/v1/hives/swift", as: "ada")
        #expect(member["user_membership"]?["role"]?.string == "owner")
        let other = try await world.api.get("/api/v1/hives/swift", as: "bob")
        #expect(other.status == 200)
        #expect(other.keys.contains("user_membership") == false)
    }

    @Test("A private hive is forbidden to others; an unknown one is 404")
    func hidden() async throws {
        let world = try World()
        #expect(try await world.api.get("/api/v1/hives/secret").status == 403)
        #expect(try await world.api.get("/api/v1/hives/secret", as: "bob").status == 403)
        #expect(try await world.api.get("/api/v1/hives/secret", as: "ada").status == 200)
        #expect(try await world.api.get("/api/v1/hives/nowhere").status == 404)
    }
}
