import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import HiveWire
import Testing

@testable import HiveNode

@Suite(.opensFiles) struct JoinDeskTests {
    private let folder = TemporaryDirectory()

    private struct Desk {
        var parts: NodeParts
        var join: JoinService
        var group: GroupID
    }

    private func desk() async throws -> Desk {
        let parts = try await TestNode.offline(folder)
        let group = try await parts.hive("engineering", by: try await parts.admin())
        _ = try await parts.sync.shareHive(named: "engineering")
        parts.local.syncEndpoint = "http://127.0.0.1:1/sync/v1"
        let join = JoinService(writer: parts.writer, local: parts.local, peering: parts.peering)
        return Desk(parts: parts, join: join, group: group)
    }

    private func invite(_ desk: Desk, uses: Int64 = 1, role: MemberRole = .member) async throws -> Invite {
        let command = InviteCommand(hiveName: "engineering", groupID: nil, role: role, maxUses: uses)
        return try Invite(text: try await desk.parts.sync.createInvite(command).invite)
    }

    private func request(
        _ proof: JoinRequest.Proof,
        group: GroupID?,
        signer: Ed25519Signer = .init(),
        endpoint: String? = nil
    ) -> JoinRequest {
        JoinRequest(
            instance: InstanceID(identityKey: signer.publicKey, hashing: SwiftCrypto()),
            identityKey: signer.publicKey,
            name: "Joiner",
            group: group,
            groupName: group == nil ? "engineering" : nil,
            syncEndpoint: endpoint,
            proof: proof,
            tokenHash: RandomBytes.bytes(32),
            tokenForJoiner: "token"
        )
    }

    private func proof(_ invite: Invite) -> JoinRequest.Proof {
        .invite(id: invite.id, secretHash: SwiftCrypto().sha256(invite.secret).bytes)
    }

    private func refusal(_ desk: Desk, _ request: JoinRequest) async -> HiveError? {
        await #expect(throws: HiveError.self) { try await desk.join.admitJoiner(request) }
    }

    @Test("An invite lets one instance in: the roster names it, its session and peer entry are kept")
    func redeem() async throws {
        let desk = try await desk()
        let invite = try await invite(desk, role: .readonly)
        let request = request(proof(invite), group: desk.group)
        let grant = try await desk.join.admitJoiner(request)
        #expect(grant.group == desk.group)
        #expect(grant.role == .readonly)
        #expect(grant.heads.count == 1)
        #expect(try await desk.parts.store.role(of: request.instance, in: desk.group) == .readonly)
        #expect(try await desk.parts.store.instance(tokenHash: request.tokenHash) == request.instance)
        let peers = try await desk.parts.store.peers()
        #expect(peers.map(\.instance) == [request.instance])
        #expect(peers.first?.syncToken == "token")
        #expect(try await desk.parts.sync.peers().first?.record.syncToken == nil)
        await desk.parts.close()
    }

    @Test("A used up invite is refused to the next, and lets its user in again as a member")
    func reused() async throws {
        let desk = try await desk()
        let invite = try await invite(desk)
        let signer = Ed25519Signer()
        let first = request(proof(invite), group: desk.group, signer: signer)
        _ = try await desk.join.admitJoiner(first)
        let error = await refusal(desk, request(proof(invite), group: desk.group))
        #expect(error?.code == .forbidden)
        #expect(error?.message.contains("used up") == true)
        let again = try await desk.join.admitJoiner(request(proof(invite), group: desk.group, signer: signer))
        #expect(again.role == .member)
        #expect(try await desk.parts.sync.group(id: desk.group.rawValue).members.count == 2)
        await desk.parts.close()
    }

    @Test("Expired, unknown, withdrawn and foreign invites and wrong secrets are refused, and change nothing")
    func refused() async throws {
        let desk = try await desk()
        let invite = try await invite(desk, uses: 3)
        let before = desk.parts.board.heads(of: desk.group)
        let wrong = JoinRequest.Proof.invite(id: invite.id, secretHash: RandomBytes.bytes(32))
        #expect(await refusal(desk, request(wrong, group: desk.group))?.code == .forbidden)
        let unknown = JoinRequest.Proof.invite(id: "inv_x", secretHash: RandomBytes.bytes(32))
        #expect(await refusal(desk, request(unknown, group: desk.group))?.code == .forbidden)
        let other = try await desk.parts.hive("other", by: try await desk.parts.admin())
        _ = try await desk.parts.sync.shareHive(named: "other")
        #expect(await refusal(desk, request(proof(invite), group: other))?.code == .forbidden)
        var record = try #require(try await desk.parts.store.invite(id: invite.id))
        record.expiresAtMs = SystemClock.nowMs() - 1
        try await desk.parts.store.putInvite(record)
        let expired = await refusal(desk, request(proof(invite), group: desk.group))
        #expect(expired?.message.contains("expired") == true)
        try await desk.parts.sync.removeInvite(id: invite.id)
        #expect(await refusal(desk, request(proof(invite), group: desk.group))?.code == .forbidden)
        #expect(desk.parts.board.heads(of: desk.group) == before)
        #expect(try await desk.parts.store.peers().isEmpty)
        await desk.parts.close()
    }

    @Test("What a joiner says of its endpoint is learnt, and moves with it; the operator's word stays")
    func endpoints() async throws {
        let desk = try await desk()
        let (sync, store) = (desk.parts.sync, desk.parts.store)
        let (first, second) = ("http://127.0.0.1:1111/sync/v1", "http://127.0.0.1:2222/sync/v1")
        let signer = Ed25519Signer()
        func join(_ endpoint: String?, by signer: Ed25519Signer) async throws -> JoinGrant {
            let request = request(.handshakeSecret, group: desk.group, signer: signer, endpoint: endpoint)
            return try await desk.join.admitJoiner(request)
        }
        #expect(try await !join(nil, by: signer).isDialable)
        #expect(try await join(first, by: signer).isDialable)
        #expect(try await store.peers().map(\.source) == ["handshake"])
        _ = try await join(second, by: signer)
        #expect(try await store.peers().map(\.syncEndpoint) == [second])

        let other = try await join(second, by: Ed25519Signer())
        #expect(!other.isDialable, "the endpoint is another peer's")
        let id = try #require(try await store.peers().first { $0.syncEndpoint == second }?.id)
        _ = try await sync.updatePeer(id: id.rawValue, PeerChange(name: nil, syncEndpoint: first, sharedHives: nil))
        _ = try await join(second, by: signer)
        let kept = try #require(try await store.peer(id: id))
        #expect(kept.syncEndpoint == first)
        #expect(kept.source == "manual")
        await desk.parts.close()
    }

    @Test("A group that isn't here and one the caller may not enter are refused in the same words")
    func sameWords() async throws {
        let desk = try await desk()
        let foreign = try #require(GroupID("sg_" + String(repeating: "a", count: 26)))
        let absent = await refusal(desk, request(.handshakeSecret, group: foreign))
        let closed = await refusal(desk, request(.membership, group: desk.group))
        #expect(absent == closed)
        let unshared = try await desk.parts.hive("alone", by: try await desk.parts.admin())
        #expect(await refusal(desk, request(.handshakeSecret, group: unshared)) == absent)
        await desk.parts.close()
    }

    @Test("Who proved the handshake secret becomes a member, by the group's name too")
    func secret() async throws {
        let desk = try await desk()
        let grant = try await desk.join.admitJoiner(request(.handshakeSecret, group: nil))
        #expect(grant.role == .member)
        #expect(grant.groupName == "engineering")
        await desk.parts.close()
    }

    @Test("Invites are refused where they could not be used or make no sense")
    func badInvites() async throws {
        let desk = try await desk()
        let sync = desk.parts.sync
        await #expect(throws: HiveError.self) {
            try await sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil, maxUses: 0))
        }
        await #expect(throws: HiveError.self) {
            try await sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil, role: .owner))
        }
        let unshared = await #expect(throws: HiveError.self) {
            try await sync.createInvite(InviteCommand(hiveName: "general", groupID: nil))
        }
        #expect(unshared?.code == .conflict)
        desk.parts.local.syncEndpoint = nil
        let unreachable = await #expect(throws: HiveError.self) {
            try await sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        }
        #expect(unreachable?.message.contains("--sync-endpoint") == true)
        await desk.parts.close()
    }
}
