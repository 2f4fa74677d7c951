import HTTPTypes
public import HiveModel
public import HivePorts
public import Hummingbird
import NIOCore

/// A request as a route's handler sees it: caller known, parameters and body checked against what the route declares.
public struct HiveRequest: Sendable {
    public let request: Request
    public let context: HiveRequestContext
    public let caller: Caller
    /// Milliseconds since 1970, read once when the request came in.
    public let nowMs: Int64
    private let proxies: TrustedProxies
    /// Nil where no `Idempotency-Key` came.
    let ticket: OnceTicket?
    let parameters: [Route.Parameter]
    let bodyDeclaration: Route.Body?

    init(
        request: Request,
        context: HiveRequestContext,
        caller: Caller,
        route: Route,
        proxies: TrustedProxies,
        ticket: OnceTicket? = nil,
        nowMs: Int64
    ) {
        self.request = request
        self.context = context
        self.caller = caller
        self.nowMs = nowMs
        self.proxies = proxies
        self.ticket = ticket
        self.parameters = route.parameters
        self.bodyDeclaration = route.body
    }

    /// Where the request came from, as far as trusted proxies tell; nil where nobody can.
    public var clientAddress: OutgoingAddress? { proxies.client(of: request, socket: context.remoteAddress) }

    public var viewer: Viewer { caller.viewer }

    /// The agent that acts; routes with access `.agent` always have one.
    public func agent() throws -> AgentIdentity {
        guard let agent = caller.viewer.agent else {
            throw HiveError(.unauthorized, "The admin key alone names no agent: send an API key as well.")
        }
        return agent
    }

    /// A segment of the path, percent-decoded.
    public func path(_ name: String) throws -> String {
        guard let raw = context.parameters.get(name) else {
            throw HiveError(.internalFault, "The route's path has no parameter '\(name)'.")
        }
        guard let decoded = PercentDecoding.decode(raw.utf8, plusIsSpace: false) else {
            throw HiveError(.badRequest, "The path holds a broken percent escape or bytes that are not UTF-8.")
        }
        return decoded
    }

    /// The declared query parameters, checked.
    public func query() throws -> QueryValues {
        try QueryValues(query: request.uri.query ?? "", parameters: parameters)
    }

    /// The JSON body, well-formed but not yet checked against its schema; nil where there is none and none is needed.
    ///
    /// For handlers that must first see whether the caller may do this at all; they call `checked` then. Reads the
    /// body: once only.
    public func json() async throws -> JSONValue? {
        guard let bodyDeclaration else {
            throw HiveError(.internalFault, "The route declares no body.")
        }
        let bytes = try await bytes(upTo: bodyDeclaration.bytesMax)
        guard !bytes.isEmpty else {
            guard bodyDeclaration.isRequired else { return nil }
            throw HiveError(.badRequest, "The request has no body; a JSON object is expected.")
        }
        try requireJSONType()
        do {
            return try JSONValue(parsing: bytes, limits: JSONLimits(bytesMax: bodyDeclaration.bytesMax))
        } catch {
            throw HiveError(.badRequest, "The body is no valid JSON: \(error)")
        }
    }

    /// A JSON value checked against the declared body schema: an object that holds what was promised, or a
    /// `ValidationError` with every issue.
    public func checked(_ value: JSONValue?) throws -> RequestObject {
        guard let bodyDeclaration, let value else { return RequestObject([]) }
        var validator = SchemaValidator()
        validator.check(value, bodyDeclaration.schema)
        guard validator.issues.isEmpty else { throw ValidationError(validator.issues) }
        return RequestObject(value.members ?? [])
    }

    /// The body, parsed and checked.
    public func body() async throws -> RequestObject {
        try checked(try await json())
    }

    /// The raw body.
    ///
    /// Larger than `bytesMax` throws `HiveError(.tooLarge)`. Reads the body: once only.
    public func bytes(upTo bytesMax: Int) async throws -> [UInt8] {
        Array(buffer: try await RequestBytes.collect(request, upTo: bytesMax))
    }

    /// Refuses a body whose declared type is not JSON.
    public func requireJSONType() throws {
        guard let type = request.headers[.contentType] else { return }
        guard !RequestBytes.isJSONType(type) else { return }
        throw TransportError(.unsupportedMediaType, "The body must be application/json, not '\(type)'.")
    }
}

/// Reads bodies within a limit.
enum RequestBytes {
    static func collect(_ request: Request, upTo bytesMax: Int) async throws -> ByteBuffer {
        let tooLarge = HiveError(.tooLarge, "The body is larger than \(bytesMax) bytes.")
        if let text = request.headers[.contentLength], let length = Int64(text), length > Int64(bytesMax) {
            throw tooLarge
        }
        do {
            return try await request.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            throw ConnectionFault(underlying: error)
        }
    }

    /// `application/json` or `application/<anything>+json`, with or without parameters.
    static func isJSONType(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }
}
