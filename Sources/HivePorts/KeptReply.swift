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
    public var body: [UInt8]

    public init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// A reply that shall be kept with the write it answers, in the same transaction: a crash loses both or neither.
public struct KeptReply: Sendable {
    public var name: IdempotencyKey
    /// SHA-256 of the request's body.
    public var fingerprint: [UInt8]
    private let reply: @Sendable (any Sendable) -> StoredReply?

    /// - Parameter reply: the reply to what the write returns; called inside the transaction.
    public init<Value: Sendable>(
        name: IdempotencyKey,
        fingerprint: [UInt8],
        reply: @escaping @Sendable (Value) -> StoredReply
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.reply = { value in (value as? Value).map(reply) }
    }

    /// Nil where the write returns something else than the reply is about.
    public func reply(to value: some Sendable) -> StoredReply? { reply(value) }
}
