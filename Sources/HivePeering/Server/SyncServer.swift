import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Hummingbird
import Logging
import NIOCore

/// The handlers of `/sync/v1` (protocol, section 11).
struct SyncServer: Sendable {
    let gate: SyncGate
    let responder: HandshakeResponder
    let identity: any InstanceIdentity
    let replica: any ReplicaAccess
    let peers: PeerDirectory
    let reports: PeerReports
    let credits: Credits
    let incarnation: Incarnation
    let gossip: Gossip
    let limits: PeeringSettings.Limits
    let logger: Logger
    /// How each peer fares just now.
    let fares: @Sendable () -> [PeerReport]
    /// Whether this instance can and will dial another.
    let reaches: @Sendable (InstanceID) -> Bool
    /// Is told how far callers hold this instance's own log.
    let ownLog: OwnLogWatch
    /// Whether events of this instance's own log may go to a caller.
    let sendsOwnLog: @Sendable (InstanceID, GroupID) -> Bool
    /// Heads as told to a caller.
    let told: @Sendable ([LogHead], InstanceID, GroupID) -> [LogHead]
    /// Tells the replicator.
    let tell: @Sendable (ReplicatorEvent) -> Void

    func handshake(_ request: HiveRequest) async throws -> Response {
        try request.requireJSONType()
        let body = try await gate.body(of: request, bytesMax: limits.requestBytesMax)
        let address = request.clientAddress?.text ?? "unknown"
        return .json(bytes: try await responder.answer(body, from: address, nowMs: request.nowMs))
    }

    /// `GET /sync/v1/identity?nonce=`: who answers here, signed.
    func identity(_ request: HiveRequest) async throws -> Response {
        guard let nonce = try request.query().string("nonce"), (16...128).contains(nonce.utf8.count) else {
            throw HiveError(.badRequest, "nonce should be a text of 16 to 128 bytes nobody has used before.")
        }
        var reply = IdentityReply(
            instance: identity.instance,
            identityKey: identity.identityKey,
            name: identity.name,
            syncEndpoint: identity.syncEndpoint,
            nonce: nonce,
            serverTimeMs: request.nowMs
        )
        reply.signature = identity.sign(reply.signingMessage)
        return .json(bytes: reply.body)
    }

    /// `POST /sync/v1/heartbeat`: only groups the caller is a member of are heard and answered.
    func heartbeat(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.visit(request, bodyMax: limits.requestBytesMax)
        let heartbeat = try read(Heartbeat.self, visit.body)
        guard heartbeat.instance == visit.caller else {
            throw HiveError(.forbidden, "instance_id is not the instance the token belongs to.")
        }
        var summary = heartbeat.summary
        var heard: [HeartbeatSummary.Group] = []
        for group in summary.groups where try await replica.role(of: visit.caller, in: group.group) != nil {
            heard.append(group)
        }
        summary.groups = heard
        tell(.heartbeatReceived(visit.caller, summary))
        var groups: [SharedGroup] = []
        for group in try await replica.sharedGroups()
        where try await replica.role(of: visit.caller, in: group.id) != nil {
            groups.append(group)
        }
        var reply = Heartbeat(
            instance: identity.instance,
            groups: groups.map { ($0.hiveName, $0.localSeq, $0.id, $0.heads) },
            serverTimeMs: request.nowMs,
            incarnation: try await incarnation.value(replica),
            reachesYou: reaches(visit.caller)
        )
        // No word to, and none of, who is a member of nothing here.
        if !groups.isEmpty {
            replica.heard(serverTimeMs: heartbeat.serverTimeMs, from: visit.caller)
            gossip.hear(heartbeat.knownPeers, from: visit.caller)
            reply.knownPeers = gossip.news(for: visit.caller, nowMs: request.nowMs)
            gossip.told(visit.caller, reply.knownPeers, nowMs: request.nowMs)
        }
        return .json(bytes: reply.body)
    }

    func heads(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: 0)
        let group = try await shared(visit.group)
        var heads = group.heads
        heads.heads = told(heads.heads, visit.caller, visit.group)
        let reply = HeadsReply(groupID: visit.group, heads: heads, localSeq: group.localSeq)
        return .json(bytes: reply.body)
    }

    func status(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: 0)
        let group = try await shared(visit.group)
        let current = fares()
        let entries = peers.all().filter { $0.groups.contains(visit.group) }.map { record in
            let report = current.first { $0.peer == record.id && $0.group == visit.group }
            return GroupStatusReply.Peer(
                id: record.instance?.rawValue ?? record.id.rawValue,
                status: report?.status.rawValue ?? record.status,
                lastSyncMs: reports.lastContactMs(of: record.id) ?? record.lastSyncAtMs,
                lag: report?.lag
            )
        }
        return .json(bytes: GroupStatusReply(peers: entries, localSeq: group.localSeq).body)
    }

    /// `GET /sync/v1/groups/:id/events?since&limit`: a page by arrival number.
    func page(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: 0)
        guard sendsOwnLog(visit.caller, visit.group) else {
            throw HiveError(
                .conflict,
                "This instance has not heard yet how far you hold its own log, of which it may have an old copy: "
                    + "POST /sync/v1/groups/\(visit.group.rawValue)/pull with your heads first."
            )
        }
        let query = try request.query()
        let page = try await replica.events(
            of: visit.group,
            sinceArrival: query.integer("since") ?? 0,
            limit: Int(query.integer("limit") ?? 100)
        )
        let reply = EventPageReply(
            lines: page.lines,
            nextSeq: page.nextSeq,
            hasMore: page.hasMore,
            incarnation: page.incarnation
        )
        return .json(bytes: reply.body)
    }

    private func shared(_ id: GroupID) async throws -> SharedGroup {
        guard let group = try await replica.sharedGroups().first(where: { $0.id == id }) else {
            throw SyncRefusal.notMember
        }
        return group
    }

    func read<Message: WireMessage>(_ type: Message.Type, _ body: [UInt8]) throws -> Message {
        do {
            return try Message(parsing: body)
        } catch {
            throw SyncRefusal.of(error)
        }
    }
}
