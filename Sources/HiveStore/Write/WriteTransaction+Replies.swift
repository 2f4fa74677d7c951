public import HivePorts

/// The first reply to a request with an `Idempotency-Key`, as a row.
public struct ReplyRow: Sendable, Hashable {
    /// SHA-256 of the request's body, so that a key used with another is told apart.
    public var requestHash: [UInt8]
    /// The body as it was given to be kept.
    public var reply: StoredReply
    public var createdAtMs: Int64

    public init(requestHash: [UInt8], reply: StoredReply, createdAtMs: Int64) {
        self.requestHash = requestHash
        self.reply = reply
        self.createdAtMs = createdAtMs
    }
}

extension HiveStore {
    /// What was answered under this key; nil where nothing was.
    public func reply(for key: IdempotencyKey) async throws -> ReplyRow? {
        try await read { reader in
            let row = try reader.prepare(PeerSQL.reply)
            row.bind(1, key.subject).bind(2, key.target).bind(3, key.key)
            guard try row.step() else { return nil }
            let reply = StoredReply(status: Int(row.int(1)), contentType: row.optionalText(2), body: row.blob(3))
            return ReplyRow(requestHash: row.blob(0), reply: reply, createdAtMs: row.int(4))
        }
    }
}

extension WriteTransaction {
    /// Keeps a reply under a key, in the place of an older one.
    public mutating func putReply(_ row: ReplyRow, for key: IdempotencyKey) throws {
        let put = try reader.prepare(PeerSQL.putReply)
        put.bind(1, key.subject).bind(2, key.target).bind(3, key.key).bind(4, blob: row.requestHash)
        put.bind(5, Int64(row.reply.status))
        put.bind(6, row.reply.contentType)
        put.bind(7, blob: row.reply.body).bind(8, row.createdAtMs)
        try put.run()
    }

    /// Forgets replies given before `ms`.
    public mutating func pruneReplies(before ms: Int64) throws {
        let prune = try reader.prepare(PeerSQL.pruneReplies)
        prune.bind(1, ms)
        try prune.run()
    }
}
