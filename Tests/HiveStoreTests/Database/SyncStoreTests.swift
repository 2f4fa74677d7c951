import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("Peers, sessions and invites", .opensFiles)
struct SyncStoreTests {
    let test: TestStore
    let home = founder()
    let group: GroupID

    init() throws {
        test = try TestStore()
        group = try #require(home.group)
    }

    private func peer(_ id: String, endpoint: String?) -> PeerRecord {
        PeerRecord(
            id: PeerID(id),
            name: "Peer \(id)",
            syncEndpoint: endpoint,
            sharedHives: ["engineering", "b\"x"],
            groups: [group],
            instance: home.id,
            identityKey: home.identityKey,
            syncToken: "token",
            status: "active",
            lastError: "none",
            failureCount: 2,
            lastHeartbeatAtMs: 3,
            lastSyncAtMs: 4,
            createdAtMs: 1,
            updatedAtMs: 2
        )
    }

    @Test("A peer comes back as it was put, is replaced by id and removed")
    func peers() async throws {
        let first = peer("a", endpoint: "http://one/sync/v1")
        var second = peer("b", endpoint: nil)
        try await test.store.putPeer(first)
        try await test.store.putPeer(second)
        #expect(try await test.store.peers() == [first, second])
        second.groups = []
        second.syncToken = nil
        second.instance = nil
        second.identityKey = nil
        try await test.store.putPeer(second)
        try test.reopen()
        #expect(try await test.store.peer(id: PeerID("b")) == second)
        try await test.store.removePeer(id: PeerID("a"))
        #expect(try await test.store.peers() == [second])
        #expect(try await test.store.peer(id: PeerID("a")) == nil)
    }

    @Test("An endpoint belongs to one peer")
    func endpoints() async throws {
        try await test.store.putPeer(peer("a", endpoint: "http://one/sync/v1"))
        let error = await #expect(throws: HiveError.self) {
            try await test.store.putPeer(peer("b", endpoint: "http://one/sync/v1"))
        }
        #expect(error?.code == .conflict)
        #expect(try await test.store.peers().count == 1)
        try await test.store.putPeer(peer("a", endpoint: "http://one/sync/v1"))
    }

    @Test("A session's token is replaced, and only its hash is kept")
    func sessions() async throws {
        let (one, two) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        try await test.store.putSession(instance: home.id, tokenHash: one, identityKey: home.identityKey)
        #expect(try await test.store.instance(tokenHash: one) == home.id)
        try await test.store.putSession(instance: home.id, tokenHash: two, identityKey: home.identityKey)
        #expect(try await test.store.instance(tokenHash: one) == nil)
        #expect(try await test.store.instance(tokenHash: two) == home.id)
        #expect(try await test.store.tokenHash(of: home.id) == two)
    }

    @Test("An invite is counted down in the transaction that uses it")
    func invites() async throws {
        let invite = InviteRecord(
            id: "i1",
            group: group,
            hiveName: "engineering",
            role: .readonly,
            secretHash: [UInt8](repeating: 5, count: 32),
            usesLeft: 2,
            maxUses: 2,
            createdAtMs: 1,
            expiresAtMs: 9
        )
        try await test.store.putInvite(invite)
        #expect(try await test.store.invite(id: "i1") == invite)
        try test.store.write { transaction in
            var held = try #require(try transaction.invite(id: "i1"))
            held.usesLeft -= 1
            try transaction.putInvite(held)
        }
        #expect(try await test.store.invites().map(\.usesLeft) == [1])
        try await test.store.removeInvite(id: "i1")
        #expect(try await test.store.invite(id: "i1") == nil)
    }
}
