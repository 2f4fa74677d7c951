import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import HiveWire

/// What an admin does with groups, invites and peers.
///
/// Changes take effect at once: the store first, then the peering service is told.
struct SyncAdministrator: SyncAdmin {
    let store: HiveStore
    let writer: Writer<StoreBackend>
    let local: LocalInstance
    let board: HeadsBoard
    let backfills: BackfillBoard
    let held: HeldBoard
    let peering: PeeringHandle
    let joiner: PeerJoiner
    let isEnabled: Bool
    /// Kept by the next invite or peer, in its transaction.
    var kept: KeptReply?

    func keeping(_ reply: KeptReply?) -> any SyncAdmin {
        var copy = self
        copy.kept = reply
        return copy
    }

    // MARK: Groups

    func shareHive(named name: String) async throws -> GroupStatus {
        let (group, peers) = try await writer.perform { turn in
            guard let group = try turn.transaction.group(ofHive: name) else {
                throw HiveError(.notFound, "There is no hive named \(name).")
            }
            guard try turn.transaction.groups().contains(where: { $0.id == group && !$0.isShared }) else {
                throw HiveError(.conflict, "The hive \(name) is shared already.")
            }
            if let ending = try turn.ending(of: group) {
                throw HiveError(.conflict, "The hive \(name) can't be shared from here: \(ending)")
            }
            var transaction = turn.transaction
            try transaction.setShared(group, true)
            var peers: [PeerRecord] = []
            for var peer in try transaction.peers() where peer.sharedHives.contains(name) {
                guard !peer.groups.contains(group) else { continue }
                peer.groups = (peer.groups + [group]).sorted()
                peer.updatedAtMs = turn.nowMs
                try transaction.putPeer(peer)
                peers.append(peer)
            }
            return (group, peers)
        }
        opened(group)
        for peer in peers { peering.peerConfigured(peer) }
        return try await self.group(id: group.rawValue)
    }

    func groups() async throws -> [GroupStatus] {
        let peers = try await self.peers()
        var statuses: [GroupStatus] = []
        for record in try await store.groups() where record.isShared || record.status == GroupEnding.status {
            statuses.append(try await status(of: record, peers: peers))
        }
        return statuses
    }

    func group(id: String) async throws -> GroupStatus {
        let record = try await self.record(id)
        return try await status(of: record, peers: try await peers())
    }

    func resync(group id: String) async throws -> ResyncResult {
        let record = try await self.record(id)
        return ResyncResult(peers: try peering.required().resync(record.id))
    }

    func verify(group id: String) async throws -> VerifyResult { try await verify(group: id, onProgress: nil) }

    func verify(
        group id: String,
        onProgress: (@Sendable (_ done: Int64, _ total: Int64) -> Void)?
    ) async throws -> VerifyResult {
        try await store.verify(try await record(id).id, local.crypto, onProgress: onProgress)
    }

    func events(group id: String, since: Int64, limit: Int, type: String?, origin: String?) async throws -> EventPage {
        try await store.events(
            of: try await record(id).id,
            sinceArrival: since,
            limit: limit,
            type: type,
            origin: origin
        )
    }

    func overview() async throws -> SyncOverview {
        SyncOverview(
            isEnabled: isEnabled,
            instance: local.instance,
            instanceName: local.name,
            syncEndpoint: local.syncEndpoint,
            groups: try await groups()
        )
    }

    // MARK: Parts

    func record(_ id: String) async throws -> GroupRecord {
        guard let group = GroupID(id), let record = try await store.groups().first(where: { $0.id == group }) else {
            throw HiveError(.notFound, "There is no group \(id) here.")
        }
        return record
    }

    func opened(_ group: GroupID) {
        if let heads = board.heads(of: group) { peering.service?.groupOpened(group, heads) }
    }

    private func status(of record: GroupRecord, peers: [PeerStatus]) async throws -> GroupStatus {
        guard let figures = try await store.group(record.id) else {
            throw HiveError(.notFound, "There is no group \(record.id.rawValue) here.")
        }
        let heads = board.heads(of: record.id) ?? GroupHeads(heads: [], stateRoot: nil, local.crypto)
        let own = figures.members.first { $0.instance == local.instance }
        return GroupStatus(
            id: record.id,
            groupName: figures.genesis?.groupName ?? record.hiveName ?? "",
            hiveName: record.hiveName ?? "",
            role: own?.role,
            status: record.isShared || record.status != "active" ? record.status : "stopped",
            isShared: record.isShared,
            owner: figures.members.first { $0.role == .owner }?.instance,
            members: figures.members.map { member in
                GroupStatus.Member(
                    instance: member.instance,
                    name: member.name,
                    role: member.role,
                    headSeq: heads.heads.first { $0.origin == member.instance }?.place.seq ?? 0
                )
            },
            heads: heads,
            localSeq: figures.localSeq,
            held: held.count(of: record.id, heads: heads.heads, nowMs: SystemClock.nowMs()),
            poison: figures.poisonCount,
            forks: figures.forkCount,
            peers: peers.filter { $0.record.groups.contains(record.id) }.map {
                peerStatus($0.record, group: record.id)
            },
            createdAtMs: record.createdAtMs,
            statusReason: record.statusReason
        )
    }
}
