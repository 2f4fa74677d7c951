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
        let admission = try await writer.perform { turn in
            let (group, role) = try turn.redeem(request)
            let state = try turn.state(of: group)
            let member = try turn.addMember(request, role: role, in: group)
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
        peering.peerConfigured(admission.peer)
        return admission.grant
    }
}

extension WriteTurn {
    /// The same words for a group that isn't here and one the caller may not enter.
    private static let refused = HiveError(
        .forbidden,
        "There is no such group for you here: ask its admin for an invite."
    )

    /// Which group the joiner may enter, as what; uses up an invite.
    fileprivate func redeem(_ request: JoinRequest) throws -> (group: GroupID, role: MemberRole) {
        let named = try namedGroup(request)
        switch request.proof {
        case .membership:
            guard let named, let member = try member(request, of: named) else { throw Self.refused }
            return (named, member.role)
        case .handshakeSecret:
            guard let named else { throw Self.refused }
            return (named, .member)
        case .invite(let id, let secretHash):
            if let named, let member = try member(request, of: named) { return (named, member.role) }
            return try redeemInvite(id, secretHash, for: request, named: named)
        }
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

    /// The joiner as the roster names it, added where it wasn't there.
    fileprivate func addMember(_ request: JoinRequest, role: MemberRole, in group: GroupID) throws -> MemberRow {
        if let member = try member(request, of: group) { return member }
        let own = try state(of: group).members().first { $0.instance == local.instance }
        let addition = InstanceAdded(
            instance: request.instance,
            identityKey: request.identityKey,
            role: role,
            name: request.name
        )
        guard var write = LocalWrite(.instanceAdded(addition)) else { throw Self.refused }
        if own?.role == .admin { write.refs.auth = own?.addedBy }
        try emit(write, in: group)
        guard let member = try member(request, of: group) else {
            throw HiveError(
                .forbidden,
                "This instance may not let others into the group: ask the instance that owns the hive."
            )
        }
        return member
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
