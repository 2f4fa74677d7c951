import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

/// The whole REST interface over a community in memory; every reply is held against `/openapi.json`.
struct APIHarness: Sendable {
    struct Reply: Sendable {
        var status: Int
        var headers: HTTPFields
        /// Nil for an empty body.
        var json: JSONValue?
        var bytes: Int

        subscript(key: String) -> JSONValue? { json?[key] }

        var message: String? { json?["message"]?.string }
        var title: String? { json?["error"]?.string }
        var issues: [JSONValue] { json?["details"]?.array ?? [] }
    }

    static let adminKey = "the-admin-key-of-the-tests"

    let community: MemoryCommunity
    let sync: StubSyncAdmin
    let router: HiveRouter
    let clock: TestClock
    private let checker: ReplyChecker

    init(
        mode: AuthMode = .token,
        registration: APISettings.Registration = .open,
        limits: RateLimiter.Limits? = nil,
        isSyncOn: Bool = true,
        extraRoutes: [Route] = []
    ) throws {
        let community = MemoryCommunity()
        let clock = TestClock()
        let instance = try #require(InstanceID(MemoryCommunity.instanceID))
        let settings = APISettings(
            instance: instance,
            name: "Test hive",
            description: "For tests",
            url: nil,
            authMode: mode,
            registration: registration,
            version: "0.2.0"
        )
        sync = StubSyncAdmin()
        let api = APIRoutes(reads: community, writes: community, sync: isSyncOn ? sync : nil, settings: settings)
        let services = HTTPServices(
            authenticator: Authenticator(
                mode: mode,
                adminKeys: [Self.adminKey, ""],
                hashing: FakeHashing(),
                reads: community
            ),
            limiter: limits.map { RateLimiter(limits: $0) },
            idempotency: MemoryIdempotencyStore(),
            cors: CORSPolicy(),
            hashing: FakeHashing(),
            nowMs: { clock.nowMs }
        )
        router = HiveRouter.build(routes: api.routes + extraRoutes, info: settings.openAPIInfo, services: services)
        let document = OpenAPIDocument.bytes(describing: router.routes, info: settings.openAPIInfo)
        checker = ReplyChecker(document: try JSONValue(parsing: document))
        self.community = community
        self.clock = clock
    }

    var document: JSONValue { checker.document }

    /// Sends a request to the router, without a socket.
    /// - Parameters:
    ///   - key: an agent's name; its key is `oh_<name>`.
    ///   - isChecked: whether the reply must be as declared.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        as key: String? = nil,
        headers: HTTPFields = [:],
        body: [UInt8]? = nil,
        isChecked: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        var headers = headers
        if let key { headers[.authorization] = "Bearer oh_\(key)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = Application(responder: router, logger: logger)
        let sent = (headers, body.map { ByteBuffer(bytes: $0) })
        let response = try await app.test(.router) { client in
            try await client.execute(uri: path, method: method, headers: sent.0, body: sent.1)
        }
        let bytes = Array(buffer: response.body)
        let reply = Reply(
            status: response.status.code,
            headers: response.headers,
            json: bytes.isEmpty ? nil : try JSONValue(parsing: bytes, limits: JSONLimits(depthMax: 512)),
            bytes: bytes.count
        )
        if isChecked {
            let plain = String(path.prefix { $0 != "?" })
            let problems = checker.problems(method.rawValue, plain, status: reply.status, body: reply.json)
            #expect(problems.isEmpty, sourceLocation: sourceLocation)
        }
        return reply
    }

    func get(
        _ path: String,
        as key: String? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await send(.get, path, as: key, headers: headers, sourceLocation: sourceLocation)
    }

    func post(
        _ path: String,
        _ json: String,
        as key: String? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await send(
            .post,
            path,
            as: key,
            headers: headers,
            body: Array(json.utf8),
            sourceLocation: sourceLocation
        )
    }

    func put(
        _ path: String,
        _ json: String = "",
        as key: String? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        let body = json.isEmpty ? nil : Array(json.utf8)
        return try await send(.put, path, as: key, headers: headers, body: body, sourceLocation: sourceLocation)
    }

    func patch(
        _ path: String,
        _ json: String,
        as key: String? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await send(
            .patch,
            path,
            as: key,
            headers: headers,
            body: Array(json.utf8),
            sourceLocation: sourceLocation
        )
    }

    func delete(
        _ path: String,
        as key: String? = nil,
        headers: HTTPFields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await send(.delete, path, as: key, headers: headers, sourceLocation: sourceLocation)
    }

    static let admin: HTTPFields = [.adminKey: adminKey]
}

/// A wall clock that stands until it is moved.
final class TestClock: Sendable {
    private let time = Mutex<Int64>(1_767_225_600_000)

    var nowMs: Int64 { time.withLock { $0 } }

    func advance(byMs ms: Int64) { time.withLock { $0 += ms } }
}

extension APIHarness.Reply {
    /// The keys of an object, sorted.
    static func keys(_ value: JSONValue?) -> [String] { (value?.members ?? []).map(\.key).sorted() }

    var keys: [String] { Self.keys(json) }
}
