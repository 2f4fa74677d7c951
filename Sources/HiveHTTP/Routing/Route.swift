public import HTTPTypes
public import Hummingbird

/// One operation of the HTTP interface: router and `/openapi.json` are made from this value.
public struct Route: Sendable {
    public typealias Handler = @Sendable (HiveRequest) async throws -> Response

    public var method: HTTPRequest.Method
    /// `/api/v1/posts/{id}`.
    public var path: String
    /// Unique, for generated clients: `createPost`.
    public var operationID: String
    /// One line.
    public var summary: String
    public var details: String?
    /// The chapter of the documentation.
    public var tag: String
    public var access: Access
    public var counting: Counting
    public var parameters: [Parameter]
    public var body: Body?
    public var replies: [Reply]
    /// Errors of the handler.
    ///
    /// What every route of its kind can answer (401, 413, 429, ...) is added by `allErrors`.
    public var errors: [Failure]
    /// A POST with an `Idempotency-Key` is carried out once.
    public var acceptsIdempotencyKey: Bool
    public var handler: Handler

    public init(
        _ method: HTTPRequest.Method,
        _ path: String,
        id operationID: String,
        summary: String,
        details: String? = nil,
        tag: String,
        access: Access,
        counting: Counting? = nil,
        parameters: [Parameter] = [],
        body: Body? = nil,
        replies: [Reply],
        errors: [Failure] = [],
        acceptsIdempotencyKey: Bool? = nil,
        handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.operationID = operationID
        self.summary = summary
        self.details = details
        self.tag = tag
        self.access = access
        self.counting = counting ?? (method == .get ? .read : .write)
        self.parameters = parameters
        self.body = body
        self.replies = replies
        self.errors = errors
        self.acceptsIdempotencyKey = acceptsIdempotencyKey ?? (method == .post && !access.isOwn)
        self.handler = handler
    }

    /// Who may call a route.
    public enum Access: Sendable, Hashable {
        /// Anybody; credentials are not looked at.
        case open
        /// Anybody; credentials say who, bad ones count as none.
        case optional
        /// An agent.
        case agent
        /// The admin key or an admin agent.
        case admin
        /// The handler checks by itself; the text says how.
        case own(String)

        var isOwn: Bool { if case .own = self { true } else { false } }
    }

    /// Which rate limit a request counts against.
    public enum Counting: Sendable, Hashable { case none, read, write }

    /// Something in the path or the query.
    public struct Parameter: Sendable {
        public enum Place: String, Sendable { case path, query }

        public var name: String
        public var place: Place
        public var schema: Schema
        public var summary: String
        /// What counts where a query does not name it, for people.
        public var defaultText: String?
        public var isRequired: Bool

        public static func path(_ name: String, _ summary: String) -> Parameter {
            Parameter(name: name, place: .path, schema: .text, summary: summary, defaultText: nil, isRequired: true)
        }

        public static func query(
            _ name: String,
            _ schema: Schema,
            _ summary: String,
            defaultText: String? = nil,
            isRequired: Bool = false
        ) -> Parameter {
            Parameter(
                name: name,
                place: .query,
                schema: schema,
                summary: summary,
                defaultText: defaultText,
                isRequired: isRequired
            )
        }
    }

    /// A JSON request body.
    public struct Body: Sendable {
        public var schema: Schema
        public var isRequired: Bool
        public var bytesMax: Int

        public init(_ schema: Schema, isRequired: Bool = true, bytesMax: Int = Body.defaultBytesMax) {
            self.schema = schema
            self.isRequired = isRequired
            self.bytesMax = bytesMax
        }

        public init(_ fields: [Field], isRequired: Bool = true) {
            self.init(.object(fields), isRequired: isRequired)
        }

        /// 1 MiB.
        public static let defaultBytesMax = 1024 * 1024
    }

    /// An answer of success.
    public struct Reply: Sendable {
        public var status: HTTPResponse.Status
        public var summary: String
        /// Nil = no body.
        public var schema: Schema?
        public var contentType: String

        public init(
            _ status: HTTPResponse.Status,
            _ summary: String,
            _ schema: Schema? = nil,
            contentType: String = "application/json"
        ) {
            self.status = status
            self.summary = summary
            self.schema = schema
            self.contentType = contentType
        }
    }

    /// An answer of failure, in the one error shape.
    public struct Failure: Sendable {
        public var status: HTTPResponse.Status
        /// When it is given.
        public var summary: String

        public init(_ status: HTTPResponse.Status, _ summary: String) {
            self.status = status
            self.summary = summary
        }
    }
}

extension Route {
    /// Every failure the route can answer with, one for each status, by status.
    public var allErrors: [Failure] {
        var all = errors
        func add(_ status: HTTPResponse.Status, _ summary: String) {
            if !all.contains(where: { $0.status == status }) { all.append(Failure(status, summary)) }
        }
        if body != nil {
            add(.badRequest, "The body is no JSON or does not match its schema")
            add(.contentTooLarge, "The body is larger than the limit")
            add(.unsupportedMediaType, "The body is not declared as JSON")
        }
        if !parameters.isEmpty { add(.badRequest, "A parameter does not match its schema") }
        switch access {
        case .open, .optional: break
        case .agent: add(.unauthorized, "No API key, or an unknown one")
        case .admin:
            add(.unauthorized, "Neither the admin key nor an API key, or a wrong one")
            add(.forbidden, "The agent has no admin rights")
        case .own: add(.unauthorized, "No token, or an unknown one")
        }
        if acceptsIdempotencyKey {
            add(.conflict, "A request with the same Idempotency-Key is still being carried out")
            add(.unprocessableContent, "The Idempotency-Key was used with another body")
        }
        if counting != .none { add(.tooManyRequests, "Too many requests in one minute") }
        add(.internalServerError, "A fault of the server")
        add(.serviceUnavailable, "The server can't do this now: storage full or broken, or shutting down")
        return all.sorted { $0.status.code < $1.status.code }
    }
}
