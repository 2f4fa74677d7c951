import HiveAPI
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePeering
import HivePorts
import HiveSync

/// The configuration in the terms of each part.
extension NodeConfiguration {
    func apiSettings(instance id: InstanceID) -> APISettings {
        APISettings(
            instance: id,
            name: instance.name,
            description: instance.description,
            url: instance.url,
            authMode: authMode == .local ? .local : .token,
            registration: APISettings.Registration(rawValue: registration.rawValue) ?? .closed,
            version: ProgramVersion.text
        )
    }

    func httpServices(
        adminKeys: [String],
        reads: any CommunityReads,
        idempotency: any IdempotencyStore,
        hashing: any Hashing,
        nowMs: @escaping @Sendable () -> Int64
    ) -> HTTPServices {
        let limits = RateLimiter.Limits(writesMax: rateLimit.writesMax, readsMax: rateLimit.readsMax)
        let isAnyOrigin = cors.origins.contains("*")
        return HTTPServices(
            authenticator: Authenticator(
                mode: authMode == .local ? .local : .token,
                adminKeys: adminKeys,
                hashing: hashing,
                reads: reads
            ),
            limiter: rateLimit.isEnabled ? RateLimiter(limits: limits) : nil,
            idempotency: idempotency,
            cors: cors.isEnabled ? CORSPolicy(origins: isAnyOrigin ? nil : cors.origins) : nil,
            hashing: hashing,
            proxies: TrustedProxies(networks: trustedProxies.compactMap { OutgoingNetwork($0) }),
            nowMs: nowMs
        )
    }

    func peeringSettings() throws -> PeeringSettings {
        let seed = RandomBytes.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return PeeringSettings(
            replicator: ReplicatorSettings(heartbeatMs: sync.heartbeatIntervalMs),
            seed: seed,
            handshakeSecret: sync.handshakeSecret.map { Array($0.utf8) },
            allowedNetworks: sync.allowedNetworks.compactMap { OutgoingNetwork($0) },
            listensOnLoopbackOnly: isLoopback,
            meshNetworks: sync.meshNetworks?.compactMap { OutgoingNetwork($0) },
            authorities: try sync.authoritiesFile.map { try TrustedAuthorities(file: $0) },
            gossip: sync.gossip
        )
    }

    /// What the socket is bound to.
    var bindHost: String {
        switch host {
        case "*", "": "0.0.0.0"
        case _ where host.hasPrefix("[") && host.hasSuffix("]"): String(host.dropFirst().dropLast())
        default: host
        }
    }

    /// Where this machine reaches the server.
    func localAddress(boundPort: Int) -> String {
        let reachable = HostName.isWildcard(host) ? (host.contains(":") ? "::1" : "127.0.0.1") : host
        return "\(scheme)://\(HostName.inURL(reachable)):\(boundPort)"
    }
}
