import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import HiveWire

extension SyncAdministrator {
    func join(_ request: JoinCommand) async throws -> GroupStatus {
        let service = try peering.required()
        let plan = try JoinPlan(request, handshakeSecret: joiner.hasHandshakeSecret)
        try await checkGroup(plan.order.group)
        if let name = plan.localName { try await checkName(name, group: plan.order.group, merges: request.merges) }
        let result = try await greet(service, plan.order)
        let name = plan.localName ?? result.groupName
        if plan.localName == nil { try await checkName(name, group: result.group, merges: request.merges) }
        try await enter(result, localName: name, peerName: nil)
        return try await group(id: result.group.rawValue)
    }

    /// By the handshake secret where one is set; where the other side has none, as somebody it may know.
    private func greet(_ service: PeeringService, _ order: HandshakeOrder) async throws -> HandshakeResult {
        do {
            return try await service.handshake(order)
        } catch let error as HiveError where error.code == .forbidden && order.proof == .handshakeSecret {
            var order = order
            order.proof = .membership
            return try await service.handshake(order)
        }
    }

    /// What is held can't be joined, but for what was left.
    private func checkGroup(_ group: GroupID?) async throws {
        guard let group, let held = try await store.groups().first(where: { $0.id == group }) else { return }
        guard held.status == GroupEnding.status else {
            throw HiveError(.conflict, "This instance holds the group \(group.rawValue) already.")
        }
    }

    /// Before anything is used up: the name must be free; what was left is joined again under the name it has here.
    func checkName(_ name: String, group: GroupID?, merges: Bool) async throws {
        let groups = try await store.groups()
        guard !groups.contains(where: { $0.id == group }) else { return }
        guard HiveName.isValid(name) else {
            throw HiveError(
                .badRequest,
                "\"\(name)\" can't name a hive here (2 to 32 of a-z, 0-9, _ and -): give it a local name with as."
            )
        }
        guard !groups.contains(where: { $0.hiveName == name }) else {
            guard !merges else { throw HiveError(.unprocessable, JoinPlan.notMerged(name)) }
            throw HiveError(.conflict, JoinPlan.taken(name))
        }
    }

    /// Learns from a peer how far an interrupted backfill goes.
    func resumeBackfill(of group: GroupID, from peer: PeerRecord, at endpoint: String) async throws {
        let result = try await peering.required().handshake(
            HandshakeOrder(
                endpoints: [endpoint],
                isTrusted: peer.isManual,
                group: group,
                groupName: nil,
                proof: .membership,
                expected: peer.instance
            )
        )
        backfills.begin(group, upTo: result.heads)
        let backfills = backfills
        let remembered = try await writer.perform { turn in
            try turn.openOwnLog(in: group, backfills: backfills)
            let hive = try turn.transaction.groups().first { $0.id == group }?.hiveName
            let name = hive ?? result.groupName
            return try turn.rememberResponder(result, localName: name, peerName: nil, isManual: peer.isManual)
        }
        peering.peerConfigured(remembered)
    }

    /// Makes the replica of a group just joined, and lets it be filled.
    func enter(
        _ result: HandshakeResult,
        localName: String,
        peerName: String?,
        isManual: Bool = true
    ) async throws {
        backfills.begin(result.group, upTo: result.heads)
        let peer: PeerRecord
        do {
            peer = try await writer.perform { turn in
                try turn.createReplica(result, localName: localName)
                let name = try turn.transaction.groups().first { $0.id == result.group }?.hiveName ?? localName
                return try turn.rememberResponder(result, localName: name, peerName: peerName, isManual: isManual)
            }
        } catch {
            backfills.end(result.group)
            throw error
        }
        if board.heads(of: result.group) == nil {
            board.put(GroupHeads(heads: [], stateRoot: nil, local.crypto), of: result.group)
        }
        opened(result.group)
        peering.peerConfigured(peer)
    }
}

/// What a join request asks for, in the terms of a handshake.
struct JoinPlan {
    var order: HandshakeOrder
    /// Nil = the group's own name, once it is known.
    var localName: String?

    init(_ request: JoinCommand, handshakeSecret: Bool) throws {
        let group = try request.groupID.map { text in
            guard let group = GroupID(text) else {
                throw HiveError(.badRequest, "\"\(text)\" is no group id: sg_ and 26 characters of a-z and 2-7.")
            }
            return group
        }
        if let text = request.invite {
            let invite: Invite
            do {
                invite = try Invite(text: text)
            } catch {
                throw HiveError(.badRequest, error.message)
            }
            guard group == nil || group == invite.groupID else {
                throw HiveError(.badRequest, "The invite is to another group: \(invite.groupID.rawValue).")
            }
            order = HandshakeOrder(
                endpoints: invite.endpoints,
                group: invite.groupID,
                groupName: invite.groupName,
                proof: .invite(id: invite.id, secret: invite.secret, issuer: invite.issuer),
                expected: invite.issuer
            )
            localName = request.localName ?? invite.groupName
            return
        }
        guard let endpoint = request.syncEndpoint, group != nil || request.hiveName != nil else {
            throw HiveError(.badRequest, "Give an invite, or sync_endpoint and the hive_name or id of the group.")
        }
        order = HandshakeOrder(
            endpoints: [endpoint],
            group: group,
            groupName: request.hiveName,
            proof: handshakeSecret ? .handshakeSecret : .membership
        )
        localName = request.localName ?? request.hiveName
    }

    static func taken(_ name: String) -> String {
        "There is a hive named \(name) here already. Give the joined one another local name (\"as\": \"\(name)-2\"), or "
            + "let the two become one (\"merge\": true), which this version can't do yet."
    }

    static func notMerged(_ name: String) -> String {
        "This version can't make the hive \(name) here and the one to join into one: nothing was changed. Join it under "
            + "another local name (\"as\": \"\(name)-2\")."
    }
}

/// How hives may be called.
enum HiveName {
    static func isValid(_ name: String) -> Bool {
        (2...32).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

extension WriteTurn {
    fileprivate func createReplica(_ result: HandshakeResult, localName: String) throws {
        if let held = try transaction.groups().first(where: { $0.id == result.group }) {
            if held.status == GroupEnding.status { try resume(result.group) }
            return
        }
        guard try transaction.group(ofHive: localName) == nil else {
            throw HiveError(.conflict, JoinPlan.taken(localName))
        }
        var transaction = transaction
        try transaction.createGroup(result.group, isShared: true, status: "backfilling", createdAtMs: nowMs)
        // Hidden until the genesis has come and said who may see it; description and owner come with it too.
        let row = NewHiveRow(
            id: RandomText.nanoid(),
            name: localName,
            description: nil,
            isPublic: false,
            settingsJSON: nil,
            owner: nil,
            createdAtMs: nowMs
        )
        try transaction.createHive(row, group: result.group)
    }

    /// The peer entry of whoever answered a handshake.
    /// - Parameter isManual: the endpoint that answered is the operator's word.
    func rememberResponder(
        _ result: HandshakeResult,
        localName: String,
        peerName: String?,
        isManual: Bool
    ) throws -> PeerRecord {
        let known = try transaction.peers()
        let held =
            known.first { $0.syncEndpoint == result.endpoint } ?? known.first { $0.instance == result.instance }
        var peer =
            held
            ?? PeerRecord(
                id: PeerID("peer_" + RandomText.nanoid()),
                name: peerName ?? result.groupName + "@" + result.instance.prefix.rawValue,
                syncEndpoint: result.endpoint,
                sharedHives: [],
                groups: [],
                createdAtMs: nowMs,
                updatedAtMs: nowMs
            )
        peer.syncEndpoint = result.endpoint
        if isManual { peer.source = "manual" }
        peer.instance = result.instance
        peer.identityKey = result.identityKey
        peer.syncToken = result.syncToken
        peer.reachesUs = result.reachesUs
        if !peer.sharedHives.contains(localName) { peer.sharedHives.append(localName) }
        if !peer.groups.contains(result.group) { peer.groups = (peer.groups + [result.group]).sorted() }
        peer.status = "backfilling"
        peer.updatedAtMs = nowMs
        var transaction = transaction
        try transaction.putPeer(peer)
        return peer
    }
}
