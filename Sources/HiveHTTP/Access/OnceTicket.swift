public import HTTPTypes
public import HiveModel
public import HivePorts
public import Hummingbird
import Synchronization

/// A request that is carried out once: its key, and whether a write kept the reply.
final class OnceTicket: Sendable {
    let name: IdempotencyKey
    let fingerprint: [UInt8]
    private let kept = Mutex(false)

    init(name: IdempotencyKey, fingerprint: [UInt8]) {
        self.name = name
        self.fingerprint = fingerprint
    }

    /// Whether a transaction took the reply; it holds once the write has returned.
    var isKept: Bool { kept.withLock { $0 } }

    func keeping<Value: Sendable>(_ reply: @escaping @Sendable (Value) -> StoredReply) -> KeptReply {
        KeptReply(name: name, fingerprint: fingerprint) { [self] (value: Value) in
            kept.withLock { $0 = true }
            return reply(value)
        }
    }
}

extension HiveRequest {
    /// Carries out a write and answers with what it returned.
    ///
    /// Where the request has an `Idempotency-Key`, `perform` is given the reply to keep in the write's transaction.
    public func answer<Value: Sendable>(
        _ status: HTTPResponse.Status = .ok,
        with write: @escaping @Sendable (Value) -> JSONWriter,
        _ perform: (KeptReply?) async throws -> Value
    ) async throws -> Response {
        let kept = ticket?.keeping { (value: Value) in
            StoredReply(status: status.code, contentType: Response.jsonType, body: write(value).bytes)
        }
        return .json(write(try await perform(kept)), status: status)
    }
}
