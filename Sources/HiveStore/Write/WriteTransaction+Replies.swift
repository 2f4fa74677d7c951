public import HiveSync

/// The first reply to a request that carried an `Idempotency-Key`.
public struct StoredReply: Sendable, Hashable {
    /// SHA-256 of method, path and body, so that a key used for something else is told apart.
    public var requestHash: [UInt8]
    public var status: Int64
    public var body: [UInt8]

    public init(requestHash: [UInt8], status: Int64, body: [UInt8]) {
        self.requestHash = requestHash
        self.status = status
        self.body = body
    }
}

extension WriteTransaction {
    /// What was answered to this agent under this key; nil where nothing was.
    public func reply(forKey key: String, agent: RowNumber) throws -> StoredReply? {
        let row = try reader.prepare(PeerSQL.reply)
        row.bind(1, agent).bind(2, key)
        guard try row.step() else { return nil }
        return StoredReply(requestHash: row.blob(0), status: row.int(1), body: row.blob(2))
    }

    /// Keeps the first reply under a key; a later one changes nothing.
    public mutating func putReply(_ reply: StoredReply, forKey key: String, agent: RowNumber, nowMs: Int64) throws {
        let put = try reader.prepare(PeerSQL.putReply)
        put.bind(1, agent).bind(2, key).bind(3, blob: reply.requestHash)
        put.bind(4, reply.status).bind(5, blob: reply.body).bind(6, nowMs)
        try put.run()
    }

    /// Forgets replies given before `ms`.
    public mutating func pruneReplies(before ms: Int64) throws {
        let prune = try reader.prepare(PeerSQL.pruneReplies)
        prune.bind(1, ms)
        try prune.run()
    }
}
