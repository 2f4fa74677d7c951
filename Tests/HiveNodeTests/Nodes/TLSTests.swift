import HiveHTTP
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode
@testable import openhive

@Suite("Serving and calling over TLS", .opensFiles)
struct TLSTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    private func settings(
        _ folder: TemporaryDirectory,
        _ identity: (chain: String, key: String)
    ) throws -> [String: String] {
        [
            "tls.certificate": try folder.write(identity.chain, to: "chain.pem"),
            "tls.key": try folder.write(identity.key, to: "key.pem"),
            "sync.ca_file": try folder.write(TestCertificates.authority, to: "ca.pem"),
        ]
    }

    @Test("Two instances with certificates of one authority exchange over https")
    func sync() async throws {
        let a = try await TestNode.start(
            folders.0,
            name: "Alpha",
            values: settings(folders.0, TestCertificates.first)
        )
        let b = try await TestNode.start(
            folders.1,
            name: "Beta",
            values: settings(folders.1, TestCertificates.second)
        )
        #expect(a.ready.syncEndpoint?.hasPrefix("https://127.0.0.1:") == true)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        let post = try await a.parts.post("In private", in: "engineering", by: try await a.parts.agent("ada"))
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the post came over") {
            try await b.parts.store.post(id: post.id, viewer: .anonymous) != nil && a.heads(group) == b.heads(group)
        }
        let peer = try #require(try await b.parts.sync.peers().first)
        let test = try await b.parts.sync.testPeer(id: peer.record.id.rawValue)
        #expect(test.isReachable, "\(test)")
        #expect(test.steps.contains { $0.step == "tls" && $0.isOK })
        let health = try await NodeClient(address: a.ready.address, adminKey: nil, isOnThisMachine: true)
            .get("/health")
        #expect(health["status"] != nil)
        await a.stop()
        await b.stop()
    }

    @Test("A peer whose certificate nobody here vouches for gets nothing, and the refusal says why")
    func unknownAuthority() async throws {
        let a = try await TestNode.start(
            folders.0,
            name: "Alpha",
            values: settings(folders.0, TestCertificates.first)
        )
        let b = try await TestNode.start(folders.1, name: "Beta")
        _ = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        let error = await #expect(throws: HiveError.self) {
            try await b.parts.sync.join(
                JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
            )
        }
        #expect(error?.message.contains("certificate") == true, "\(String(describing: error))")
        await a.stop()
        await b.stop()
    }

    @Test("A certificate is read again; one that can't be used leaves the old one, and says which file is wrong")
    func reload() throws {
        let folder = folders.0
        let chain = try folder.write(TestCertificates.first.chain, to: "chain.pem")
        let key = try folder.write(TestCertificates.first.key, to: "key.pem")
        let certificate = try ServerCertificate(chainFile: chain, keyFile: key)
        _ = try folder.write(TestCertificates.second.chain, to: "chain.pem")
        let mismatch = #expect(throws: HiveError.self) { try certificate.reload() }
        #expect(mismatch?.message.contains("key.pem") == true)
        _ = try folder.write(TestCertificates.second.key, to: "key.pem")
        try certificate.reload()
        let missing = #expect(throws: HiveError.self) {
            try ServerCertificate(chainFile: folder.path + "/none.pem", keyFile: key)
        }
        #expect(missing?.message.contains("none.pem") == true)
    }

    @Test("A certificate without its key is refused with the name of what is missing")
    func half() throws {
        let error = #expect(throws: (any Error).self) {
            try TestNode.configuration(folders.0, name: "Alpha", values: ["tls.certificate": "chain.pem"])
        }
        #expect("\(String(describing: error))".contains("tls.key"))
    }
}
