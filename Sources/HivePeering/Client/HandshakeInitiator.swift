import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire

/// The calling side of a handshake: nothing secret is sent before the other side has proved that it is the one meant.
struct HandshakeInitiator: Sendable {
    let identity: any InstanceIdentity
    let store: any SyncStore
    let sessions: SessionCache
    let client: PeerClient
    let clock: any PeeringClock
    let handshakeSecret: [UInt8]?

    /// Shakes hands at one endpoint and stores the session the responder will present.
    func shakeHands(
        _ order: HandshakeOrder,
        at target: PeerClient.Target
    ) async throws(PeerCallError) -> HandshakeResult {
        let peer = target.endpoint.url.origin
        do {
            return try await attempt(order, at: target, peer)
        } catch {
            throw PeerCallError.from(error, peer: peer)
        }
    }

    private func attempt(
        _ order: HandshakeOrder,
        at target: PeerClient.Target,
        _ peer: String
    ) async throws -> HandshakeResult {
        let key = EphemeralKey()
        let opening = HandshakeOpening(
            groupName: order.groupName ?? order.group?.rawValue ?? "",
            groupID: order.group,
            instance: identity.instance,
            identityKey: identity.identityKey,
            name: identity.name,
            syncEndpoint: identity.syncEndpoint,
            nonce: RandomBytes.bytes(32),
            ephemeralKey: key.publicKey
        )
        let reply = try HandshakeReply(
            parsing: try await client.call(.post, "/handshake", at: target, body: opening.body)
        )
        try check(reply, opening, order, peer)

        let token = RandomText.token()
        let tokenHash = SwiftCrypto().sha256(Array(token.utf8)).bytes
        let completion = try complete(order, opening, reply, key, token, peer)
        sessions.offer(
            tokenHash: tokenHash,
            to: reply.instance,
            identityKey: reply.identityKey,
            nowMs: clock.wallMs()
        )
        let grant: HandshakeGrant
        do {
            grant = try HandshakeGrant(
                parsing: try await client.call(
                    .post,
                    "/handshake",
                    at: target,
                    body: completion.body,
                    timeoutMs: 30_000
                )
            )
        } catch {
            // A refusal is final; after anything else the responder may hold the token already.
            if let error = error as? PeerCallError, error.status != nil { sessions.withdraw(tokenHash: tokenHash) }
            throw error
        }
        let ourToken = try open(grant, order, opening, reply, completion, key, peer)
        try await store.putSession(instance: reply.instance, tokenHash: tokenHash, identityKey: reply.identityKey)
        sessions.confirmed(tokenHash: tokenHash, of: reply.instance, nowMs: clock.wallMs())
        return HandshakeResult(
            endpoint: target.endpoint.text,
            instance: reply.instance,
            identityKey: reply.identityKey,
            name: reply.name,
            group: grant.groupID,
            groupName: grant.groupName,
            heads: grant.heads,
            currentSeq: grant.currentSeq,
            role: grant.role,
            fromEpoch: grant.fromEpoch,
            reachesUs: grant.reachesYou,
            syncToken: ourToken,
            tokenHash: tokenHash
        )
    }

    /// Whether the responder is who it says, and who was meant.
    private func check(
        _ reply: HandshakeReply,
        _ opening: HandshakeOpening,
        _ order: HandshakeOrder,
        _ peer: String
    ) throws(PeerCallError) {
        let crypto = SwiftCrypto()
        guard InstanceID(identityKey: reply.identityKey, hashing: crypto) == reply.instance,
            crypto.isValid(
                signature: reply.signature,
                message: HandshakeTranscript.replyMessage(opening, reply),
                key: reply.identityKey
            )
        else { throw PeerCallError(.refused, "\(peer) did not prove its identity: nothing secret was sent") }
        guard reply.instance != identity.instance else {
            throw PeerCallError(.refused, "\(peer) is this instance itself: it can't be its own peer")
        }
        if let expected = order.expected, expected != reply.instance {
            throw PeerCallError(
                .refused,
                "\(peer) is \(reply.instance.rawValue), not \(expected.rawValue): nothing secret was sent"
            )
        }
        if case .invite(_, _, let issuer) = order.proof, issuer != reply.instance {
            throw PeerCallError(
                .refused,
                "\(peer) is \(reply.instance.rawValue), but the invite is from \(issuer.rawValue): nothing secret was sent"
            )
        }
    }

    private func complete(
        _ order: HandshakeOrder,
        _ opening: HandshakeOpening,
        _ reply: HandshakeReply,
        _ key: EphemeralKey,
        _ token: String,
        _ peer: String
    ) throws(PeerCallError) -> HandshakeCompletion {
        let sealed = key.seal(
            Array(token.utf8),
            to: reply.ephemeralKey,
            label: HandshakeLabel.forResponder,
            context: HandshakeTranscript.replyMessage(opening, reply)
        )
        guard let sealed else { throw PeerCallError(.faulty, "\(peer) sent no usable ephemeral_key") }
        let message = HandshakeTranscript.proofMessage(opening, reply)
        let proof: HandshakeProof
        switch order.proof {
        case .membership: proof = .membership
        case .invite(let id, let secret, _):
            let hash = SwiftCrypto().sha256(secret).bytes
            proof = .invite(id: id, mac: MessageCode.hmacSHA256(message, key: hash))
        case .handshakeSecret:
            guard let handshakeSecret else {
                throw PeerCallError(.local, "sync.handshake_secret is not configured here")
            }
            proof = .handshakeSecret(mac: MessageCode.hmacSHA256(message, key: handshakeSecret))
        }
        var completion = HandshakeCompletion(handshakeID: reply.handshakeID, sealedToken: sealed, proof: proof)
        completion.signature = identity.sign(HandshakeTranscript.completionMessage(opening, reply, completion))
        return completion
    }

    /// The token we present from now on.
    private func open(
        _ grant: HandshakeGrant,
        _ order: HandshakeOrder,
        _ opening: HandshakeOpening,
        _ reply: HandshakeReply,
        _ completion: HandshakeCompletion,
        _ key: EphemeralKey,
        _ peer: String
    ) throws(PeerCallError) -> String {
        let isSigned = SwiftCrypto().isValid(
            signature: grant.signature,
            message: HandshakeTranscript.grantMessage(opening, reply, completion, grant),
            key: reply.identityKey
        )
        guard isSigned else { throw PeerCallError(.faulty, "\(peer) did not sign what it granted") }
        if let group = order.group, group != grant.groupID {
            throw PeerCallError(.faulty, "\(peer) granted another group than \(group.rawValue)")
        }
        let token = key.open(
            grant.sealedToken,
            from: reply.ephemeralKey,
            label: HandshakeLabel.forJoiner,
            context: HandshakeTranscript.replyMessage(opening, reply)
        )
        guard let token, (16...200).contains(token.count), token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PeerCallError(.faulty, "\(peer) sent a token that can't be used")
        }
        return String(decoding: token, as: UTF8.self)
    }
}
