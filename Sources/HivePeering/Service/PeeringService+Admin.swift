public import HiveHTTP
public import HivePorts

/// What joining and peer administration ask of the sync shell.
extension PeeringService {
    /// Shakes hands as the node's administration orders it: joining, or a new peer. Stores the session the responder will
    /// present; the peer entry is the caller's to store. Throws `HiveError` (`forbidden`, `upstream`, `badRequest`).
    public func handshake(_ order: HandshakeOrder) async throws -> HandshakeResult {
        throw HiveError(.unavailable, "not built yet")
    }

    /// Tries each step of reaching an endpoint and says what failed.
    public func test(endpoint: String) async -> PeerTest {
        PeerTest(isReachable: false, latencyMs: nil, instance: nil, steps: [])
    }

    /// The routes of `/sync/v1`.
    public func routes() -> [Route] { [] }
}
