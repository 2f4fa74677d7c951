import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

struct SyncRouteTests {
    static let groupKeys = [
        "created_at", "forks", "heads", "heads_digest", "held", "hive_name", "id", "local_seq", "members",
        "owner_instance_id", "peers", "pending", "poison", "role", "state_root", "status", "status_reason",
        "sync_group_name",
    ]
    static let group = "/api/v1/sync/groups/\(StubSyncAdmin.groupID)"

    @Test("Sharing a hive answers with its group")
    func share() async throws {
        let world = try World()
        let path = "/api/v1/sync/groups"
        let reply = try await world.api.post(path, #"{"hive_name":"Engineering"}"#, headers: APIHarness.admin)
        #expect(reply.status == 201)
        #expect(reply.keys == Self.groupKeys)
        #expect(world.api.sync.calls == ["share engineering"])
        let again = try await world.api.post(path, #"{"hive_name":"shared"}"#, headers: APIHarness.admin)
        #expect(again.status == 409)
        #expect(try await world.api.post(path, #"{"hive_name":"none"}"#, headers: APIHarness.admin).status == 404)
        let late = #"{"hive_name":"swift","policy":{"admission":"owner"}}"#
        #expect(try await world.api.post(path, late, headers: APIHarness.admin).status == 400)
    }

    @Test("Groups show members, heads by instance and peers without secrets")
    func show() async throws {
        let world = try World()
        let list = try await world.api.get("/api/v1/sync/groups", headers: APIHarness.admin)
        #expect(list.keys == ["data"])
        let reply = try await world.api.get(Self.group, headers: APIHarness.admin)
        #expect(reply.keys == Self.groupKeys)
        let head = reply["heads"]?[MemoryCommunity.instanceID]
        #expect(APIHarness.Reply.keys(head) == ["epoch", "hash", "seq"])
        #expect(head?["seq"]?.int == 7)
        #expect(reply["state_root"]?.isNull == true)
        #expect(
            APIHarness.Reply.keys(reply["peers"]?.array?.first) == [
                "id", "instance_id", "lag", "lag_seconds", "last_error", "last_sync_at", "name", "rtt_ms", "source",
                "status", "status_reason", "sync_endpoint",
            ]
        )
        #expect(try await world.api.get("/api/v1/sync/groups/none", headers: APIHarness.admin).status == 404)
    }

    @Test("Every sync route refuses who has no admin rights")
    func rights() async throws {
        let world = try World()
        for route in world.api.router.routes where route.path.hasPrefix("/api/v1/sync") {
            let path = world.api.concrete(route.path)
            #expect(try await world.api.send(route.method, path).status == 401, "\(route.operationID)")
            #expect(try await world.api.send(route.method, path, as: "bob").status == 403, "\(route.operationID)")
        }
        #expect(world.api.sync.calls.isEmpty)
    }

    @Test("Without sync every route says so with 503, and the status that it is off")
    func off() async throws {
        let world = try World(isSyncOn: false)
        let status = try await world.api.get("/api/v1/sync/status", headers: APIHarness.admin)
        #expect(status.keys == ["enabled", "groups"])
        #expect(status["enabled"]?.bool == false)
        let reply = try await world.api.get("/api/v1/sync/groups", headers: APIHarness.admin)
        #expect(reply.status == 503)
        #expect(reply.title == "Service Unavailable")
    }

    @Test("The status lists groups and their peers in short")
    func status() async throws {
        let world = try World()
        let reply = try await world.api.get("/api/v1/sync/status", as: "root")
        #expect(reply.keys == ["enabled", "groups", "instance_id", "instance_name", "sync_endpoint"])
        let group = reply["groups"]?.array?.first
        #expect(APIHarness.Reply.keys(group) == ["group_name", "hive_name", "local_seq", "peers"])
        #expect(APIHarness.Reply.keys(group?["peers"]?.array?.first) == ["lag", "last_sync", "name", "status"])
    }

    @Test(
        "A group is joined by invite, by endpoint and hive, or by a known peer and hive",
        arguments: [
            (#"{"invite":"ohi1_x","as":"local-name"}"#, "join ohi1_x  local-name"),
            (#"{"sync_endpoint":"http://b:1/sync/v1","hive_name":"Eng"}"#, "join http://b:1/sync/v1 eng "),
            (#"{"peer_swarm_id":"pc_1","hive_name":"eng"}"#, "join http://127.0.0.1:4000/sync/v1 eng "),
        ]
    )
    func join(body: String, call: String) async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/sync/groups/join", body, headers: APIHarness.admin)
        #expect(reply.status == 202)
        #expect(reply.keys == Self.groupKeys)
        #expect(world.api.sync.calls == [call])
    }

    @Test(
        "Joins that name nothing to join are refused",
        arguments: [
            ("{}", 400), (#"{"hive_name":"eng"}"#, 400), (#"{"sync_endpoint":"http://b/"}"#, 400),
            (#"{"sync_endpoint":"file:///etc","hive_name":"eng"}"#, 400), (#"{"hive_name":"eng","hub":true}"#, 400),
            (#"{"peer_swarm_id":"pc_9","hive_name":"eng"}"#, 404), (#"{"invite":"ohi1_x","as":"taken"}"#, 409),
        ]
    )
    func badJoins(body: String, status: Int) async throws {
        let world = try World()
        let reply = try await world.api.post("/api/v1/sync/groups/join", body, headers: APIHarness.admin)
        #expect(reply.status == status)
    }

    @Test("Resync, verify and leaving answer with what was done")
    func work() async throws {
        let world = try World()
        let resync = try await world.api.send(.post, "\(Self.group)/resync", headers: APIHarness.admin)
        #expect(resync.status == 202)
        #expect(resync["results"]?.array?.first?["peer"]?.string == "pc_1")
        let verify = try await world.api.send(.post, "\(Self.group)/verify", headers: APIHarness.admin)
        #expect(verify.status == 200)
        #expect(verify["equal"]?.bool == true)
        #expect(verify["events"]?.int == 10)
        #expect(try await world.api.delete(Self.group, headers: APIHarness.admin).status == 204)
    }

    @Test("Events come as wire objects with where to go on")
    func events() async throws {
        let world = try World()
        let reply = try await world.api.get("\(Self.group)/events?since=5&limit=2&type=x", headers: APIHarness.admin)
        #expect(reply.keys == ["events", "has_more", "incarnation", "next_seq"])
        #expect(reply["events"]?.array?.compactMap { $0["id"]?.string } == ["e1", "e2"])
        #expect(world.api.sync.calls == ["events 5 2 x -"])
        #expect(try await world.api.get("\(Self.group)/events?limit=501", headers: APIHarness.admin).status == 400)
    }

    @Test("An invite shows its secret once")
    func invites() async throws {
        let world = try World()
        let keys = [
            "created_at", "expires_at", "group_id", "hive_name", "id", "max_uses", "role", "uses_left",
        ]
        let path = "/api/v1/sync/invites"
        let body = #"{"hive_name":"eng","role":"readonly","max_uses":3,"expires_in":60}"#
        let made = try await world.api.post(path, body, headers: APIHarness.admin)
        #expect(made.status == 201)
        #expect(made.keys == (keys + ["invite"]).sorted())
        #expect(world.api.sync.calls == ["invite eng readonly 3 60"])
        let list = try await world.api.get(path, headers: APIHarness.admin)
        #expect(APIHarness.Reply.keys(list["data"]?.array?.first) == keys)
        #expect(try await world.api.get("\(path)/inv_1", headers: APIHarness.admin).keys == keys)
        #expect(try await world.api.get("\(path)/none", headers: APIHarness.admin).status == 404)
        #expect(try await world.api.delete("\(path)/inv_1", headers: APIHarness.admin).status == 204)
        #expect(try await world.api.delete("\(path)/none", headers: APIHarness.admin).status == 404)
    }

    @Test(
        "Bad invites are refused",
        arguments: [
            "{}", #"{"hive_name":"e","role":"owner"}"#, #"{"hive_name":"e","max_uses":0}"#,
            #"{"hive_name":"e","expires_in":-1}"#,
        ]
    )
    func badInvites(body: String) async throws {
        let world = try World()
        #expect(try await world.api.post("/api/v1/sync/invites", body, headers: APIHarness.admin).status == 400)
        #expect(world.api.sync.calls.isEmpty)
    }

    @Test("Peers are added, changed, tried and removed, and never show their token")
    func peers() async throws {
        let world = try World()
        let path = "/api/v1/sync/peers"
        let body = #"{"name":"B","sync_endpoint":"http://b:4000","shared_hives":["Eng"]}"#
        let made = try await world.api.post(path, body, headers: APIHarness.admin)
        #expect(made.status == 201)
        #expect(made.keys.contains("sync_token") == false)
        #expect(made["is_manual"]?.bool == true)
        #expect(world.api.sync.calls == [#"add B http://b:4000 ["eng"]"#])
        let list = try await world.api.get("\(path)?source=manual", headers: APIHarness.admin)
        #expect(list["data"]?.array?.count == 1)
        #expect(try await world.api.get("\(path)?status=active", headers: APIHarness.admin)["data"]?.array?.count == 0)
        let changed = try await world.api.patch("\(path)/pc_1", #"{"name":"C"}"#, headers: APIHarness.admin)
        #expect(changed.status == 200)
        let test = try await world.api.send(.post, "\(path)/pc_1/test", headers: APIHarness.admin)
        #expect(test.keys == ["error", "latency_ms", "peer_instance_id", "reachable", "steps"])
        #expect(test["error"]?.string == "refused")
        #expect(APIHarness.Reply.keys(test["steps"]?.array?.first) == ["message", "ms", "ok", "step"])
        #expect(try await world.api.delete("\(path)/pc_1", headers: APIHarness.admin).status == 204)
        #expect(try await world.api.delete("\(path)/pc_2", headers: APIHarness.admin).status == 404)
    }

    @Test("Requests to be let in are listed, approved and denied")
    func requests() async throws {
        let world = try World()
        let path = "/api/v1/sync/requests"
        let list = try await world.api.get(path + "?group_id=\(StubSyncAdmin.groupID)", headers: APIHarness.admin)
        #expect(list["data"]?.array?.count == 1)
        #expect(list["data"]?.array?.first?["status"]?.string == "pending")
        #expect(APIHarness.Reply.keys(list["data"]?.array?.first).contains("identity_key") == false)
        #expect(try await world.api.get(path + "?group_id=sg_none", headers: APIHarness.admin).status == 404)
        #expect(try await world.api.get(path, as: "bob").status == 403)
        let approved = try await world.api.post("\(path)/req_1/approve", "{}", headers: APIHarness.admin)
        #expect(approved.status == 200 && approved["status"]?.string == "approved")
        let readonly = #"{"role":"readonly"}"#
        #expect(try await world.api.post("\(path)/req_1/approve", readonly, headers: APIHarness.admin).status == 200)
        #expect(try await world.api.send(.post, "\(path)/req_1/deny", headers: APIHarness.admin).status == 200)
        #expect(world.api.sync.calls == ["approve req_1 member", "approve req_1 readonly", "deny req_1"])
        let owner = #"{"role":"owner"}"#
        #expect(try await world.api.post("\(path)/req_1/approve", owner, headers: APIHarness.admin).status == 400)
        #expect(try await world.api.post("\(path)/req_2/approve", "{}", headers: APIHarness.admin).status == 404)
    }

    @Test("The mesh is drawn for admins")
    func topology() async throws {
        let world = try World()
        let path = "/api/v1/sync/topology"
        let drawn = try await world.api.get(path, headers: APIHarness.admin)
        #expect(drawn.status == 200 && drawn.keys == ["links", "nodes"])
        let nodes = try #require(drawn["nodes"]?.array)
        #expect(nodes.filter { $0["is_self"] == .bool(true) }.count == 1)
        #expect(APIHarness.Reply.keys(nodes.first) == ["group_ids", "instance_id", "is_self", "name", "sync_endpoint"])
        #expect(try await world.api.get(path, as: "bob").status == 403)
    }

    @Test("Alerts are listed and acknowledged by admins")
    func alerts() async throws {
        let world = try World()
        let path = "/api/v1/sync/alerts"
        let list = try await world.api.get(path, headers: APIHarness.admin)
        let alert = try #require(list["data"]?.array?.first)
        #expect(APIHarness.Reply.keys(alert).contains("acknowledged_at"))
        #expect(alert["kind"]?.string == "diverged" && alert["peer"]?.string == "pc_1")
        #expect(try await world.api.get(path, as: "bob").status == 403)
        let seen = try await world.api.send(.post, "\(path)/alert_1/ack", headers: APIHarness.admin)
        #expect(seen.status == 200 && seen["acknowledged_at"]?.string != nil)
        #expect(try await world.api.send(.post, "\(path)/alert_2/ack", headers: APIHarness.admin).status == 404)
    }

    @Test("A group is joined by its id, by invite or address")
    func joinByID() async throws {
        let world = try World()
        let path = Self.group + "/join"
        let body = #"{"sync_endpoint":"http://b:1/sync/v1"}"#
        #expect(try await world.api.post(path, body, headers: APIHarness.admin).status == 202)
        #expect(try await world.api.post(path, #"{"invite":"ohi1_x"}"#, headers: APIHarness.admin).status == 202)
        #expect(try await world.api.post(path, #"{"as":"x1"}"#, headers: APIHarness.admin).status == 400)
        #expect(try await world.api.post(path, body, as: "bob").status == 403)
    }

    @Test(
        "Bad peers are refused",
        arguments: [
            ("{}", 400), (#"{"name":"B","sync_endpoint":"b","shared_hives":["e"]}"#, 400),
            (#"{"name":"B","sync_endpoint":"http://b","shared_hives":[]}"#, 400),
            (#"{"name":"B","sync_endpoint":"http://b","shared_hives":[1]}"#, 400),
            (#"{"name":"twice","sync_endpoint":"http://b","shared_hives":["e"]}"#, 409),
        ]
    )
    func badPeers(body: String, status: Int) async throws {
        let world = try World()
        #expect(try await world.api.post("/api/v1/sync/peers", body, headers: APIHarness.admin).status == status)
    }
}
