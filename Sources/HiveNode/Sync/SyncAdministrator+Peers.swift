import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync

extension SyncAdministrator {
    func peers() async throws -> [PeerStatus] {
        var names: [InstanceID: String] = [:]
        for group in try await store.groups() where group.isShared {
            for member in try await store.group(group.id)?.members ?? [] { names[member.instance] = member.name }
        }
        return try await store.peers().map { record in
            var record = record
            // An entry made by joining was named before the roster was known.
            if let instance = record.instance, record.name.hasSuffix("@" + instance.prefix.rawValue),
                let name = names[instance]
            {
                record.name = name
            }
            return peerStatus(record, group: nil)
        }
    }

    func addPeer(_ command: PeerCommand) async throws -> PeerStatus {
        let endpoint = try Self.endpoint(command.syncEndpoint)
        let peer = try await writer.perform { [kept] turn in
            guard try !turn.transaction.peers().contains(where: { $0.syncEndpoint == endpoint }) else {
                throw HiveError(.conflict, "There is a peer with the endpoint \(endpoint) already.")
            }
            let peer = PeerRecord(
                id: PeerID("peer_" + RandomText.nanoid()),
                name: command.name,
                syncEndpoint: endpoint,
                sharedHives: command.sharedHives,
                groups: try turn.sharedGroups(named: command.sharedHives),
                createdAtMs: turn.nowMs,
                updatedAtMs: turn.nowMs
            )
            var transaction = turn.transaction
            try transaction.putPeer(peer)
            var shown = peer
            shown.syncToken = nil
            try turn.keep(kept, of: PeerStatus(record: shown, reason: nil, lag: nil, lagSeconds: nil, rttMs: nil))
            return peer
        }
        return announced(peer)
    }

    func updatePeer(id: String, _ command: PeerChange) async throws -> PeerStatus {
        let endpoint = try command.syncEndpoint.map(Self.endpoint)
        let peer = try await writer.perform { turn in
            let peers = try turn.transaction.peers()
            guard var peer = peers.first(where: { $0.id.rawValue == id }) else { throw Self.unknownPeer(id) }
            if let endpoint {
                guard !peers.contains(where: { $0.syncEndpoint == endpoint && $0.id != peer.id }) else {
                    throw HiveError(.conflict, "There is another peer with the endpoint \(endpoint).")
                }
                peer.syncEndpoint = endpoint
                peer.source = "manual"
            }
            if let name = command.name { peer.name = name }
            if let hives = command.sharedHives {
                peer.sharedHives = hives
                peer.groups = try turn.sharedGroups(named: hives)
            }
            peer.updatedAtMs = turn.nowMs
            var transaction = turn.transaction
            try transaction.putPeer(peer)
            return peer
        }
        return announced(peer)
    }

    func removePeer(id: String) async throws {
        let peer = PeerID(id)
        try await writer.perform { turn in
            guard try turn.transaction.peers().contains(where: { $0.id == peer }) else { throw Self.unknownPeer(id) }
            var transaction = turn.transaction
            try transaction.removePeer(id: peer)
        }
        peering.service?.peerForgotten(peer)
    }

    func testPeer(id: String) async throws -> PeerTest {
        guard let peer = try await store.peer(id: PeerID(id)) else { throw Self.unknownPeer(id) }
        guard let endpoint = peer.syncEndpoint else {
            throw HiveError(.conflict, "The peer \(peer.name) names no endpoint: it can only dial in.")
        }
        return await (try peering.required())
            .test(endpoint: endpoint, isTrusted: peer.isManual)
    }

    /// How a peer fares, as a whole or with one group.
    func peerStatus(_ record: PeerRecord, group: GroupID?) -> PeerStatus {
        let report = peering.service?.status(of: record.id, group: group)
        var shown = record
        shown.syncToken = nil
        if let report {
            shown.status = report.status.rawValue
            shown.failureCount = Int64(report.failures)
        }
        var lagSeconds: Int64?
        if let lag = report?.lag {
            lagSeconds = lag == 0 ? 0 : record.lastSyncAtMs.map { max(0, (SystemClock.nowMs() - $0) / 1_000) }
        }
        return PeerStatus(
            record: shown,
            reason: report?.reason,
            lag: report?.lag,
            lagSeconds: lagSeconds,
            rttMs: report?.rttMs
        )
    }

    private func announced(_ peer: PeerRecord) -> PeerStatus {
        peering.peerConfigured(peer)
        joiner.look()
        return peerStatus(peer, group: nil)
    }

    private static func endpoint(_ text: String) throws -> String {
        guard let endpoint = SyncEndpoint.normalized(text) else {
            throw HiveError(.badRequest, "sync_endpoint is an address such as https://hive.example.org/sync/v1.")
        }
        return endpoint
    }

    private static func unknownPeer(_ id: String) -> HiveError { HiveError(.notFound, "There is no peer \(id) here.") }
}

extension WriteTurn {
    /// The groups of those of the named hives that are here and shared.
    func sharedGroups(named hives: [String]) throws -> [GroupID] {
        try transaction.groups()
            .filter { $0.isShared && $0.hiveName.map(hives.contains) == true }
            .map(\.id)
            .sorted()
    }
}
