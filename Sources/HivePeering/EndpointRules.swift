public import HiveHTTP

/// Which endpoints this instance dials, and what it may say to them (protocol, sections 7 and 8).
public struct EndpointRules: Sendable {
    public var allowedNetworks: [OutgoingNetwork]
    public var listensOnLoopbackOnly: Bool

    public init(allowedNetworks: [OutgoingNetwork], listensOnLoopbackOnly: Bool) {
        self.allowedNetworks = allowedNetworks
        self.listensOnLoopbackOnly = listensOnLoopbackOnly
    }

    /// Whether an endpoint that a peer told of itself may be dialled at `address`; nil, or a sentence why not.
    public func refusal(learnt address: OutgoingAddress) -> String? {
        switch address.scope {
        case .global: nil
        case .loopback:
            listensOnLoopbackOnly || isAllowed(address)
                ? nil : "a peer named a loopback address, which would lead this instance to itself"
        case .privateRange:
            isAllowed(address) ? nil : "\(address.text) is a private address outside sync.allowed_networks"
        case .linkLocal, .multicast, .metadata, .reserved:
            "\(address.text) is link-local, multicast, reserved or a metadata service"
        }
    }

    /// Whether a token may go in the clear: over TLS, to this machine, or inside an allowed network.
    public func mayCarryToken(_ endpoint: PeerEndpoint, at address: OutgoingAddress?) -> Bool {
        if endpoint.url.isSecure { return true }
        guard let address else { return false }
        return address.scope == .loopback || isAllowed(address)
    }

    public func isAllowed(_ address: OutgoingAddress) -> Bool {
        allowedNetworks.contains { $0.contains(address) }
    }

    /// An endpoint to remember for a peer that told it of itself; nil where it must not be dialled.
    ///
    /// Resolves the host.
    public func learnt(_ text: String?) async -> PeerEndpoint? {
        guard let text, let endpoint = try? PeerEndpoint(text) else { return nil }
        guard let addresses = try? await OutgoingResolver.addresses(of: endpoint.url.host) else { return nil }
        return addresses.allSatisfy { refusal(learnt: $0) == nil } ? endpoint : nil
    }
}
