import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire

/// The answering side of a handshake.
///
/// The first call changes nothing; who is let in is the `JoinDesk`'s word.
struct HandshakeResponder: Sendable {
    let identity: any InstanceIdentity
    let replica: any ReplicaAccess
    let store: any SyncStore
    let desk: any JoinDesk
    let sessions: SessionCache
    let table: HandshakeTable
    let rules: EndpointRules
    let callBack: CallBack
    let handshakeSecret: [UInt8]?
    let limits: PeeringSettings.Limits

    func answer(_ body: [UInt8], from address: String, nowMs: Int64) async throws -> [UInt8] {
        let call: HandshakeCall
        do {
            call = try HandshakeCall(parsing: body)
        } catch {
            throw SyncRefusal.of(error)
        }
        switch call {
        case .opening(let opening): return try open(opening, from: address, nowMs: nowMs).body
        case .completion(let completion): return try await complete(completion, nowMs: nowMs).body
        }
    }

    private func open(_ opening: HandshakeOpening, from address: String, nowMs: Int64) throws -> HandshakeReply {
        guard InstanceID(identityKey: opening.identityKey, hashing: SwiftCrypto()) == opening.instance else {
            throw HiveError(.forbidden, "instance_id is not the id of identity_key.")
        }
        guard opening.instance != identity.instance else {
            throw HiveError(.conflict, "This is the instance itself: it can't be its own peer.")
        }
        let key = EphemeralKey()
        var reply = HandshakeReply(
            handshakeID: RandomText.token(),
            nonce: RandomBytes.bytes(32),
            instance: identity.instance,
            identityKey: identity.identityKey,
            name: identity.name,
            ephemeralKey: key.publicKey
        )
        reply.signature = identity.sign(HandshakeTranscript.replyMessage(opening, reply))
        let pending = HandshakeTable.Pending(
            opening: opening,
            reply: reply,
            key: key,
            address: address,
            expiresAtMs: nowMs + limits.handshakeMs
        )
        guard table.insert(pending, nowMs: nowMs) else {
            throw SyncRefusal.exhausted(
                Credits.Exhausted(retryAfterMs: limits.handshakeMs, message: "too many handshakes are open")
            )
        }
        return reply
    }

    private func complete(_ completion: HandshakeCompletion, nowMs: Int64) async throws -> HandshakeGrant {
        guard let pending = table.take(completion.handshakeID, nowMs: nowMs) else { throw SyncRefusal.handshakeGone }
        let opening = pending.opening
        let isSigned = SwiftCrypto().isValid(
            signature: completion.signature,
            message: HandshakeTranscript.completionMessage(opening, pending.reply, completion),
            key: opening.identityKey
        )
        guard isSigned else {
            throw HiveError(.forbidden, "The signature is not by the identity key of the first call.")
        }
        let context = HandshakeTranscript.replyMessage(opening, pending.reply)
        let theirToken = pending.key.open(
            completion.sealedToken,
            from: opening.ephemeralKey,
            label: HandshakeLabel.forResponder,
            context: context
        )
        guard let theirToken, (16...200).contains(theirToken.count),
            theirToken.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw HiveError(.forbidden, "sync_token is not sealed for this handshake.") }
        let proof = try await judge(completion.proof, pending, nowMs: nowMs)

        let ourToken = RandomText.token()
        let tokenHash = SwiftCrypto().sha256(Array(ourToken.utf8)).bytes
        let grant = try await admit(
            JoinRequest(
                instance: opening.instance,
                identityKey: opening.identityKey,
                name: opening.name ?? opening.instance.prefix.rawValue,
                group: opening.groupID,
                groupName: opening.groupName,
                syncEndpoint: await rules.learnt(opening.syncEndpoint)?.text,
                proof: proof,
                tokenHash: tokenHash,
                tokenForJoiner: String(decoding: theirToken, as: UTF8.self),
                address: pending.address
            )
        )
        sessions.confirmed(tokenHash: tokenHash, of: opening.instance, nowMs: nowMs)
        return try seal(grant, ourToken, completion, pending, context)
    }

    /// Asks the desk; whoever is refused learns the same whether the group exists or not.
    private func admit(_ request: JoinRequest) async throws -> JoinGrant {
        do {
            return try await desk.admitJoiner(request)
        } catch let error as HiveError where error.code == .notFound || error.code == .forbidden {
            if let refusal = try await ended(request) { throw refusal }
            // Whoever holds a valid invite knows the group: it may hear the reason.
            if case .invite = request.proof, error.code == .forbidden { throw error }
            if case .membership = request.proof { throw SyncRefusal.notLetIn }
            throw SyncRefusal.proofRefused
        }
    }

    /// Where the joiner was a member once, or this instance is none any more: 403 with the event that ended it.
    private func ended(_ request: JoinRequest) async throws -> TransportError? {
        var group = request.group
        if group == nil, let name = request.groupName {
            group = try await replica.sharedGroups().first { $0.groupName.utf8.elementsEqual(name.utf8) }?.id
        }
        guard case .membership = request.proof, let group else { return nil }
        if try await replica.role(of: request.instance, in: group) == nil {
            return try await replica.removal(of: request.instance, in: group).map { SyncRefusal.removed($0) }
        }
        return try await replica.removal(of: identity.instance, in: group).map { SyncRefusal.ended($0) }
    }

    /// What the proof shows, or 403.
    private func judge(
        _ proof: HandshakeProof,
        _ pending: HandshakeTable.Pending,
        nowMs: Int64
    ) async throws -> JoinRequest.Proof {
        let message = HandshakeTranscript.proofMessage(pending.opening, pending.reply)
        switch proof {
        case .membership:
            return try await isConfiguredPeer(pending.opening) ? .configuredPeer : .membership
        case .handshakeSecret(let mac):
            guard let handshakeSecret, MessageCode.isValid(mac, message: message, key: handshakeSecret) else {
                throw SyncRefusal.proofRefused
            }
            return .handshakeSecret
        case .invite(let id, let mac):
            guard let invite = try await store.invite(id: id),
                MessageCode.isValid(mac, message: message, key: invite.secretHash),
                pending.opening.groupID == nil || pending.opening.groupID == invite.group
            else { throw SyncRefusal.proofRefused }
            // The reply to an earlier redemption may have been lost: a member needs no further use of it.
            if try await replica.role(of: pending.opening.instance, in: invite.group) != nil { return .membership }
            guard invite.expiresAtMs > nowMs, invite.usesLeft > 0 else { throw SyncRefusal.proofRefused }
            return .invite(id: id, secretHash: invite.secretHash)
        }
    }

    /// Whether the operator has configured the joiner's endpoint for this hive, and the joiner answers there.
    private func isConfiguredPeer(_ opening: HandshakeOpening) async throws -> Bool {
        guard let text = opening.syncEndpoint, let endpoint = try? PeerEndpoint(text) else { return false }
        let group = try await replica.sharedGroups().first { group in
            opening.groupID.map { $0 == group.id } ?? group.groupName.utf8.elementsEqual(opening.groupName.utf8)
        }
        guard let group, try await replica.role(of: opening.instance, in: group.id) == nil else { return false }
        let isConfigured = try await store.peers().contains { peer in
            peer.isManual && peer.syncEndpoint == endpoint.text && peer.sharedHives.contains(group.hiveName)
        }
        return isConfigured ? await callBack.confirms(opening, at: endpoint) : false
    }

    private func seal(
        _ grant: JoinGrant,
        _ token: String,
        _ completion: HandshakeCompletion,
        _ pending: HandshakeTable.Pending,
        _ context: [UInt8]
    ) throws -> HandshakeGrant {
        let sealed = pending.key.seal(
            Array(token.utf8),
            to: pending.opening.ephemeralKey,
            label: HandshakeLabel.forJoiner,
            context: context
        )
        guard let sealed else { throw HiveError(.badRequest, "ephemeral_key is no usable X25519 key.") }
        var reply = HandshakeGrant(
            groupID: grant.group,
            groupName: grant.groupName,
            signingKey: grant.signingKey ?? identity.identityKey,
            currentSeq: grant.currentSeq,
            sealedToken: sealed,
            heads: grant.heads,
            role: grant.role,
            fromEpoch: grant.fromEpoch,
            reachesYou: grant.isDialable
        )
        reply.signature = identity.sign(
            HandshakeTranscript.grantMessage(pending.opening, pending.reply, completion, reply)
        )
        return reply
    }
}
