import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire

/// Calls a joiner back at an endpoint that the operator has configured: who answers there must be who asked here
/// (protocol, section 7).
struct CallBack: Sendable {
    let client: PeerClient
    let rules: EndpointRules

    /// Whether the identity that opened the handshake signs a fresh nonce at the endpoint: over https with a valid
    /// certificate, or at an address of `sync.allowed_networks`.
    func confirms(_ opening: HandshakeOpening, at endpoint: PeerEndpoint) async -> Bool {
        guard let target = await target(of: endpoint) else { return false }
        let nonce = RandomText.nonce()
        guard let body = try? await client.call(.get, "/identity?nonce=\(nonce)", at: target),
            let reply = try? IdentityReply(parsing: body)
        else { return false }
        return reply.nonce == nonce && reply.instance == opening.instance && reply.identityKey == opening.identityKey
            && SwiftCrypto().isValid(
                signature: reply.signature,
                message: reply.signingMessage,
                key: opening.identityKey
            )
    }

    /// Without TLS the address that was checked is the one that is called.
    private func target(of endpoint: PeerEndpoint) async -> PeerClient.Target? {
        if endpoint.url.isSecure { return PeerClient.Target(endpoint: endpoint, isTrusted: true, token: nil) }
        guard let addresses = try? await OutgoingResolver.addresses(of: endpoint.url.host),
            let address = addresses.first(where: { rules.isAllowed($0) })
        else { return nil }
        var url = endpoint.url
        url.host = address.text
        guard let numeric = try? PeerEndpoint(url.origin + url.path) else { return nil }
        return PeerClient.Target(endpoint: numeric, isTrusted: true, token: nil)
    }
}
