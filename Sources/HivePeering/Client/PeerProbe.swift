import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire

/// `peers test`: each step of reaching an instance, how long it took, and what to do where it fails.
struct PeerProbe: Sendable {
    let client: PeerClient
    let clock: any PeeringClock
    /// What binds a learnt endpoint; nil for one that is the operator's word.
    let rules: EndpointRules?
    let own: InstanceID
    /// Nil = whoever answers.
    let expected: InstanceID?

    /// Clocks further apart than this make events wait.
    private static let driftMsMax: Int64 = 60_000
    private static let stepNames = ["name", "tcp", "tls", "http", "identity", "clock", "version"]

    func run(_ text: String) async -> PeerTest {
        var test = PeerTest(isReachable: false, latencyMs: nil, instance: nil, steps: [])
        await tryOut(text, &test)
        // What was not reached is said too, so that readers need not count.
        for name in Self.stepNames where !test.steps.contains(where: { $0.step == name }) {
            test.steps.append(.init(step: name, isOK: false, ms: 0, message: "not tried: an earlier step failed"))
        }
        test.isReachable = test.steps.allSatisfy(\.isOK)
        return test
    }

    private func tryOut(_ text: String, _ test: inout PeerTest) async {
        let start = clock.now()
        func note(_ step: String, _ isOK: Bool, since: Instant, _ message: String) {
            test.steps.append(.init(step: step, isOK: isOK, ms: clock.now().ms - since.ms, message: message))
        }
        let endpoint: PeerEndpoint
        let addresses: [OutgoingAddress]
        do {
            endpoint = try PeerEndpoint(text)
            addresses = try await OutgoingResolver.addresses(of: endpoint.url.host)
        } catch {
            return note("name", false, since: start, Self.sentence(error))
        }
        if let refusal = addresses.compactMap({ rules?.refusal(learnt: $0) }).first {
            return note("name", false, since: start, "the peer named this endpoint, and it is not dialled: \(refusal)")
        }
        let shown = addresses.prefix(4).map(\.text).joined(separator: ", ")
        note("name", true, since: start, "\(endpoint.url.host) is \(shown)")

        let connecting = clock.now()
        guard let answering = await connect(addresses, endpoint.url.effectivePort, &test, since: connecting) else {
            return
        }
        note("tcp", true, since: connecting, "\(answering.text) port \(endpoint.url.effectivePort) answers")

        let asking = clock.now()
        let nonce = RandomText.nonce()
        let target = PeerClient.Target(endpoint: endpoint, isTrusted: rules == nil, token: nil)
        let body: [UInt8]
        do {
            body = try await client.call(.get, "/identity?nonce=\(nonce)", at: target)
        } catch {
            let isTLS = endpoint.url.isSecure && error.status == nil && error.failure.message.contains("TLS")
            if !isTLS { note("tls", true, since: asking, Self.tlsMessage(endpoint)) }
            return note(isTLS ? "tls" : "http", false, since: asking, error.failure.message)
        }
        note("tls", true, since: asking, Self.tlsMessage(endpoint))
        note("http", true, since: asking, "/sync/v1 answers")
        test.latencyMs = clock.now().ms - asking.ms
        judge(body, nonce, &test)
    }

    private func connect(
        _ addresses: [OutgoingAddress],
        _ port: Int,
        _ test: inout PeerTest,
        since: Instant
    ) async -> OutgoingAddress? {
        var last = "no address"
        for address in addresses {
            do {
                try await OutgoingProbe.connect(to: address, port: port, timeoutMs: 5_000)
                return address
            } catch {
                last = error.message
            }
        }
        test.steps.append(.init(step: "tcp", isOK: false, ms: clock.now().ms - since.ms, message: last))
        return nil
    }

    private func judge(_ body: [UInt8], _ nonce: String, _ test: inout PeerTest) {
        let reply: IdentityReply
        do {
            reply = try IdentityReply(parsing: body)
        } catch {
            return test.steps.append(
                .init(step: "identity", isOK: false, ms: 0, message: "not an OpenHive answer: \(error.message)")
            )
        }
        test.instance = reply.instance
        let crypto = SwiftCrypto()
        let isProved =
            reply.nonce == nonce && InstanceID(identityKey: reply.identityKey, hashing: crypto) == reply.instance
            && crypto.isValid(signature: reply.signature, message: reply.signingMessage, key: reply.identityKey)
        let identity: (Bool, String) =
            if !isProved {
                (false, "the answer is not signed by the key of \(reply.instance.rawValue)")
            } else if reply.instance == own {
                (false, "this is the instance itself: give the endpoint of another one")
            } else if let expected, expected != reply.instance {
                (
                    false,
                    "this is \(reply.instance.rawValue), but the peer was \(expected.rawValue): was it set up anew?"
                )
            } else {
                (true, "\(reply.name) (\(reply.instance.rawValue)) proved its key")
            }
        test.steps.append(.init(step: "identity", isOK: identity.0, ms: 0, message: identity.1))
        let off = reply.serverTimeMs - clock.wallMs()
        let isClose = abs(off) <= Self.driftMsMax
        let advice = isClose ? "" : ": events will wait; set both clocks with NTP"
        test.steps.append(
            .init(step: "clock", isOK: isClose, ms: 0, message: "its clock is \(off) ms from ours\(advice)")
        )
        let isSpoken = reply.protocolVersion == WireLimits.protocolVersion
        test.steps.append(
            .init(
                step: "version",
                isOK: isSpoken,
                ms: 0,
                message: isSpoken
                    ? "protocol version \(reply.protocolVersion)"
                    : "it speaks protocol version \(reply.protocolVersion), we speak \(WireLimits.protocolVersion): upgrade"
            )
        )
    }

    private static func tlsMessage(_ endpoint: PeerEndpoint) -> String {
        endpoint.url.isSecure ? "the certificate is trusted" : "not used: plain http, readable on the way"
    }

    private static func sentence(_ error: any Error) -> String {
        (error as? HiveError)?.message ?? (error as? OutgoingError)?.message ?? "\(error)"
    }
}
