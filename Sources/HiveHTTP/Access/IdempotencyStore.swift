public import HivePorts

/// What to do with a request that carries an `Idempotency-Key`.
public enum IdempotencyDecision: Hashable, Sendable {
    /// The first with this key: carry it out, then call `finish`.
    case proceed
    case replay(StoredReply)
    /// The first is still being carried out.
    case inProgress
    /// The key was used with another body.
    case mismatch
}

/// How a request with an `Idempotency-Key` ended.
public enum IdempotencyEnd: Hashable, Sendable {
    /// The write it asked for kept the reply in its own transaction.
    case kept
    /// There was nothing to keep it with: it is to be kept now.
    case replied(StoredReply)
    /// Nothing was done; the next request shall try again.
    case failed
}

/// Remembers replies to POSTs for 24 hours, so that a client that did not hear the first reply can ask again.
public protocol IdempotencyStore: Sendable {
    /// - Parameter fingerprint: SHA-256 of the request's body.
    func begin(_ key: IdempotencyKey, fingerprint: [UInt8], nowMs: Int64) async throws -> IdempotencyDecision

    /// MUST be called once for each `.proceed`.
    func finish(_ key: IdempotencyKey, fingerprint: [UInt8], _ end: IdempotencyEnd) async throws
}
