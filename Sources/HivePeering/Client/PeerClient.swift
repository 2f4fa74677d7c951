import AsyncHTTPClient
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import NIOCore
import Synchronization

/// Calls to `/sync/v1` of peers: where they may go, how they prove who calls, what their failures mean.
final class PeerClient: Sendable {
    /// Where to call, and with what right.
    struct Target: Hashable, Sendable {
        var endpoint: PeerEndpoint
        /// The operator's word; else the peer's own, which the rules for learnt addresses bind.
        var isTrusted: Bool
        /// Nil sends no authorization.
        var token: String?
    }

    /// How an endpoint is reached now.
    private struct Way: Sendable {
        var base: String
        var host: String?
        var pinned: OutgoingAddress?
        var mayCarryToken: Bool
    }

    private let http: OutgoingClient
    private let rules: EndpointRules
    private let own: InstanceID
    private let clock: any PeeringClock
    private let limits: PeeringSettings.Limits
    private let ways = Mutex<[Target: (way: Way, until: Instant)]>([:])
    private static let wayMs: Int64 = 30_000

    init(
        http: OutgoingClient,
        rules: EndpointRules,
        own: InstanceID,
        clock: any PeeringClock,
        limits: PeeringSettings.Limits
    ) {
        self.http = http
        self.rules = rules
        self.own = own
        self.clock = clock
        self.limits = limits
    }

    /// The body of a successful answer.
    ///
    /// Throws `PeerCallError`.
    func call(
        _ method: OutgoingRequest.Method,
        _ path: String,
        at target: Target,
        body: [UInt8]? = nil,
        timeoutMs: Int64? = nil
    ) async throws(PeerCallError) -> [UInt8] {
        let request = try await request(method, path, at: target, body: body, timeoutMs: timeoutMs)
        let reply: OutgoingReply
        do {
            reply = try await http.send(request)
        } catch {
            throw PeerCallError(error)
        }
        guard reply.head.status == 200 else {
            throw PeerCallError(reply.head, reply.body, from: target.endpoint.url.origin)
        }
        return reply.body
    }

    /// A successful answer as it arrives.
    ///
    /// Throws `PeerCallError` for a refusal, else what `consume` throws.
    func stream<Value: Sendable>(
        _ path: String,
        at target: Target,
        body: [UInt8],
        _ consume: @escaping @Sendable (OutgoingBody) async throws -> Value
    ) async throws -> Value {
        let request = try await request(.post, path, at: target, body: body, timeoutMs: nil)
        return try await http.stream(request) { head, body in
            guard head.status == 200 else {
                var bytes: [UInt8] = []
                for try await chunk in body {
                    bytes.append(contentsOf: chunk.readableBytesView.prefix(8_192 - bytes.count))
                    if bytes.count >= 8_192 { break }
                }
                throw PeerCallError(head, bytes, from: target.endpoint.url.origin)
            }
            return try await consume(body)
        }
    }

    private func request(
        _ method: OutgoingRequest.Method,
        _ path: String,
        at target: Target,
        body: [UInt8]?,
        timeoutMs: Int64?
    ) async throws(PeerCallError) -> OutgoingRequest {
        let way = try await way(to: target)
        var headers: [(name: String, value: String)] = [("accept", "application/json, application/x-ndjson")]
        if let host = way.host { headers.append(("host", host)) }
        if body != nil { headers.append(("content-type", "application/json")) }
        if let token = target.token {
            headers.append(("authorization", authorization(token, way, method, path, body ?? [])))
        }
        return OutgoingRequest(
            method,
            url: way.base + path,
            headers: headers,
            body: body,
            timeoutMs: timeoutMs ?? limits.callMs,
            replyBytesMax: WireLimits.messageBytesMax,
            pinned: way.pinned
        )
    }

    /// The token itself where nobody can listen, else a seal made with it.
    private func authorization(
        _ token: String,
        _ way: Way,
        _ method: OutgoingRequest.Method,
        _ path: String,
        _ body: [UInt8]
    ) -> String {
        guard !way.mayCarryToken else { return "Bearer " + token }
        return RequestSeal(
            own,
            method: method.rawValue,
            path: PeerEndpoint.suffix + path,
            body: body,
            timeMs: clock.wallMs(),
            tokenHash: SwiftCrypto().sha256(Array(token.utf8)).bytes
        ).header
    }

    private func way(to target: Target) async throws(PeerCallError) -> Way {
        var key = target
        key.token = nil
        let now = clock.now()
        if let known = ways.withLock({ $0[key] }), known.until > now { return known.way }
        let way: Way
        do {
            way = target.isTrusted ? try await trustedWay(target.endpoint) : try await learntWay(target.endpoint)
        } catch {
            throw PeerCallError(error)
        }
        ways.withLock { ways in
            if ways.count >= 1_024 { ways = [:] }
            ways[key] = (way, Instant(ms: now.ms + Self.wayMs))
        }
        return way
    }

    private func trustedWay(_ endpoint: PeerEndpoint) async throws(OutgoingError) -> Way {
        guard !endpoint.url.isSecure else {
            return Way(base: endpoint.text, host: nil, pinned: nil, mayCarryToken: true)
        }
        let addresses = try await OutgoingResolver.addresses(of: endpoint.url.host)
        let isPrivate = addresses.allSatisfy { rules.mayCarryToken(endpoint, at: $0) }
        return Way(base: endpoint.text, host: nil, pinned: nil, mayCarryToken: isPrivate)
    }

    /// Resolved once, checked, and connected to at exactly that address.
    private func learntWay(_ endpoint: PeerEndpoint) async throws(OutgoingError) -> Way {
        let addresses = try await OutgoingResolver.addresses(of: endpoint.url.host)
        for address in addresses {
            if let refusal = rules.refusal(learnt: address) {
                throw OutgoingError(.addressRefused, "\(endpoint.text) is not dialled: \(refusal)")
            }
        }
        guard let address = addresses.first(where: { $0.bytes.count == 4 }) ?? addresses.first else {
            throw OutgoingError(.name, "\(endpoint.url.host) has no address")
        }
        if endpoint.url.isSecure {
            return Way(base: endpoint.text, host: nil, pinned: address, mayCarryToken: true)
        }
        var numeric = endpoint.url
        numeric.host = address.text
        return Way(
            base: numeric.origin + numeric.path,
            host: endpoint.url.authority,
            pinned: nil,
            mayCarryToken: rules.mayCarryToken(endpoint, at: address)
        )
    }
}
