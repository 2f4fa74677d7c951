import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import HiveHTTP

struct LocalOriginsTests {
    private static func request(host: String?, origin: String? = nil) -> Request {
        var head = HTTPRequest(method: .post, scheme: "http", authority: host, path: "/api/v1/posts")
        if let origin { head.headerFields[.origin] = origin }
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    @Test(
        "A host name that only resolves to this machine is not this machine's own",
        arguments: [
            (nil, true), ("", true), ("localhost", true), ("LOCALHOST:3000", true), ("127.0.0.1:3000", true),
            ("127.9.8.7", true), ("[::1]:3000", true), ("hive.localhost:80", true), ("evil.example", false),
            ("127.0.0.1.evil.example:3000", false), ("localhost.evil.example", false), ("192.168.1.5:3000", false),
            ("[::2]", false), ("evillocalhost", false), ("127.0.0.1@evil.example", false),
        ] as [(String?, Bool)]
    )
    func hosts(host: String?, isTrusted: Bool) {
        #expect(LocalOrigins().trusts(Self.request(host: host)) == isTrusted)
    }

    @Test(
        "A page is trusted by its origin, never by what is written behind it",
        arguments: [
            ("http://localhost", true), ("https://127.0.0.1:8443", true), ("http://[::1]:5173", true), ("null", false),
            ("", false), ("https://evil.example", false), ("http://localhost.evil.example", false),
            ("http://localhost:80/x", false), ("file://", false), ("localhost", false), ("http://u@localhost", false),
        ]
    )
    func origins(origin: String, isTrusted: Bool) {
        #expect(LocalOrigins().trusts(Self.request(host: "localhost", origin: origin)) == isTrusted)
    }

    @Test("Listed host names are trusted as well")
    func listed() {
        let origins = LocalOrigins(hosts: ["Hive.Example"])
        #expect(origins.trusts(Self.request(host: "hive.example:443", origin: "https://HIVE.example")))
        #expect(!origins.trusts(Self.request(host: "hive.example", origin: "https://evil.example")))
    }
}
