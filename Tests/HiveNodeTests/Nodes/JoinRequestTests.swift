import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Instances that ask to be let in", .serialized, .opensFiles)
struct JoinRequestTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    private struct Desk {
        var parts: NodeParts
        var join: JoinService
        var group: GroupID

        func requests() async throws -> [PendingJoin] { try await parts.sync.joinRequests(group: group.rawValue) }
    }

    private func desk() async throws -> Desk {
        let parts = try await TestNode.offline(folders.0)
        let group = try await parts.hive("engineering", by: try await parts.admin())
        _ = try await parts.sync.shareHive(named: "engineering")
        let join = JoinService(writer: parts.writer, local: parts.local, peering: parts.peering)
        return Desk(parts: parts, join: join, group: group)
    }

    private func request(
        _ group: GroupID,
        by signer: Ed25519Signer = .init(),
        _ proof: JoinRequest.Proof = .membership,
        from address: String = "192.0.2.1"
    ) -> JoinRequest {
        JoinRequest(
            instance: InstanceID(identityKey: signer.publicKey, hashing: SwiftCrypto()),
            identityKey: signer.publicKey,
            name: "Gamma",
            group: group,
            groupName: nil,
            syncEndpoint: nil,
            proof: proof,
            tokenHash: RandomBytes.bytes(32),
            tokenForJoiner: "token",
            address: address
        )
    }

    private func refusal(_ desk: Desk, _ request: JoinRequest) async -> HiveError? {
        await #expect(throws: HiveError.self) { try await desk.join.admitJoiner(request) }
    }

    @Test("Who asks is noted once, and let in by the next try after an approval")
    func approve() async throws {
        let desk = try await desk()
        let signer = Ed25519Signer()
        let asked = request(desk.group, by: signer)
        for _ in 0..<3 { #expect(await refusal(desk, asked)?.code == .forbidden) }
        let pending = try await desk.requests()
        #expect(pending.map(\.instance) == [asked.instance])
        #expect(pending.first?.name == "Gamma" && pending.first?.address == "192.0.2.1")
        let id = try #require(pending.first?.id)
        let approved = try await desk.parts.sync.approveRequest(id: id, role: .readonly)
        #expect(approved.state == .approved)
        #expect(try await desk.requests().isEmpty)
        #expect(try await desk.join.admitJoiner(request(desk.group, by: signer)).role == .readonly)
        let gone = await #expect(throws: HiveError.self) {
            try await desk.parts.sync.approveRequest(id: id, role: .member)
        }
        #expect(gone?.code == .notFound)
        await desk.parts.close()
    }

    @Test("A denied instance is refused as before and not listed as waiting again; an admin may change their mind")
    func deny() async throws {
        let desk = try await desk()
        let signer = Ed25519Signer()
        _ = await refusal(desk, request(desk.group, by: signer))
        let id = try #require(try await desk.requests().first?.id)
        #expect(try await desk.parts.sync.denyRequest(id: id).state == .denied)
        #expect(await refusal(desk, request(desk.group, by: signer))?.code == .forbidden)
        #expect(try await desk.requests().map(\.state) == [.denied])
        _ = try await desk.parts.sync.approveRequest(id: id, role: .member)
        #expect(try await desk.join.admitJoiner(request(desk.group, by: signer)).role == .member)
        await desk.parts.close()
    }

    @Test("A group that isn't here is refused in the same words and nothing is noted; so for one that is not shared")
    func unknown() async throws {
        let desk = try await desk()
        let foreign = try #require(GroupID("sg_" + String(repeating: "a", count: 26)))
        let closed = await refusal(desk, request(desk.group))
        #expect(await refusal(desk, request(foreign)) == closed)
        let alone = try await desk.parts.hive("alone", by: try await desk.parts.admin())
        #expect(await refusal(desk, request(alone)) == closed)
        #expect(try await desk.parts.sync.joinRequests(group: nil).count == 1)
        await desk.parts.close()
    }

    @Test("One address fills only so many places, and requests go when their time is over")
    func bounds() async throws {
        let desk = try await desk()
        for _ in 0..<12 { _ = await refusal(desk, request(desk.group)) }
        #expect(try await desk.requests().count == 10)
        _ = await refusal(desk, request(desk.group, from: "192.0.2.2"))
        #expect(try await desk.requests().count == 11)
        try await desk.parts.writer.perform { turn in
            var transaction = turn.transaction
            for var held in try transaction.pendingJoins() {
                held.expiresAtMs = turn.nowMs
                try transaction.putPendingJoin(held)
            }
        }
        #expect(try await desk.requests().isEmpty)
        _ = await refusal(desk, request(desk.group))
        #expect(try await desk.parts.store.pendingJoins().count == 1)
        await desk.parts.close()
    }

    @Test("A secret lets in who never was there, and who left; not whom others removed")
    func removed() async throws {
        let desk = try await desk()
        let signer = Ed25519Signer()
        let asked = request(desk.group, by: signer, .handshakeSecret)
        #expect(try await desk.join.admitJoiner(asked).role == .member)
        let order = RemovalOrder(instance: asked.instance.rawValue)
        _ = try await desk.parts.sync.removeMember(group: desk.group.rawValue, order)
        for proof in [JoinRequest.Proof.handshakeSecret, .configuredPeer, .membership] {
            #expect(await refusal(desk, request(desk.group, by: signer, proof))?.code == .forbidden)
        }
        let id = try #require(try await desk.requests().first?.id)
        _ = try await desk.parts.sync.approveRequest(id: id, role: .member)
        let grant = try await desk.join.admitJoiner(request(desk.group, by: signer))
        #expect(grant.role == .member)
        await desk.parts.close()
    }

    @Test("A configured peer without an invite waits, is approved, and comes in by itself")
    func automatic() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let peers = """
            [{"name": "A", "sync_endpoint": "\(a.ready.address)", "shared_hives": ["engineering"]}]
            """
        let b = try await TestNode.start(folders.1, name: "Beta", values: ["sync.peers": peers])
        try await eventually("Beta asks") { try await !a.parts.sync.joinRequests(group: nil).isEmpty }
        let asking = try #require(try await a.parts.sync.joinRequests(group: nil).first)
        #expect(asking.instance == b.ready.instance && asking.name == "Beta" && asking.hiveName == "engineering")
        try await PeeringCaller.with(a.ready.address) { caller in
            let path = "/api/v1/sync/requests/\(asking.id)/approve"
            let reply = try await caller.call(.post, path, body: Array(#"{"role":"member"}"#.utf8))
            #expect(reply.status == 200, "\(reply.text)")
        }
        try await eventually("joined and equal") {
            guard let left = a.heads(group), let right = b.heads(group) else { return false }
            return left.digest == right.digest && left.heads.count == 2
        }
        await a.stop()
        await b.stop()
    }

    @Test(
        "Who is configured as a peer for the hive is called back, and let in where the way there can be trusted",
        arguments: [true, false]
    )
    func callBack(isAllowed: Bool) async throws {
        let networks = isAllowed ? ["sync.allowed_networks": "127.0.0.0/8"] : [:]
        let a = try await TestNode.start(folders.0, name: "Alpha", values: networks)
        let b = try await TestNode.start(folders.1, name: "Beta")
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let peer = PeerCommand(name: "B", syncEndpoint: b.ready.address, sharedHives: ["engineering"])
        _ = try await a.parts.sync.addPeer(peer)
        let command = JoinCommand(
            invite: nil,
            syncEndpoint: a.ready.address,
            hiveName: "engineering",
            localName: nil
        )
        if isAllowed {
            #expect(try await b.parts.sync.join(command).id == group)
            #expect(try await a.parts.sync.joinRequests(group: nil).isEmpty)
        } else {
            let refused = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
            #expect(refused?.code == .forbidden)
            #expect(refused?.message.contains("openhive sync requests") == true)
            #expect(try await a.parts.sync.joinRequests(group: nil).map(\.instance) == [b.ready.instance])
        }
        await a.stop()
        await b.stop()
    }
}
