import HTTPTypes
import HiveModel
import HiveTestKit
import HiveWire
import Hummingbird
import NIOCore
import Testing

@testable import HiveHTTP
@testable import HiveNode

@Suite("Sync for the mesh only", .opensFiles)
struct MeshOnlyTests {
    private let folder = TemporaryDirectory()

    private func statuses(
        _ values: [String: String],
        forwardedFor: String? = nil
    ) async throws -> (sync: PeeringCaller.Reply, api: PeeringCaller.Reply) {
        let node = try await TestNode.start(folder, name: "Mesh", values: values)
        let headers = forwardedFor.map { [(name: "x-forwarded-for", value: $0)] } ?? []
        let replies = try await PeeringCaller.with(node.ready.address) { caller in
            let sync = try await caller.call(.get, "/sync/v1/identity?nonce=0123456789abcdef", headers: headers)
            return (sync, try await caller.call(.get, "/health", headers: headers))
        }
        await node.stop()
        return replies
    }

    @Test("Outside the mesh every call of /sync/v1 is 403 with a sentence; everything else is served")
    func outside() async throws {
        let replies = try await statuses(["sync.mesh_only": "true"])
        #expect(replies.sync.status == 403)
        #expect(replies.sync.sentence?.contains("sync.mesh_only") == true)
        #expect(replies.sync.sentence?.contains("127.0.0.1") == true)
        #expect(replies.api.status == 200)
    }

    @Test("No endpoint of /sync/v1 is left open, whatever is sent")
    func everyEndpoint() async throws {
        let node = try await TestNode.start(folder, name: "Mesh", values: ["sync.mesh_only": "true"])
        let group = "sg_aaaaaaaaaaaaaaaaaaaaaaaaaa"
        try await PeeringCaller.with(node.ready.address + "/sync/v1") { caller in
            for path in ["/identity?nonce=0123456789abcdef", "/groups/\(group)/events", "/groups/\(group)/heads"] {
                let reply = try await caller.call(.get, path)
                #expect(reply.status == 403, "\(path)")
            }
            for name in ["handshake", "heartbeat", "groups/\(group)/pull", "groups/\(group)/events"] {
                let reply = try await caller.call(.post, "/" + name, body: Array("{}".utf8))
                #expect(reply.status == 403, "\(name)")
            }
        }
        await node.stop()
    }

    @Test("Inside the given networks it is served")
    func inside() async throws {
        let values = ["sync.mesh_only": "true", "sync.mesh_networks": "10.0.0.0/8,127.0.0.0/8"]
        #expect(try await statuses(values).sync.status == 200)
        #expect(try await statuses(["sync.mesh_networks": "10.0.0.0/8"]).sync.status == 200, "the switch is off")
    }

    @Test("What a header says of the caller counts only from a trusted proxy")
    func forwarded() async throws {
        let mesh = ["sync.mesh_only": "true"]
        #expect(try await statuses(mesh, forwardedFor: "100.64.1.1").sync.status == 403)
        let trusting = mesh.merging(["trusted_proxies": "127.0.0.0/8"]) { $1 }
        #expect(try await statuses(trusting, forwardedFor: "100.64.1.1").sync.status == 200)
        #expect(try await statuses(trusting, forwardedFor: "100.64.1.1, 8.8.8.8").sync.status == 403)
        #expect(try await statuses(trusting, forwardedFor: "100.64.1.1, nonsense").sync.status == 403)
    }

    @Test("The nearest address that is no proxy's is the caller's")
    func chains() throws {
        let network = try #require(OutgoingNetwork("10.0.0.0/8"))
        let proxies = TrustedProxies(networks: [network])
        func client(_ socket: String, _ header: String?) throws -> String? {
            var request = HTTPRequest(method: .get, scheme: "http", authority: "here", path: "/")
            if let header { request.headerFields[.forwardedFor] = header }
            let address = try SocketAddress(ipAddress: socket, port: 1)
            let whole = Request(head: request, body: RequestBody(buffer: ByteBuffer()))
            return proxies.client(of: whole, socket: address)?.text
        }
        let cases: [(socket: String, header: String?, client: String?)] = [
            ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
            ("10.0.0.1", nil, "10.0.0.1"),
            ("10.0.0.1", "203.0.113.9, 198.51.100.1 , 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "unknown", nil),
        ]
        for (socket, header, wanted) in cases {
            let found = try client(socket, header)
            #expect(found == wanted, "\(socket) \(header ?? "")")
        }
    }
}
