import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

@Suite("Routes that govern a hive")
struct GovernanceRouteTests {
    private let hive = "/api/v1/hives/swift"

    @Test("Owners change settings; 404 and 403 come before what is wrong with the body")
    func update() async throws {
        let world = try World()
        let body = #"{"description":null,"is_public":false,"settings":{"post_permissions":"mods"}}"#
        let reply = try await world.api.patch("/api/v1/hives/SWIFT", body, as: "ada")
        #expect(reply.status == 200)
        #expect(reply.keys == HiveRouteTests.keys)
        #expect(reply["description"]?.isNull == true)
        #expect(reply["is_public"]?.bool == false)
        #expect(reply["settings"]?["post_permissions"]?.string == "mods")
        let bad = #"{"settings":{"post_permissions":"some"}}"#
        #expect(try await world.api.patch("/api/v1/hives/none", bad, as: "ada").status == 404)
        #expect(try await world.api.patch(hive, bad, as: "bob").status == 403)
        #expect(try await world.api.patch(hive, bad, as: "ada").status == 400)
        #expect(try await world.api.patch(hive, #"{"max_clock_drift_ms":1}"#, as: "ada").status == 400)
        #expect(try await world.api.patch(hive, "{}").status == 401)
    }

    @Test("An agent joins and leaves; the owner stays, and a private hive asks for approval")
    func joining() async throws {
        let world = try World()
        let joined = try await world.api.post(hive + "/join", "", as: "bob")
        #expect(joined.status == 201)
        #expect(joined["success"]?.bool == true)
        #expect(try await world.api.post(hive + "/join", "", as: "bob").status == 400)
        let members = try await world.api.get(hive + "/members")
        #expect(members["data"]?.array?.compactMap { $0["role"]?.string } == ["owner", "member"])
        #expect(members["total"]?.int == 2)
        #expect(try await world.api.get(hive + "/members?limit=1&offset=1")["data"]?.array?.count == 1)
        #expect(try await world.api.delete(hive + "/leave", as: "bob").status == 200)
        #expect(try await world.api.delete(hive + "/leave", as: "bob").status == 400)
        #expect(try await world.api.delete(hive + "/leave", as: "ada").status == 400)
        #expect(try await world.api.post("/api/v1/hives/none/join", "", as: "bob").status == 404)
        let secret = "/api/v1/hives/secret"
        #expect(try await world.api.post(secret + "/join", "", as: "bob").status == 403)
        #expect(try await world.api.get(secret + "/members", as: "bob").status == 403)
        #expect(try await world.api.put(secret + "/members/bob", as: "bob").status == 403)
        #expect(try await world.api.put(secret + "/members/bob", as: "ada").status == 200)
        #expect(try await world.api.post(secret + "/join", "", as: "bob").status == 201)
        #expect(try await world.api.put(hive + "/members/bob", as: "ada").status == 400)
        #expect(try await world.api.get(secret + "/members?pending=true", as: "ada")["total"]?.int == 1)
        #expect(try await world.api.get(hive + "/members?pending=true", as: "bob").status == 403)
    }

    @Test("Moderators are appointed, listed and dismissed")
    func moderators() async throws {
        let world = try World()
        let path = hive + "/moderators/bob"
        let reply = try await world.api.put(path, #"{"role":"admin","reason":"trusted"}"#, as: "ada")
        #expect(reply.status == 200)
        #expect(reply["role"]?.string == "admin")
        #expect(reply["agent"]?["name"]?.string == "bob")
        #expect(try await world.api.get(hive + "/moderators")["data"]?.array?.count == 1)
        #expect(try await world.api.put(path, as: "ada")["role"]?.string == "moderator")
        #expect(try await world.api.put(path, #"{"role":"owner"}"#, as: "ada").status == 400)
        #expect(try await world.api.put(hive + "/moderators/nobody", as: "ada").status == 404)
        #expect(try await world.api.put(hive + "/moderators/ada", as: "ada").status == 400)
        #expect(try await world.api.delete(path, as: "ada").status == 204)
        #expect(try await world.api.delete(path, as: "ada").status == 404)
        #expect(try await world.api.put(path, as: "bob").status == 403)
    }

    @Test("Bans have a reason and may hide the past; moderators alone see who is banned")
    func bans() async throws {
        let world = try World()
        let path = hive + "/bans/bob"
        let reply = try await world.api.put(path, #"{"reason":"spam","hide_past":true}"#, as: "ada")
        #expect(reply.status == 200)
        #expect(reply["reason"]?.string == "spam")
        #expect(reply["hide_past"]?.bool == true)
        #expect(reply["by"]?["name"]?.string == "ada")
        let list = try await world.api.get(hive + "/bans", as: "ada")
        #expect(list["total"]?.int == 1)
        #expect(try await world.api.get(hive + "/bans", as: "bob").status == 403)
        #expect(try await world.api.get(hive + "/bans").status == 401)
        #expect(try await world.api.put(path, as: "bob").status == 403)
        let long = String(repeating: "x", count: 501)
        #expect(try await world.api.put(path, #"{"reason":"\#(long)"}"#, as: "ada").status == 400)
        #expect(try await world.api.delete(path, as: "ada").status == 204)
        #expect(try await world.api.delete(path, as: "ada").status == 404)
    }

    @Test("A post is pinned and unpinned by turns, by those who govern its hive")
    func pins() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)/pin"
        #expect(try await world.api.post(path, "", as: "bob").status == 403)
        #expect(try await world.api.post(path, "", as: "ada")["is_pinned"]?.bool == true)
        #expect(try await world.api.post(path, "", as: "root")["is_pinned"]?.bool == false)
        #expect(try await world.api.post("/api/v1/posts/none/pin", "", as: "ada").status == 404)
        let secret = "/api/v1/posts/\(world.secretPost.id)/pin"
        #expect(try await world.api.post(secret, "", as: "bob").status == 403)
    }

    @Test("A post's history has what was written and leaves out what was not touched")
    func history() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/posts/\(world.post.id)/history")
        #expect(reply.status == 200)
        let rows = try #require(reply["data"]?.array)
        #expect(rows.map { $0["kind"]?.string } == ["created", "updated"])
        #expect(rows[0]["url"]?.isNull == true)
        #expect(rows[1]["content"] == nil && rows[1]["title"]?.string == "Later")
        #expect(try await world.api.get("/api/v1/posts/none/history").status == 404)
        #expect(try await world.api.get("/api/v1/posts/\(world.secretPost.id)/history", as: "bob").status == 403)
    }

    @Test("The moderation log names what each act was done to; for those who govern the hive")
    func log() async throws {
        let world = try World()
        let reply = try await world.api.get(hive + "/modlog", as: "ada")
        let rows = try #require(reply["data"]?.array)
        #expect(rows.map { $0["target_type"]?.string } == ["agent", "instance", "setting", "content"])
        #expect(rows[2]["value"]?.string == "new" && rows[1]["by"]?.isNull == true)
        #expect(try await world.api.get(hive + "/modlog", as: "bob").status == 403)
        #expect(try await world.api.get(hive + "/modlog", headers: APIHarness.admin).status == 200)
        #expect(try await world.api.get("/api/v1/hives/none/modlog", as: "ada").status == 404)
    }

    @Test("The owner gives a hive away")
    func transfer() async throws {
        let world = try World()
        let path = hive + "/transfer"
        #expect(try await world.api.post(path, #"{"agent":"bob"}"#, as: "bob").status == 403)
        #expect(try await world.api.post(path, "{}", as: "ada").status == 400)
        #expect(try await world.api.post(path, #"{"agent":"nobody"}"#, as: "ada").status == 404)
        let reply = try await world.api.post(path, #"{"agent":"bob"}"#, as: "ada")
        #expect(reply["owner_id"]?.string == world.bob.id)
    }

    @Test("Moderators change what others wrote, and strangers and admins of the instance don't")
    func editing() async throws {
        let world = try World()
        let post = world.api.community.post("By root", in: "swift", by: world.root)
        let path = "/api/v1/posts/\(post.id)"
        #expect(try await world.api.patch(path, #"{"title":"x"}"#, as: "bob").status == 403)
        _ = try await world.api.put(hive + "/moderators/bob", as: "ada")
        #expect(try await world.api.patch(path, #"{"title":"By a moderator"}"#, as: "bob").status == 200)
        let mine = "/api/v1/posts/\(world.post.id)"
        #expect(try await world.api.patch(mine, #"{"title":"x"}"#, as: "root").status == 403)
    }
}

@Suite("Routes that govern a group")
struct SyncGovernanceRouteTests {
    private static let member = SyncRouteTests.group + "/members/" + MemoryCommunity.otherInstanceID

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ json: String,
        _ world: World
    ) async throws -> APIHarness.Reply {
        let body = json.isEmpty ? nil : Array(json.utf8)
        return try await world.api.send(method, path, headers: APIHarness.admin, body: body)
    }

    @Test("Rules that may change are changed, those fixed at birth refused")
    func policy() async throws {
        let world = try World()
        let reply = try await send(.patch, SyncRouteTests.group, #"{"policy":{"retention_days":30}}"#, world)
        #expect(reply.keys == SyncRouteTests.groupKeys)
        #expect(world.api.sync.calls == ["policy 30 0 local"])
        for rule in [#""admission":"owner""#, #""quorum":1"#, #""retention_days":0"#, #""max_clock_drift_ms":1"#] {
            let refused = try await send(.patch, SyncRouteTests.group, #"{"policy":{\#(rule)}}"#, world)
            #expect(refused.status == 400, "\(rule)")
        }
    }

    @Test("Members are removed with a fence, or get another role")
    func members() async throws {
        let world = try World()
        let hash = String(repeating: "ab", count: 32)
        let body = #"{"reason":"gone bad","invited":true,"fence":{"epoch":1,"seq":9,"hash":"\#(hash)"}}"#
        let reply = try await send(.delete, Self.member, body, world)
        #expect(reply["cut_events"]?.int == 3 && reply["fetched"]?.bool == false)
        #expect(reply["fence"]?["hash"]?.string == hash)
        #expect(try await send(.delete, Self.member, "", world)["fence"]?.isNull == true)
        let bad = #"{"fence":{"epoch":1,"seq":9,"hash":"\#(String(repeating: "x", count: 64))"}}"#
        #expect(try await send(.delete, Self.member, bad, world).status == 400)
        let own = SyncRouteTests.group + "/members/" + MemoryCommunity.instanceID
        #expect(try await send(.delete, own, "", world).status == 409)
        #expect(try await send(.patch, Self.member, #"{"role":"readonly"}"#, world).status == 200)
        #expect(try await send(.patch, Self.member, #"{"role":"owner"}"#, world).status == 400)
        let other = MemoryCommunity.otherInstanceID
        #expect(world.api.sync.calls.contains("remove \(other) true 9"))
        #expect(world.api.sync.calls.contains("role \(other) readonly"))
    }

    @Test("A transfer is done at once, or needs more successors: the reply is what the next one sends")
    func transfer() async throws {
        let world = try World()
        let path = SyncRouteTests.group + "/transfer-owner"
        let done = try await send(.post, path, #"{"instance_id":"inst_x","agent_id":"a"}"#, world)
        #expect(done.status == 200)
        #expect(done.keys == SyncRouteTests.groupKeys)
        let first = try await send(.post, path, #"{"instance_id":"inst_x","agent_id":"many"}"#, world)
        #expect(first.status == 202)
        let pin = try #require(first["pin"])
        let signatures = try #require(first["cosigs"])
        let next = JSONValue.object(unsorted: [
            JSONMember("instance_id", .string("inst_x")), JSONMember("agent_id", .string("many")),
            JSONMember("pin", pin), JSONMember("cosigs", signatures),
        ])
        let second = try await send(.post, path, String(decoding: next.canonicalBytes(), as: UTF8.self), world)
        #expect(second["cosigs"]?.array?.count == 2)
        #expect(second["pin"] == pin)
        let wrong = #"{"instance_id":"i","agent_id":"a","cosigs":[{"identity_key":"x","signature":"y"}]}"#
        #expect(try await send(.post, path, wrong, world).status == 400)
    }

    @Test("A log gets a new key; after a theft from a place of one's own")
    func epochs() async throws {
        let world = try World()
        let path = SyncRouteTests.group + "/new-epoch"
        let reply = try await send(.post, path, #"{"reason":"rotation"}"#, world)
        #expect(reply["epoch"]?.int == 2 && reply["closed_off"]?.int == 4 && reply["repeated"]?.int == 1)
        let theft = #"{"reason":"stolen_key","last_own":{"epoch":1,"seq":5}}"#
        #expect(try await send(.post, path, theft, world).status == 200)
        #expect(world.api.sync.calls == ["epoch false 0", "epoch true 5"])
        let odd = #"{"reason":"rotation","last_own":{"epoch":1,"seq":5}}"#
        #expect(try await send(.post, path, odd, world).status == 400)
    }

    @Test("Conflicts show the winner and the losers of each setting")
    func conflicts() async throws {
        let world = try World()
        let reply = try await world.api.get(SyncRouteTests.group + "/conflicts", headers: APIHarness.admin)
        let row = try #require(reply["data"]?.array?.first)
        #expect(row["key"]?.string == "description")
        #expect(row["winner"]?["value"]?.string == "a")
        #expect(row["losers"]?.array?.first?["value"]?.isNull == true)
        let none = "/api/v1/sync/groups/none/conflicts"
        #expect(try await world.api.get(none, headers: APIHarness.admin).status == 404)
    }
}
