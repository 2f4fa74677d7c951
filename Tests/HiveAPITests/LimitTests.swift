import HTTPTypes
import HiveAPI
import HiveModel
import HivePorts
import Testing

@testable import HiveHTTP

struct LimitTests {
    private static let limits = RateLimiter.Limits(writesMax: 2, readsMax: 3)

    @Test("Reads are counted per caller; one too many is 429 with when to come again")
    func reads() async throws {
        let world = try World(limits: Self.limits)
        for left in ["2", "1", "0"] {
            let reply = try await world.api.get("/api/v1/posts", as: "bob")
            #expect(reply.status == 200)
            #expect(reply.headers[HTTPField.Name("x-ratelimit-limit") ?? .age] == "3")
            #expect(reply.headers[HTTPField.Name("x-ratelimit-remaining") ?? .age] == left)
            #expect(reply.headers[HTTPField.Name("x-ratelimit-reset") ?? .age] == "60")
        }
        world.api.clock.advance(byMs: 20_000)
        let refused = try await world.api.get("/api/v1/posts", as: "bob")
        #expect(refused.status == 429)
        #expect(refused.title == "Too Many Requests")
        #expect(refused.headers[.retryAfter] == "40")
        #expect(try await world.api.get("/api/v1/posts", as: "ada").status == 200)
        #expect(try await world.api.get("/api/v1/posts").status == 200)
        world.api.clock.advance(byMs: 40_000)
        #expect(try await world.api.get("/api/v1/posts", as: "bob").status == 200)
    }

    @Test("Writes count apart from reads, refused keys count for the address")
    func writes() async throws {
        let world = try World(limits: Self.limits)
        let body = #"{"hive":"swift","title":"T","content":"c"}"#
        for status in [201, 201, 429] {
            #expect(try await world.api.post("/api/v1/posts", body, as: "bob").status == status)
        }
        #expect(try await world.api.get("/api/v1/posts", as: "bob").status == 200)
        for status in [401, 401, 429] {
            #expect(try await world.api.post("/api/v1/posts", body, as: "guess").status == status)
        }
    }

    @Test("Health, the admin key and local mode are not limited")
    func unlimited() async throws {
        let world = try World(limits: Self.limits)
        let local = try World(mode: .local, limits: Self.limits)
        for _ in 0..<10 {
            #expect(try await world.api.get("/health").status == 200)
            #expect(try await world.api.get("/api/v1/posts", headers: APIHarness.admin).status == 200)
            #expect(try await local.api.get("/api/v1/posts").status == 200)
            #expect(try await local.api.get("/api/v1/posts", as: "bob").status == 200)
        }
        let reply = try await world.api.get("/health")
        #expect(reply.headers[HTTPField.Name("x-ratelimit-limit") ?? .age] == nil)
    }

    @Test("A repeated POST with its Idempotency-Key is carried out once")
    func idempotency() async throws {
        let world = try World()
        let body = #"{"hive":"swift","title":"T","content":"c"}"#
        let headers: HTTPFields = [.idempotencyKey: "k-1"]
        let first = try await world.api.post("/api/v1/posts", body, as: "bob", headers: headers)
        #expect(first.status == 201)
        let changes = world.api.community.changes
        let again = try await world.api.post("/api/v1/posts", body, as: "bob", headers: headers)
        #expect(again.status == 201)
        #expect(again.json == first.json)
        #expect(again.headers[HTTPField.Name("Idempotent-Replayed") ?? .age] == "true")
        #expect(world.api.community.changes == changes)
        let other = try await world.api.post("/api/v1/posts", body, as: "ada", headers: headers)
        #expect(other["id"] != first["id"])
        world.api.clock.advance(byMs: 86_400_000)
        let nextDay = try await world.api.post("/api/v1/posts", body, as: "bob", headers: headers)
        #expect(nextDay["id"] != first["id"])
    }

    @Test("An Idempotency-Key with another body is 422; refusals are repeated, passing failures are not")
    func idempotencyErrors() async throws {
        let world = try World()
        let body = #"{"hive":"swift","title":"T","content":"c"}"#
        _ = try await world.api.post("/api/v1/posts", body, as: "bob", headers: [.idempotencyKey: "a"])
        let other = #"{"hive":"swift","title":"U","content":"c"}"#
        let mismatch = try await world.api.post("/api/v1/posts", other, as: "bob", headers: [.idempotencyKey: "a"])
        #expect(mismatch.status == 422)
        let bad = try await world.api.post("/api/v1/posts", "{}", as: "bob", headers: [.idempotencyKey: "b"])
        let badAgain = try await world.api.post("/api/v1/posts", "{}", as: "bob", headers: [.idempotencyKey: "b"])
        #expect(bad.status == 400)
        #expect(badAgain.json == bad.json)
        let long = String(repeating: "k", count: 256)
        #expect(
            try await world.api.post("/api/v1/posts", body, as: "bob", headers: [.idempotencyKey: long]).status == 400
        )
    }

    @Test("A limiter with too many subjects forgets rather than grows")
    func subjects() {
        let limiter = RateLimiter(limits: .init(writesMax: 1, readsMax: 1, windowMs: 1000, subjectsMax: 2))
        #expect(limiter.count(.agent(1), isWrite: true, nowMs: 0).isAllowed)
        #expect(limiter.count(.agent(2), isWrite: true, nowMs: 0).isAllowed)
        #expect(!limiter.count(.agent(1), isWrite: true, nowMs: 10).isAllowed)
        #expect(limiter.count(.address("x"), isWrite: true, nowMs: 20).isAllowed)
        #expect(limiter.count(.agent(1), isWrite: true, nowMs: 30).isAllowed)
    }

    @Test("Pages of other origins may read replies, and ask first with OPTIONS")
    func cors() async throws {
        let world = try World()
        let origin = "https://page.example"
        let preflight = try await world.api.send(
            .options,
            "/api/v1/posts",
            headers: [.origin: origin, .accessControlRequestMethod: "POST"],
            isChecked: false
        )
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowOrigin] == origin)
        #expect(preflight.headers[.accessControlAllowMethods] == "GET, POST, PUT, PATCH, DELETE, OPTIONS")
        #expect(preflight.headers[.accessControlAllowHeaders]?.contains("X-Admin-Key") == true)
        let reply = try await world.api.get("/api/v1/posts", headers: [.origin: origin])
        #expect(reply.headers[.accessControlAllowOrigin] == origin)
        #expect(reply.headers[.vary] == "Origin")
        #expect(reply.headers[.accessControlAllowCredentials] == nil)
        let failed = try await world.api.get("/api/v1/posts/none", headers: [.origin: origin])
        #expect(failed.headers[.accessControlAllowOrigin] == origin)
        #expect(try await world.api.get("/api/v1/posts").headers[.accessControlAllowOrigin] == nil)
    }
}
