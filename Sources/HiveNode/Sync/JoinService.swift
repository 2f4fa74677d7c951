import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Lets instances into groups: the responder's side of a handshake, in one transaction.
struct JoinService: JoinDesk {
    let writer: Writer<StoreBackend>
    let local: LocalInstance
    /// Told of the peer entry once it is stored.
    let peering: PeeringHandle

    private struct Admission: Sendable {
        var grant: JoinGrant
        var peer: PeerRecord
    }

    func admitJoiner(_ request: JoinRequest) async throws -> JoinGrant {
        let admission = try await writer.perform { turn -> Admission? in
            guard let (group, role) = try turn.redeem(request) else { return nil }
            let state = try turn.state(of: group)
            let member = try turn.letIn(Newcomer(request), as: role, to: group)
            var transaction = turn.transaction
            try transaction.removePendingJoin(of: request.instance, to: group)
            let peer = try turn.rememberPeer(request, group: group)
            let grant = JoinGrant(
                group: group,
                groupName: try state.group()?.groupName ?? "",
                heads: try state.heads(),
                currentSeq: try turn.transaction.lastArrival(),
                role: member.role,
                fromEpoch: try state.firstEpoch(of: member),
                isDialable: peer.syncEndpoint != nil,
                signingKey: try state.head(of: local.instance).flatMap { head in
                    try state.logKey(origin: local.instance, epoch: head.place.epoch)
                }
            )
            return Admission(grant: grant, peer: peer)
        }
        // What was noted of who asked stays, so this is thrown after the commit.
        guard let admission else { throw WriteTurn.refused }
        peering.peerConfigured(admission.peer)
        return admission.grant
    }

    func takeRemoval(_ removal: Event, of group: GroupID) async throws {
        let news = try await writer.perform { turn in try turn.takeRemoval(removal, of: group) }
        peering.tell(news, of: group)
    }
}

extension WriteTurn {
    /// The same words for a group that isn't here and one the caller may not enter.
    fileprivate static let refused = HiveError(
        .forbidden,
        "There is no such group for you here: ask its admin for an invite."
    )

    /// Which group the joiner may enter, as what; uses up an invite.
    ///
    /// Nil where an admin has to decide: the request is noted, if there is such a group.
    fileprivate func redeem(_ request: JoinRequest) throws -> (group: GroupID, role: MemberRole)? {
        let named = try namedGroup(request)
        if case .invite(let id, let secretHash) = request.proof {
            if let named, let member = try member(request, of: named) { return (named, member.role) }
            return try redeemInvite(id, secretHash, for: request, named: named)
        }
        guard let named else { throw Self.refused }
        if let member = try member(request, of: named) { return (named, member.role) }
        switch request.proof {
        case .handshakeSecret, .configuredPeer:
            if try !wasRemoved(request.instance, from: named) { return (named, .member) }
        case .membership, .invite: break
        }
        try noteAsking(request, for: named)
        return nil
    }

    /// Whether others ended its membership: no secret or configuration brings it back, or the removal would mean
    /// nothing.
    private func wasRemoved(_ instance: InstanceID, from group: GroupID) throws -> Bool {
        let state = try state(of: group)
        let acts = try state.acts(ActKey(roster: instance))
        let removal = StandingRemoval.of(instance, acts: acts, members: try state.members())
        return removal.map { $0.header.origin != instance } ?? false
    }

    private func redeemInvite(
        _ id: String,
        _ secretHash: [UInt8],
        for request: JoinRequest,
        named: GroupID?
    ) throws -> (group: GroupID, role: MemberRole) {
        guard var invite = try transaction.invite(id: id), MessageCode.areEqual(invite.secretHash, secretHash) else {
            throw HiveError(.forbidden, "The invite is not known here: it was withdrawn, or made by another instance.")
        }
        if let asked = request.group ?? named, asked != invite.group { throw Self.refused }
        guard invite.expiresAtMs > nowMs else {
            throw HiveError(.forbidden, "The invite has expired: ask for a new one.")
        }
        if let member = try member(request, of: invite.group) { return (invite.group, member.role) }
        guard invite.usesLeft > 0 else {
            throw HiveError(.forbidden, "The invite is used up: ask for a new one.")
        }
        guard try isShared(invite.group) else { throw Self.refused }
        invite.usesLeft -= 1
        var transaction = transaction
        try transaction.putInvite(invite)
        return (invite.group, invite.role)
    }

    private func namedGroup(_ request: JoinRequest) throws -> GroupID? {
        let shared = try transaction.groups().filter(\.isShared).map(\.id)
        if let group = request.group { return shared.contains(group) ? group : nil }
        guard let name = request.groupName else { return nil }
        return try shared.first { try state(of: $0).group()?.groupName.utf8.elementsEqual(name.utf8) == true }
    }

    private func isShared(_ group: GroupID) throws -> Bool {
        try transaction.groups().contains { $0.id == group && $0.isShared }
    }

    private func member(_ request: JoinRequest, of group: GroupID) throws -> MemberRow? {
        try state(of: group).members().first { $0.instance == request.instance }
    }

    /// The peer entry and session a joiner leaves here.
    fileprivate func rememberPeer(_ request: JoinRequest, group: GroupID) throws -> PeerRecord {
        var transaction = transaction
        try transaction.putSession(
            instance: request.instance,
            tokenHash: request.tokenHash,
            identityKey: request.identityKey
        )
        let known = try transaction.peers()
        let sameInstance = known.first { $0.instance == request.instance }
        let sameEndpoint = request.syncEndpoint.flatMap { endpoint in
            known.first { $0.instance == nil && $0.syncEndpoint == endpoint }
        }
        var peer =
            sameInstance ?? sameEndpoint
            ?? PeerRecord(
                id: PeerID("peer_" + RandomText.nanoid()),
                name: request.name,
                syncEndpoint: nil,
                sharedHives: [],
                groups: [],
                source: "handshake",
                createdAtMs: nowMs,
                updatedAtMs: nowMs
            )
        peer.instance = request.instance
        peer.identityKey = request.identityKey
        // The operator's word stands; a learnt endpoint moves with its peer, but never onto another entry's.
        let isTaken = known.contains { $0.id != peer.id && $0.syncEndpoint == request.syncEndpoint }
        if peer.syncEndpoint == nil || !peer.isManual, let told = request.syncEndpoint, !isTaken {
            peer.syncEndpoint = told
            if peer.source != "gossip" { peer.source = "handshake" }
        }
        if let token = request.tokenForJoiner { peer.syncToken = token }
        if !peer.groups.contains(group) { peer.groups = (peer.groups + [group]).sorted() }
        if let hive = try transaction.groups().first(where: { $0.id == group })?.hiveName,
            !peer.sharedHives.contains(hive)
        {
            peer.sharedHives.append(hive)
        }
        peer.updatedAtMs = nowMs
        try transaction.putPeer(peer)
        return peer
    }
}
