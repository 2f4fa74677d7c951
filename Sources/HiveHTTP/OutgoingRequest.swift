/// One call to another machine.
public struct OutgoingRequest: Sendable {
    public enum Method: String, Sendable { case get = "GET", post = "POST" }

    public var method: Method
    /// `http` or `https`, with host.
    public var url: String
    /// Names and values; `host` replaces the one of the URL.
    public var headers: [(name: String, value: String)]
    /// Nil sends no body.
    public var body: [UInt8]?
    /// For the whole call; for a stream until its head.
    public var timeoutMs: Int64
    /// A longer reply is `OutgoingError(.tooLarge)`; a stream counts for itself.
    public var replyBytesMax: Int
    /// Connect to this address instead of resolving the host; TLS still asks for the host's certificate.
    public var pinned: OutgoingAddress?

    public init(
        _ method: Method,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeoutMs: Int64 = 10_000,
        replyBytesMax: Int = 1 << 20,
        pinned: OutgoingAddress? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMs = timeoutMs
        self.replyBytesMax = replyBytesMax
        self.pinned = pinned
    }
}

/// Status and headers of a reply.
public struct OutgoingHead: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [(name: String, value: String)]

    public init(status: Int, headers: [(name: String, value: String)]) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a header; `name` in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// A whole reply.
public struct OutgoingReply: Sendable {
    public var head: OutgoingHead
    public var body: [UInt8]

    public init(head: OutgoingHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}
