import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// Answers every call of sync administration with made-up values and remembers what was asked.
final class StubSyncAdmin: SyncAdmin {
    static let groupID = "sg_" + String(repeating: "b", count: 26)

    func keeping(_ reply: KeptReply?) -> any SyncAdmin { self }

    private let asked = Mutex<[String]>([])

    var calls: [String] { asked.withLock { $0 } }

    private func note(_ call: String) { asked.withLock { $0.append(call) } }

    private func instance() throws -> InstanceID {
        guard let id = InstanceID(MemoryCommunity.instanceID) else { throw HiveError(.internalFault, "no id") }
        return id
    }

    private func status(_ id: String = StubSyncAdmin.groupID) throws -> GroupStatus {
        guard let group = GroupID(id), id == Self.groupID else {
            throw HiveError(.notFound, "There is no group '\(id)'.")
        }
        let instance = try instance()
        let hash = FakeHashing().sha256([1])
        let head = LogHead(origin: instance, place: Place(epoch: 1, seq: 7), hash: hash)
        return GroupStatus(
            id: group,
            groupName: "engineering",
            hiveName: "engineering",
            role: .owner,
            status: "active",
            isShared: true,
            owner: instance,
            members: [GroupStatus.Member(instance: instance, name: "Here", role: .owner, headSeq: 7)],
            heads: GroupHeads(heads: [head], digest: hash, stateRoot: nil),
            localSeq: 7,
            held: 0,
            poison: 0,
            forks: 0,
            peers: [peer()],
            createdAtMs: 1_767_225_600_000
        )
    }

    private func peer() -> PeerStatus {
        let record = PeerRecord(
            id: PeerID("pc_1"),
            name: "B",
            syncEndpoint: "http://127.0.0.1:4000/sync/v1",
            sharedHives: ["engineering"],
            groups: [],
            syncToken: "TOKEN-THAT-MUST-NOT-SHOW",
            createdAtMs: 1_767_225_600_000,
            updatedAtMs: 1_767_225_600_000
        )
        return PeerStatus(record: record, reason: nil, lag: 3, lagSeconds: 1, rttMs: nil)
    }

    private func invite() throws -> InviteRecord {
        InviteRecord(
            id: "inv_1",
            group: try status().id,
            hiveName: "engineering",
            role: .member,
            secretHash: Array(repeating: 0x5A, count: 32),
            usesLeft: 1,
            maxUses: 1,
            createdAtMs: 1_767_225_600_000,
            expiresAtMs: 1_767_830_400_000
        )
    }

    func shareHive(named name: String) throws -> GroupStatus {
        note("share \(name)")
        guard name != "shared" else { throw HiveError(.conflict, "The hive is shared already.") }
        guard name != "none" else { throw HiveError(.notFound, "There is no hive 'none'.") }
        return try status()
    }

    func groups() throws -> [GroupStatus] { [try status()] }

    func group(id: String) throws -> GroupStatus { try status(id) }

    func stopSharing(group: String) throws {
        _ = try status(group)
        note("stop \(group)")
    }

    func join(_ request: JoinCommand) throws -> GroupStatus {
        note(
            "join \(request.invite ?? request.syncEndpoint ?? "") \(request.hiveName ?? "") \(request.localName ?? "")"
        )
        guard request.localName == nil || request.localName != "taken" else {
            throw HiveError(.conflict, "A local hive 'taken' exists: send `as`.")
        }
        return try status()
    }

    func resync(group: String) throws -> ResyncResult {
        _ = try status(group)
        note("resync")
        return ResyncResult(peers: [PeerID("pc_1")])
    }

    func verify(group: String) throws -> VerifyResult {
        let hash = FakeHashing().sha256([2])
        return VerifyResult(
            group: try status(group).id,
            events: 10,
            entities: 4,
            storedRoot: hash,
            foldedRoot: hash,
            isEqual: true,
            differences: []
        )
    }

    func events(group: String, since: Int64, limit: Int, type: String?, origin: String?) throws -> EventPage {
        _ = try status(group)
        note("events \(since) \(limit) \(type ?? "-") \(origin ?? "-")")
        return EventPage(
            lines: Array("{\"id\":\"e1\"}\n{\"id\":\"e2\"}\n".utf8),
            count: 2,
            nextSeq: 2,
            hasMore: true,
            incarnation: "life1"
        )
    }

    func createInvite(_ command: InviteCommand) throws -> CreatedInvite {
        note("invite \(command.hiveName ?? "-") \(command.role) \(command.maxUses) \(command.expiresInS)")
        return CreatedInvite(record: try invite(), invite: "ohi1_secret")
    }

    func invites() throws -> [InviteRecord] { [try invite()] }

    func removeInvite(id: String) throws {
        guard id == "inv_1" else { throw HiveError(.notFound, "There is no invite '\(id)'.") }
        note("remove invite")
    }

    private func pending(_ id: String, _ state: PendingJoin.State = .pending) throws -> PendingJoin {
        guard id == "req_1", let key = PublicKey(bytes: Array(repeating: 7, count: 32)) else {
            throw HiveError(.notFound, "There is no request '\(id)'.")
        }
        return PendingJoin(
            id: id,
            group: try status().id,
            hiveName: "engineering",
            instance: try instance(),
            identityKey: key,
            name: "Gamma",
            syncEndpoint: nil,
            address: "192.0.2.1",
            state: state,
            firstAtMs: 1_767_225_600_000,
            lastAtMs: 1_767_225_600_000,
            expiresAtMs: 1_767_830_400_000
        )
    }

    func joinRequests(group: String?) throws -> [PendingJoin] {
        if let group { _ = try status(group) }
        return [try pending("req_1")]
    }

    func approveRequest(id: String, role: MemberRole) throws -> PendingJoin {
        note("approve \(id) \(role.rawValue)")
        return try pending(id, .approved)
    }

    func denyRequest(id: String) throws -> PendingJoin {
        note("deny \(id)")
        return try pending(id, .denied)
    }

    func alerts() throws -> [Alert] {
        let subject = AlertSubject(.diverged, group: try status().id, peer: PeerID("pc_1"))
        return [Alert(id: "alert_1", subject: subject, sinceMs: 1_767_225_600_000, message: "Look at it.")]
    }

    func acknowledgeAlert(id: String) throws -> Alert {
        guard var alert = try alerts().first(where: { $0.id == id }) else {
            throw HiveError(.notFound, "There is no open alert \(id).")
        }
        alert.acknowledgedAtMs = 1_767_225_600_500
        return alert
    }

    func peers() -> [PeerStatus] { [peer()] }

    func addPeer(_ command: PeerCommand) throws -> PeerStatus {
        note("add \(command.name) \(command.syncEndpoint) \(command.sharedHives)")
        guard command.name != "twice" else { throw HiveError(.conflict, "A peer with that endpoint is known.") }
        return peer()
    }

    func updatePeer(id: String, _ command: PeerChange) throws -> PeerStatus {
        try check(peer: id)
        note("update \(command.name ?? "-") \(command.syncEndpoint ?? "-")")
        return peer()
    }

    func removePeer(id: String) throws {
        try check(peer: id)
        note("remove peer")
    }

    func testPeer(id: String) throws -> PeerTest {
        try check(peer: id)
        return PeerTest(
            isReachable: false,
            latencyMs: 4,
            instance: try instance(),
            steps: [
                PeerTest.Step(step: "name", isOK: true, ms: 1, message: "resolved"),
                PeerTest.Step(step: "tcp", isOK: false, ms: 3, message: "refused"),
            ]
        )
    }

    private func check(peer id: String) throws {
        guard id == "pc_1" else { throw HiveError(.notFound, "There is no peer '\(id)'.") }
    }

    func overview() throws -> SyncOverview {
        SyncOverview(
            isEnabled: true,
            instance: try instance(),
            instanceName: "Here",
            syncEndpoint: nil,
            groups: [try status()]
        )
    }

    // MARK: Governance

    func changePolicy(group: String, _ change: PolicyChange, by admin: AgentIdentity?) throws -> GroupStatus {
        note("policy \(change.retentionDays ?? 0) \(change.maxClockDriftMs ?? 0) \(admin?.name ?? "-")")
        return try status(group)
    }

    func transferOwner(
        group: String,
        _ order: TransferOrder,
        by admin: AgentIdentity?
    ) throws -> TransferOutcome {
        note("transfer \(order.instance) \(order.agent) \(order.cosignatures.count)")
        let group = try status(group)
        guard order.agent == "many" else { return .transferred(group) }
        let pin = Fence(place: Place(epoch: 1, seq: 7), hash: FakeHashing().sha256([1]))
        guard let key = PublicKey(bytes: Array(repeating: 7, count: 32)) else {
            throw HiveError(.internalFault, "no key")
        }
        let signature = Cosignature(identityKey: key, signature: Array(repeating: 1, count: 64))
        return .needsMore(pin: order.pin ?? pin, cosignatures: order.cosignatures + [signature], quorum: 3)
    }

    func removeMember(group: String, _ order: RemovalOrder) throws -> FencedMember {
        _ = try status(group)
        note("remove \(order.instance) \(order.removesInvited) \(order.fence?.place.seq ?? 0)")
        guard order.instance != MemoryCommunity.instanceID else {
            throw HiveError(.conflict, "This instance owns the group.")
        }
        return FencedMember(cutEvents: 3, fence: order.fence)
    }

    func changeRole(group: String, instance: String, role: MemberRole) throws -> FencedMember {
        _ = try status(group)
        note("role \(instance) \(role.rawValue)")
        return FencedMember(cutEvents: 0, fence: nil)
    }

    func openEpoch(group: String, _ order: EpochOrder) throws -> OpenedEpoch {
        _ = try status(group)
        note("epoch \(order.isKeyStolen) \(order.lastOwn?.seq ?? 0)")
        return OpenedEpoch(epoch: 2, closedOff: 4, repeated: 1)
    }
}
