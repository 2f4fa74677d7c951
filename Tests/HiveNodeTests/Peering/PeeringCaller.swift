import HiveCrypto
import HiveHTTP
import HiveModel
import HivePeering
import HivePorts
import HiveTestKit
import HiveWire

/// Somebody who speaks to a server byte by byte: honest, careless or hostile.
struct PeeringCaller: Sendable {
    /// What came back.
    struct Reply: Hashable, Sendable {
        var status: Int
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The sentence of a refusal, nil where the reply has not the shape of one.
        var sentence: String? { try? ErrorBody(parsing: body).message }
    }

    let endpoint: String
    private let client: OutgoingClient

    /// Calls while `body` runs.
    static func with<Value: Sendable>(
        _ endpoint: String,
        _ body: (PeeringCaller) async throws -> Value
    ) async throws -> Value {
        let caller = PeeringCaller(endpoint: endpoint, client: OutgoingClient())
        do {
            let value = try await body(caller)
            await caller.client.shutdown()
            return value
        } catch {
            await caller.client.shutdown()
            throw error
        }
    }

    private init(endpoint: String, client: OutgoingClient) {
        self.endpoint = endpoint
        self.client = client
    }

    func call(
        _ method: OutgoingRequest.Method,
        _ path: String,
        authorization: String? = nil,
        body: [UInt8]? = nil,
        type: String = "application/json",
        headers given: [(name: String, value: String)] = []
    ) async throws -> Reply {
        var headers = given
        if let authorization { headers.append(("authorization", authorization)) }
        if body != nil { headers.append(("content-type", type)) }
        let request = OutgoingRequest(
            method,
            url: endpoint + path,
            headers: headers,
            body: body,
            replyBytesMax: 8 << 20
        )
        let reply = try await client.send(request)
        return Reply(status: reply.head.status, body: reply.body)
    }

    // MARK: A handshake, step by step

    /// A handshake after its first call.
    struct Opened: Sendable {
        var joiner: TestInstance<SwiftCrypto>
        var key: EphemeralKey
        var opening: HandshakeOpening
        var reply: HandshakeReply

        /// A completion as an honest joiner makes it.
        func completion(
            _ proof: HandshakeProof,
            token: String = "0123456789abcdef0123456789abcdef"
        ) -> HandshakeCompletion {
            let sealed = key.seal(
                Array(token.utf8),
                to: reply.ephemeralKey,
                label: "token-for-responder",
                context: HandshakeTranscript.replyMessage(opening, reply)
            )
            return signed(
                HandshakeCompletion(handshakeID: reply.handshakeID, sealedToken: sealed ?? [1], proof: proof)
            )
        }

        /// The completion with the joiner's signature.
        func signed(_ completion: HandshakeCompletion) -> HandshakeCompletion {
            var completion = completion
            completion.signature = joiner.identity.sign(
                HandshakeTranscript.completionMessage(opening, reply, completion)
            )
            return completion
        }

        func inviteProof(_ id: String, secret: [UInt8]) -> HandshakeProof {
            let message = HandshakeTranscript.proofMessage(opening, reply)
            return .invite(id: id, mac: MessageCode.hmacSHA256(message, key: SwiftCrypto().sha256(secret).bytes))
        }
    }

    func open(
        _ joiner: TestInstance<SwiftCrypto>,
        group: GroupID?,
        change: (inout HandshakeOpening) -> Void = { _ in }
    ) async throws -> (Reply, Opened?) {
        let key = EphemeralKey()
        var opening = HandshakeOpening(
            groupName: "sync:engineering",
            groupID: group,
            instance: joiner.id,
            identityKey: joiner.identityKey,
            name: joiner.name,
            syncEndpoint: nil,
            nonce: RandomBytes.bytes(32),
            ephemeralKey: key.publicKey
        )
        change(&opening)
        let reply = try await call(.post, "/handshake", body: opening.body)
        guard reply.status == 200 else { return (reply, nil) }
        let opened = Opened(joiner: joiner, key: key, opening: opening, reply: try HandshakeReply(parsing: reply.body))
        return (reply, opened)
    }

    func complete(_ completion: HandshakeCompletion) async throws -> Reply {
        try await call(.post, "/handshake", body: completion.body)
    }
}
