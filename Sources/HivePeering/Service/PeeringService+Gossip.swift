import HiveCrypto
import HiveModel
import HivePorts
import HiveSync
import Logging

/// Peers learnt from peers (protocol, section 8): manual entries stand above those of a hub, these above what a peer
/// said of itself, and that above what others say of it.
extension PeeringService {
    func followRumours() async {
        for await rumour in gossip.rumours {
            for entry in rumour.entries {
                do {
                    try await learn(entry, from: rumour.teller)
                } catch {
                    logger.warning(
                        "What a peer said of another could not be stored",
                        metadata: ["instance.id": .string(rumour.teller.rawValue), "error": .string("\(error)")]
                    )
                }
            }
        }
    }

    private func learn(_ entry: GossipEntry, from teller: InstanceID) async throws {
        let about = entry.record.instance
        guard about != identity.instance else { return }
        var groups: [GroupID] = []
        var key: PublicKey?
        for group in try await replica.sharedGroups() {
            guard try await replica.role(of: about, in: group.id) != nil,
                try await replica.role(of: teller, in: group.id) != nil
            else { continue }
            groups.append(group.id)
            if key == nil { key = try await replica.identityKey(of: about, in: group.id) }
        }
        // Who shares no group with the teller and this instance is nobody's business here.
        guard let key else { return }
        switch gossip.learn(entry, from: teller, identityKey: key, nowMs: clock.wallMs()) {
        case .known: return
        case .refused(let reason):
            logger.debug(
                "What a peer said of another is not believed",
                metadata: [
                    "instance.id": .string(teller.rawValue), "about": .string(about.rawValue),
                    "reason": .string(reason),
                ]
            )
        case .taken(let ttl): try await take(entry, ttl: ttl, via: teller, groups)
        }
    }

    /// Brings the peer entry of an instance up to date with its newest record, or makes one.
    private func take(_ entry: GossipEntry, ttl: Int64, via teller: InstanceID, _ groups: [GroupID]) async throws {
        let record = entry.record
        let announcement = record.json.canonicalBytes()
        let nowMs = clock.wallMs()
        let known = directory.all()
        let held = known.first { $0.instance == record.instance }
        let endpoint = await acceptable(record.endpoints, for: held, among: known)
        if let held {
            let change: @Sendable (inout PeerRecord) -> Void = { peer in
                peer.announcement = announcement
                // The operator's word and the hub's stand.
                if peer.isLearnt, let endpoint, endpoint != peer.syncEndpoint {
                    peer.syncEndpoint = endpoint
                    // No token goes where the instance has not just proved that it answers: shake hands there first.
                    peer.syncToken = nil
                }
                if peer.source == "gossip" { peer.gossipTTL = max(peer.gossipTTL, ttl) }
                peer.groups = Array(Set(peer.groups + groups)).sorted()
                peer.updatedAtMs = nowMs
            }
            if let stored = try await store.changePeer(id: held.id, change) { announce(stored, insteadOf: held) }
            return
        }
        guard let endpoint else { return }
        let source = record.instance == teller ? "handshake" : "gossip"
        let learnt = known.count { $0.source == "gossip" && !Set(groups).isDisjoint(with: $0.groups) }
        guard source != "gossip" || learnt < settings.gossip.peersMax else {
            logger.debug(
                "No more peers are learnt",
                metadata: ["sync.gossip.max_gossip_peers": .stringConvertible(learnt)]
            )
            return
        }
        let names = try await replica.sharedGroups().filter { groups.contains($0.id) }.map(\.hiveName)
        let peer = PeerRecord(
            id: PeerID("peer_" + RandomText.nanoid()),
            name: entry.name,
            syncEndpoint: endpoint,
            sharedHives: names,
            groups: groups,
            instance: record.instance,
            source: source,
            gossipTTL: ttl,
            discoveredVia: source == "gossip" ? teller : nil,
            announcement: announcement,
            createdAtMs: nowMs,
            updatedAtMs: nowMs
        )
        try await store.putPeer(peer)
        logger.info(
            "Learnt of a peer",
            metadata: [
                "peer.id": .string(peer.id.rawValue), "instance.id": .string(record.instance.rawValue),
                "endpoint": .string(endpoint), "via": .string(teller.rawValue),
            ]
        )
        peerConfigured(peer)
    }

    /// Tells the rest of what has changed; a record alone changes nothing for calls.
    private func announce(_ peer: PeerRecord, insteadOf held: PeerRecord) {
        guard peer.syncEndpoint != held.syncEndpoint || peer.groups != held.groups else {
            directory.put(peer)
            return
        }
        peerConfigured(peer)
    }

    /// The first endpoint that the rules for learnt addresses let through and no other entry holds.
    private func acceptable(_ endpoints: [String], for held: PeerRecord?, among known: [PeerRecord]) async -> String? {
        for text in endpoints {
            guard let endpoint = await rules.learnt(text)?.text, endpoint != identity.syncEndpoint else { continue }
            guard !known.contains(where: { $0.id != held?.id && $0.syncEndpoint == endpoint }) else { continue }
            return endpoint
        }
        return nil
    }

    /// Forgets peers that are known by gossip only, were silent for long and failed again and again.
    func dropStalePeers() async {
        let nowMs = clock.wallMs()
        for peer in directory.all() where peer.source == "gossip" && peer.failureCount >= settings.gossip.failuresMax {
            let lastMs = max(reports.lastContactMs(of: peer.id) ?? peer.lastHeartbeatAtMs ?? 0, peer.createdAtMs)
            guard nowMs - lastMs >= settings.gossip.staleMs, let instance = peer.instance else { continue }
            do {
                try await store.removePeer(id: peer.id)
            } catch {
                continue
            }
            gossip.drop(instance)
            peerForgotten(peer.id)
            logger.info(
                "Gave up a peer that was learnt of",
                metadata: ["peer.id": .string(peer.id.rawValue), "instance.id": .string(instance.rawValue)]
            )
        }
    }
}
