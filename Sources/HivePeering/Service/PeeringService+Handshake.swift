import HiveHTTP
import HiveModel
import HivePorts
import HiveSync

/// Handshakes: the replicator's, with known peers, and the administration's, to join.
extension PeeringService {
    /// Shakes hands as the node's administration orders it: joining, or a new peer.
    ///
    /// Tries the endpoints in turn; the first that answers decides. Stores the session the responder will present; the
    /// peer entry is the caller's to store. Throws `HiveError`: `forbidden` where the proof was refused, `upstream`
    /// where nobody answered, `badRequest`.
    public func handshake(_ order: HandshakeOrder) async throws -> HandshakeResult {
        guard !order.endpoints.isEmpty else {
            throw HiveError(.badRequest, "no endpoint to shake hands with is given")
        }
        var last: PeerCallError?
        for text in order.endpoints {
            let endpoint = try PeerEndpoint(text)
            let target = PeerClient.Target(endpoint: endpoint, isTrusted: order.isTrusted, token: nil)
            do {
                return try await greetings.alone(endpoint.text) {
                    try await self.initiator.shakeHands(order, at: target)
                }
            } catch {
                let failure = PeerCallError.from(error, peer: endpoint.url.origin)
                last = failure
                if let removal = failure.removal { self.order(.takeRemoval(removal)) }
                // An answer is an answer: only where nobody answered the next endpoint may do better.
                guard failure.failure.kind == .unreachable else { break }
            }
        }
        throw last?.hiveError ?? HiveError(.upstream, "no endpoint answered")
    }

    /// A handshake the replicator asked for.
    func shakeHands(_ peer: PeerID, _ group: GroupID) async {
        do {
            let (record, target) = try self.target(of: peer)
            // One at a time with each peer: two that cross would each replace the other's token.
            let result = try await greetings.alone(target.endpoint.text) {
                try await self.greet(record, group, at: target)
            }
            let nowMs = clock.wallMs()
            let change: @Sendable (inout PeerRecord) -> Void = { record in
                record.instance = result.instance
                record.identityKey = result.identityKey
                record.syncToken = result.syncToken
                record.reachesUs = result.reachesUs
                record.updatedAtMs = nowMs
            }
            _ = directory.update(peer, change)
            _ = try await store.changePeer(id: peer, change)
            gossip.forgetTold(result.instance)
            tell(
                .handshakeSucceeded(
                    peer,
                    group,
                    peer: result.instance,
                    heads: result.heads,
                    reachesUs: result.reachesUs
                )
            )
            await ownLog.heard(result.heads, from: result.instance, in: group)
        } catch {
            tell(.handshakeFailed(peer, group, failure(error, peer)))
        }
    }

    /// As a member; where that is refused, with the configured secret.
    private func greet(
        _ record: PeerRecord,
        _ group: GroupID,
        at target: PeerClient.Target
    ) async throws(PeerCallError) -> HandshakeResult {
        var target = target
        target.token = nil
        var order = HandshakeOrder(
            endpoints: [target.endpoint.text],
            group: group,
            groupName: nil,
            proof: .membership,
            expected: record.instance
        )
        do {
            return try await initiator.shakeHands(order, at: target)
        } catch {
            guard error.failure.kind == .forbidden, settings.handshakeSecret != nil else { throw error }
            order.proof = .handshakeSecret
            return try await initiator.shakeHands(order, at: target)
        }
    }
}
