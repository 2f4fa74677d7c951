public import HiveHTTP
public import HiveModel
public import HivePorts

/// What joining and peer administration ask of the sync shell.
extension PeeringService {
    /// Tries each step of reaching an endpoint and says what failed.
    /// - Parameters:
    ///   - isTrusted: the endpoint is the operator's word; else the rules for learnt addresses bind.
    ///   - expected: the instance known to be there; nil = whoever answers.
    public func test(endpoint: String, isTrusted: Bool = true, expected: InstanceID? = nil) async -> PeerTest {
        let probe = PeerProbe(
            client: calls,
            clock: clock,
            rules: isTrusted ? nil : rules,
            own: identity.instance,
            expected: expected
        )
        return await probe.run(endpoint)
    }

    /// The routes of `/sync/v1`.
    public func routes() -> [Route] {
        let gate = SyncGate(
            replica: replica,
            store: store,
            sessions: sessions,
            credits: credits,
            nonces: NonceCache(max: settings.limits.noncesMax, windowMs: settings.limits.clockWindowMs),
            limits: settings.limits,
            own: identity.instance,
            isOpen: { [heads] in heads.of($0) != nil }
        )
        let responder = HandshakeResponder(
            identity: identity,
            replica: replica,
            store: store,
            desk: desk,
            sessions: sessions,
            table: HandshakeTable(
                max: settings.limits.handshakesMax,
                maxPerAddress: settings.limits.handshakesPerAddress
            ),
            rules: rules,
            callBack: CallBack(client: calls, rules: rules),
            handshakeSecret: settings.handshakeSecret,
            limits: settings.limits
        )
        let server = SyncServer(
            gate: gate,
            responder: responder,
            identity: identity,
            replica: replica,
            peers: directory,
            reports: reports,
            credits: credits,
            incarnation: incarnation,
            gossip: gossip,
            limits: settings.limits,
            logger: logger,
            fares: { [weak self] in self?.status() ?? [] },
            reaches: { [weak self] instance in self?.reaches(instance) ?? false },
            ownLog: ownLog,
            sendsOwnLog: { [weak self] in self?.sendsOwnLog(to: $0, in: $1) ?? false },
            told: { [weak self] in self?.told($0, to: $1, in: $2) ?? $0 },
            tell: { [weak self] event in self?.tell(event) }
        )
        return server.routes().map(MeshDoor(networks: settings.meshNetworks).guarding)
    }
}
