import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Logging

/// Carrying out the calls; each ends with exactly one event told to the replicator.
extension PeeringService {
    func carryOut(_ call: PeerCall) async {
        switch call {
        case .handshake(let peer, let group): await shakeHands(peer, group)
        case .push(let peer, let group, let above, let maxEvents, let beside):
            await push(peer, group, above: above, maxEvents: maxEvents, beside)
        case .pull(let peer, let group, let waitMs): await pull(peer, group, waitMs: waitMs)
        case .heartbeat(let peer): await sendHeartbeat(peer)
        case .takeRemoval(let event): await takeRemoval(event)
        case .repair(let peer, let group): await repair(peer, group)
        }
    }

    // MARK: Push

    private func push(
        _ peer: PeerID,
        _ group: GroupID,
        above: [LogHead],
        maxEvents: Int,
        _ extras: PushExtras
    ) async {
        do {
            let (record, target) = try self.target(of: peer)
            // Read before the events, so that nothing is named that was not there.
            let ours = heads.of(group).map { told($0.heads, to: record.instance, in: group) }
            let evidence = try await evidence(extras, of: group, above: above)
            let batch = try await replica.events(
                of: group,
                above: above,
                sendsOwnLog: sendsOwnLog(to: record.instance, in: group),
                maxEvents: maxEvents,
                // The last run may pass the bound, and heads and proofs stand beside the events.
                maxBytes: max(1, Limits.batchBytesMax / 2 - evidence.byteCount)
            )
            let body = PushRequest.body(
                lines: batch.lines,
                senderSeq: heads.arrival(of: group),
                heads: ours,
                evidence: evidence
            )
            let reply = try PushReply(
                parsing: try await calls.call(
                    .post,
                    "/groups/\(group.rawValue)/events",
                    at: target,
                    body: body,
                    timeoutMs: settings.limits.pushMs
                )
            )
            if let first = reply.rejected.first {
                logger.warning(
                    "A peer refused events",
                    metadata: ["peer.id": .string(peer.rawValue), "reason": .string(first.reason)]
                )
            }
            if let instance = record.instance { replica.heard(serverTimeMs: reply.serverTimeMs, from: instance) }
            try await take(reply.evidence, of: group, from: record.instance)
            if let instance = record.instance { await ownLog.heard(reply.heads, from: instance, in: group) }
            tell(.pushAnswered(peer, group, reply.answer(sentEvents: batch.count, sent: batch.reached)))
        } catch {
            tell(.pushFailed(peer, group, failure(error, peer)))
        }
    }

    private func evidence(_ extras: PushExtras, of group: GroupID, above: [LogHead]) async throws -> WireEvidence {
        var evidence = extras.hasEvidence ? try await replica.evidence(of: group, above: above) : LogEvidence()
        if !extras.introducing.isEmpty {
            evidence.introductions = try await replica.introductions(of: extras.introducing, in: group)
        }
        return WireEvidence(evidence)
    }

    /// Admits what cut off some of what was pushed.
    private func take(_ wire: WireEvidence, of group: GroupID, from peer: InstanceID?) async throws {
        guard !wire.isEmpty else { return }
        let evidence = try wire.read(group: group, SwiftCrypto())
        _ = try await replica.admit([], beside: evidence, group: group, from: peer)
    }

    // MARK: Pull

    private func pull(_ peer: PeerID, _ group: GroupID, waitMs: Int64) async {
        do {
            let (record, target) = try self.target(of: peer)
            let harvest = try await harvest(group, from: record, at: target, waitMs: waitMs)
            if let fault = harvest.faults.first {
                logger.warning(
                    "A peer sent events that can't be taken",
                    metadata: ["peer.id": .string(peer.rawValue), "reason": .string(fault)]
                )
            }
            if let instance = record.instance { await ownLog.heard(harvest.end.heads, from: instance, in: group) }
            let answer = PullAnswer(
                heads: harvest.end.heads,
                receivedEvents: harvest.receivedEvents,
                hasMore: harvest.end.hasMore
            )
            tell(.pullAnswered(peer, group, answer))
        } catch {
            tell(.pullFailed(peer, group, failure(error, peer)))
        }
    }

    /// Streams what the peer holds above our heads, and admits it.
    func harvest(
        _ group: GroupID,
        from record: PeerRecord,
        at target: PeerClient.Target,
        waitMs: Int64
    ) async throws -> PullIntake.Harvest {
        let ours = told(try await replica.heads(of: group)?.heads ?? [], to: record.instance, in: group)
        let bytesMax = settings.limits.pullBytesMax
        let request = PullRequest(
            heads: ours,
            maxBytes: Int64(bytesMax),
            waitSeconds: min(waitMs, settings.limits.waitMsMax) / 1_000
        )
        let intake = PullIntake(
            group: group,
            peer: record.instance,
            replica: replica,
            limits: settings.limits,
            bytesMax: bytesMax + WireLimits.pushBytesMax,
            tell: { self.tell($0) }
        )
        return try await calls.stream(
            "/groups/\(group.rawValue)/pull",
            at: target,
            body: request.body
        ) { body in
            try await intake.take(body)
        }
    }

    // MARK: Heartbeat

    private func sendHeartbeat(_ peer: PeerID) async {
        do {
            let (record, target) = try self.target(of: peer)
            let shared = try await replica.sharedGroups()
            for group in shared { heads.put(group.id, arrival: group.localSeq) }
            let groups = shared.filter { record.groups.contains($0.id) }
            var heartbeat = Heartbeat(
                instance: identity.instance,
                groups: groups.map { ($0.hiveName, $0.localSeq, $0.id, $0.heads) },
                serverTimeMs: clock.wallMs(),
                incarnation: try await incarnation.value(replica)
            )
            if let instance = record.instance {
                heartbeat.knownPeers = gossip.news(for: instance, nowMs: clock.wallMs())
            }
            let start = clock.now()
            let reply = try Heartbeat(
                parsing: try await calls.call(.post, "/heartbeat", at: target, body: heartbeat.body)
            )
            let rttMs = clock.now().ms - start.ms
            if let expected = record.instance, expected != reply.instance {
                throw PeerCallError(.refused, "\(target.endpoint.url.origin) is another instance than it was")
            }
            replica.heard(serverTimeMs: reply.serverTimeMs, from: reply.instance)
            gossip.told(reply.instance, heartbeat.knownPeers, nowMs: clock.wallMs())
            gossip.hear(reply.knownPeers, from: reply.instance)
            if reply.reachesYou != record.reachesUs {
                // After a restart it is known at once, not after the first heartbeat.
                let change: @Sendable (inout PeerRecord) -> Void = { $0.reachesUs = reply.reachesYou }
                _ = directory.update(peer, change)
                _ = try await store.changePeer(id: peer, change)
            }
            tell(.heartbeatAnswered(peer, reply.summary, rttMs: rttMs))
            await askAfter(groups.map(\.id), missingIn: reply.summary, at: target)
        } catch {
            tell(.heartbeatFailed(peer, failure(error, peer)))
        }
    }

    // MARK: Shared

    /// The peer's entry, and where to call it with its token.
    func target(of peer: PeerID) throws(PeerCallError) -> (PeerRecord, PeerClient.Target) {
        guard let record = directory.record(peer), let text = record.syncEndpoint else {
            throw PeerCallError(.local, "the peer has no endpoint to dial")
        }
        do {
            let endpoint = try PeerEndpoint(text)
            return (record, PeerClient.Target(endpoint: endpoint, isTrusted: record.isManual, token: record.syncToken))
        } catch {
            throw PeerCallError(.local, error.message)
        }
    }

    func failure(_ error: any Error, _ peer: PeerID) -> PeerFailure {
        let name = directory.record(peer)?.name ?? peer.rawValue
        let error = PeerCallError.from(error, peer: name)
        if let removal = error.removal { order(.takeRemoval(removal)) }
        return error.failure
    }
}
