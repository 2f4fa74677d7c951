import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Testing

/// What every endpoint must survive, tried on every one.
struct BadInputTests {
    static let bodies: [(String, [UInt8])] = [
        ("truncated", Array(#"{"name":"abc","hive":"swift","#.utf8)),
        ("truncated in a string", Array(#"{"name":"ab"#.utf8)),
        ("truncated escape", Array(#"{"name":"\u12"#.utf8)),
        ("nested too deep", Array(repeating: UInt8(ascii: "["), count: 100_000)),
        ("nested objects", Array(String(repeating: #"{"a":"#, count: 5000).utf8)),
        ("not UTF-8", Array(#"{"name":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)),
        ("overlong UTF-8", Array(#"{"name":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8)),
        ("UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
        ("duplicate keys", Array(#"{"name":"abc","name":"abd","title":"t","title":"u"}"#.utf8)),
        ("lone surrogate", Array(#"{"name":"\ud800abc"}"#.utf8)),
        ("two values", Array("{} {}".utf8)),
        ("comment", Array("{/* */}".utf8)),
        ("a huge number", Array(#"{"value":1e999}"#.utf8)),
        ("raw control character", Array(#"{"name":"a"#.utf8) + [0x01] + Array(#""}"#.utf8)),
        ("nothing", []),
        ("zero bytes", [0, 0, 0, 0]),
    ]

    static let wrongTypes = [
        "[]", "null", "true", "5", #""text""#,
        """
        {"name":5,"hive":[],"title":{},"content":7,"value":"1","hive_name":1,"invite":{},"description":3,"items":"x",
        "sync_endpoint":1,"shared_hives":"x","max_uses":"1","avatar_url":true,"reason":5,"role":7,"agent":{}}
        """,
    ]

    private static func routesWithBodies(_ world: World) -> [Route] {
        world.api.router.routes.filter { $0.body != nil }
    }

    @Test("Broken JSON is 400 with a sentence on every endpoint that takes a body, and changes nothing")
    func brokenJSON() async throws {
        let world = try World()
        let before = world.api.community.changes
        for route in Self.routesWithBodies(world) {
            for (name, body) in Self.bodies where !body.isEmpty || route.body?.isRequired == true {
                let reply = try await world.api.send(
                    route.method,
                    world.api.concrete(route.path),
                    as: "ada",
                    headers: APIHarness.admin,
                    body: body
                )
                #expect(reply.status == 400, "\(route.operationID), \(name)")
                #expect(reply.title == "Bad Request", "\(route.operationID), \(name)")
                #expect(reply.message?.isEmpty == false)
            }
        }
        #expect(world.api.community.changes == before)
        #expect(world.api.sync.calls.isEmpty)
    }

    @Test("Values of wrong types are 400 with issues on every endpoint that takes a body, and change nothing")
    func wrongTypes() async throws {
        let world = try World()
        let before = world.api.community.changes
        for route in Self.routesWithBodies(world) {
            for body in Self.wrongTypes {
                let path = world.api.concrete(route.path)
                let sent = Array(body.utf8)
                let reply = try await world.api.send(
                    route.method,
                    path,
                    as: "ada",
                    headers: APIHarness.admin,
                    body: sent
                )
                #expect(reply.status == 400, "\(route.operationID), \(body)")
                #expect(reply.title == "Validation Error", "\(route.operationID), \(body)")
                #expect(reply.issues.first?["code"]?.string != nil)
            }
        }
        #expect(world.api.community.changes == before)
        #expect(world.api.sync.calls.isEmpty)
    }

    @Test("A body above the limit is 413, one that is not JSON 415")
    func sizeAndType() async throws {
        let world = try World()
        for route in Self.routesWithBodies(world) {
            let path = world.api.concrete(route.path)
            let limit = try #require(route.body?.bytesMax)
            #expect(limit == 1_048_576 || route.operationID == "importItems")
            let big = Array(#"{"name":""#.utf8) + Array(repeating: UInt8(ascii: "x"), count: limit)
            let large = try await world.api.send(route.method, path, as: "ada", headers: APIHarness.admin, body: big)
            #expect(large.status == 413, "\(route.operationID)")
            #expect(large.title == "Payload Too Large")
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
                var headers = APIHarness.admin
                headers[.contentType] = type
                let reply = try await world.api.send(
                    route.method,
                    path,
                    as: "ada",
                    headers: headers,
                    body: Array("{}".utf8)
                )
                #expect(reply.status == 415, "\(route.operationID)")
                #expect(reply.title == "Unsupported Media Type")
            }
        }
    }

    @Test("A body at the limit is read; JSON types with parameters are JSON")
    func accepted() async throws {
        let world = try World()
        let start = Array(#"{"name":"zoe","unknown":""#.utf8)
        let body = start + Array(repeating: UInt8(ascii: "x"), count: 1_048_576 - start.count - 2) + Array(#""}"#.utf8)
        #expect(body.count == 1_048_576)
        for (number, type) in ["application/json", "APPLICATION/JSON; charset=utf-8", "application/x+json"].enumerated()
        {
            var sent = body
            sent[9] = UInt8(ascii: "a") + UInt8(number)
            let headers: HTTPFields = [.contentType: type]
            let reply = try await world.api.send(.post, "/api/v1/agents/register", headers: headers, body: sent)
            #expect(reply.status == 201)
        }
    }

    @Test("A known path with another method is 405 and says what it takes")
    func wrongMethods() async throws {
        let world = try World()
        let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        let odd = try #require(HTTPRequest.Method("BREW"))
        let paths = Set(world.api.router.routes.map(\.path))
        for path in paths {
            var taken = world.api.router.routes.filter { $0.path == path }.map(\.method)
            if taken.contains(.get) { taken.append(.head) }
            let allow = taken.map(\.rawValue).sorted().joined(separator: ", ")
            for method in all + [odd] where !taken.contains(method) {
                let reply = try await world.api.send(method, world.api.concrete(path), isChecked: false)
                #expect(reply.status == 405, "\(method) \(path)")
                #expect(reply.headers[.allow] == allow, "\(method) \(path)")
                #expect(reply.title == "Method Not Allowed")
                #expect(reply.keys == ["error", "message"])
            }
        }
    }

    @Test(
        "An unknown path is 404 in the API's shape",
        arguments: [
            "/", "/x", "/api/v1", "/api/v1/nothing", "/api/v1/posts/a/b/c/d", "/api/v1/posts/x/votes", "/health/x",
        ]
    )
    func unknownPaths(path: String) async throws {
        let world = try World()
        for method in [HTTPRequest.Method.get, .post, .delete] {
            let reply = try await world.api.send(method, path, isChecked: false)
            #expect(reply.status == 404)
            #expect(reply.title == "Not Found")
            #expect(reply.message == "Route \(method.rawValue):\(path) not found")
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        let world = try World()
        let path = "/api/v1/posts/\(world.post.id)"
        let get = try await world.api.get(path)
        let head = try await world.api.send(.head, path, isChecked: false)
        #expect(head.status == 200)
        #expect(head.bytes == 0)
        #expect(head.headers[.contentLength] == String(get.bytes))
        #expect(try await world.api.send(.head, "/api/v1/posts/none", isChecked: false).status == 404)
    }

    @Test(
        "Broken escapes and bytes in paths are 400",
        arguments: ["%", "%z1", "%ff", "%c0%80", "ab%2"]
    )
    func brokenPaths(segment: String) async throws {
        let world = try World()
        for path in ["/api/v1/posts/", "/api/v1/agents/", "/api/v1/hives/"] {
            let reply = try await world.api.get(path + segment)
            #expect(reply.status == 400, "\(path)\(segment)")
        }
    }

    @Test("A storage that takes no writes is 503; reads go on")
    func unavailable() async throws {
        let world = try World()
        world.api.community.fail(with: HiveError(.unavailable, "The disk is full: make room; reads go on."))
        let reply = try await world.api.get("/api/v1/posts")
        #expect(reply.status == 503)
        #expect(reply.title == "Service Unavailable")
        #expect(reply.message?.contains("disk") == true)
        world.api.community.fail(with: nil)
        #expect(try await world.api.get("/api/v1/posts").status == 200)
    }

    @Test("A fault of ours is 500 with a plain sentence and nothing of its inside")
    func fault() async throws {
        struct Oops: Error { var path = "/var/lib/secret.db" }
        let world = try World()
        for error: any Error in [Oops(), HiveError(.internalFault, "row 7 of /var/lib/secret.db")] {
            world.api.community.fail(with: error)
            let reply = try await world.api.get("/api/v1/posts")
            #expect(reply.status == 500)
            #expect(reply.title == "Internal Server Error")
            #expect(reply.message?.contains("secret.db") == false)
        }
    }

    @Test(
        "Every code of the ports' error has its status",
        arguments: [
            (HiveError.Code.badRequest, 400), (.unauthorized, 401), (.forbidden, 403), (.notFound, 404),
            (.conflict, 409),
            (.gone, 410), (.tooLarge, 413), (.unprocessable, 422), (.upstream, 502), (.unavailable, 503),
        ]
    )
    func codes(code: HiveError.Code, status: Int) async throws {
        let world = try World()
        world.api.community.fail(with: HiveError(code, "A sentence."))
        let reply = try await world.api.send(.get, "/api/v1/hives", isChecked: false)
        #expect(reply.status == status)
        #expect(reply.keys == ["error", "message"])
        #expect(reply.message == "A sentence.")
    }
}
