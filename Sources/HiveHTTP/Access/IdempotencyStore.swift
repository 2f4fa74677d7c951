/// Names one use of an `Idempotency-Key`: whose, on which route and path, and the key itself.
public struct IdempotencyKey: Hashable, Sendable {
    /// `agent:<id>`, `admin` or `address:<address>`.
    public var subject: String
    /// Method and path as sent, without the query.
    public var target: String
    public var key: String

    public init(subject: String, target: String, key: String) {
        self.subject = subject
        self.target = target
        self.key = key
    }
}

/// A reply as it went out the first time.
public struct StoredReply: Hashable, Sendable {
    public var status: Int
    /// Nil for a reply without a body.
    public var contentType: String?
    public var location: String?
    public var body: [UInt8]

    public init(status: Int, contentType: String?, location: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.location = location
        self.body = body
    }
}

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

/// Remembers replies to POSTs for 24 hours, so that a client that did not hear the first reply can ask again.
public protocol IdempotencyStore: Sendable {
    /// - Parameter fingerprint: SHA-256 of the request's body.
    func begin(_ key: IdempotencyKey, fingerprint: [UInt8], nowMs: Int64) async throws -> IdempotencyDecision

    /// MUST be called once for each `.proceed`.
    /// - Parameter reply: nil where nothing was done and the next request shall try again.
    func finish(_ key: IdempotencyKey, reply: StoredReply?) async throws
}
