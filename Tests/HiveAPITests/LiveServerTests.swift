import Foundation
import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

/// What only a real socket shows.
struct LiveServerTests {
    @Test("A body that is too large is refused, and the connection goes on")
    func oversize() async throws {
        let world = try World()
        try await withServer(world) { client in
            let big = ByteBuffer(repeating: UInt8(ascii: "x"), count: 3 << 20)
            let headers: HTTPFields = [.authorization: "Bearer oh_ada", .contentType: "application/json"]
            let refused = try await client.execute(uri: "/api/v1/posts", method: .post, headers: headers, body: big)
            #expect(refused.status == .contentTooLarge)
            let next = try await client.execute(uri: "/api/v1/posts", method: .get, headers: headers)
            #expect(next.status == .ok)
        }
    }

    @Test("HEAD, 204 and errors keep their framing on one connection")
    func framing() async throws {
        let world = try World()
        try await withServer(world) { client in
            let headers: HTTPFields = [.authorization: "Bearer oh_ada"]
            let post = "/api/v1/posts/\(world.post.id)"
            let head = try await client.execute(uri: post, method: .head, headers: headers)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
            let unknown = try await client.execute(uri: "/nothing", method: .get, headers: headers)
            #expect(unknown.status == .notFound)
            let wrong = try await client.execute(uri: post, method: .put, headers: headers)
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            let gone = try await client.execute(uri: post, method: .delete, headers: headers)
            #expect(gone.status == .noContent)
            #expect(gone.headers[.contentLength] == nil)
            let health = try await client.execute(uri: "/health", method: .get)
            #expect(health.status == .ok)
        }
    }

    @Test("The page about the interface lists exactly the router's operations")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/http-api.md"), encoding: .utf8)
        let listed = page.split(separator: "\n").compactMap { line in
            line.hasPrefix("| `") ? line.dropFirst(3).prefix { $0 != "`" }.split(separator: " ") : nil
        }
        let operations = listed.filter { $0.count == 2 }.map { $0.joined(separator: " ") }
        let routed = try World().api.router.routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(operations.sorted() == routed.sorted())
    }

    private func withServer(
        _ world: World,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let configuration = ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        let app = Application(responder: world.api.router, configuration: configuration, logger: logger)
        try await app.test(.live, body)
    }
}
