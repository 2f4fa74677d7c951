import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync

/// Leaving groups.
extension SyncAdministrator {
    /// How long a leave waits for peers to hear of it; those that have not are told later.
    private static let farewellMs: Int64 = 5_000

    func stopSharing(group id: String) async throws { try await leave(try await record(id), reason: nil) }

    /// Writes this instance's own removal, closes the group, and tells the peers.
    func leave(_ record: GroupRecord, reason: String?) async throws {
        let released = try await writer.perform { turn in try turn.leaveGroup(record, reason: reason) }
        backfills.end(record.id)
        peering.service?.groupClosed(record.id)
        for peer in released { announceReleased(peer) }
        guard peering.service != nil else { return }
        let peers = try await store.peers().filter { $0.groups.contains(record.id) && $0.syncEndpoint != nil }
        await withTaskGroup(of: Bool.self) { tasks in
            for peer in peers {
                tasks.addTask {
                    _ = try? await sayFarewell(to: peer.id, leaving: record.id)
                    return true
                }
            }
            tasks.addTask {
                try? await Task.sleep(for: .milliseconds(Self.farewellMs))
                return false
            }
            var left = peers.count
            while left > 0, await tasks.next() == true { left -= 1 }
            tasks.cancelAll()
        }
    }

    /// Tells a peer that this instance has left, and ends what the two had about the group.
    func sayFarewell(to peer: PeerID, leaving group: GroupID) async throws {
        try await peering.required().sayFarewell(to: peer, leaving: group)
        let released = try await writer.perform { turn in
            guard let record = try turn.transaction.groups().first(where: { $0.id == group }), !record.isShared else {
                return [PeerRecord]()
            }
            return try turn.release(record, peers: try turn.transaction.peers().filter { $0.id == peer })
        }
        for peer in released { announceReleased(peer) }
    }

    /// Shakes hands about a group that others ended this instance's part in; where it is a member again, takes part
    /// again.
    func askBack(into group: GroupRecord, from peer: PeerRecord, at endpoint: String) async throws {
        let result = try await peering.required().handshake(
            HandshakeOrder(
                endpoints: [endpoint],
                isTrusted: peer.isManual,
                group: group.id,
                groupName: nil,
                proof: .membership,
                expected: peer.instance
            )
        )
        try await enter(result, localName: group.hiveName ?? result.groupName, peerName: nil, isManual: peer.isManual)
    }

    private func announceReleased(_ peer: PeerRecord) {
        // A session that ended is forgotten with the entry; the entry itself may share other groups.
        guard peer.groups.isEmpty else { return peering.peerConfigured(peer) }
        peering.service?.peerForgotten(peer.id)
        if peer.isManual { peering.peerConfigured(peer) }
    }
}
