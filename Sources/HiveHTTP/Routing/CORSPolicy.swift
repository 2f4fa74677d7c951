import HTTPTypes
import Hummingbird

/// Which web pages of other origins may read replies.
///
/// No credentials of the browser are ever involved: keys travel in headers that the page itself must know.
public struct CORSPolicy: Sendable, Hashable {
    /// Nil = any origin is named back.
    public var origins: [String]?

    public init(origins: [String]? = nil) {
        self.origins = origins
    }

    private static let methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    private static let requestHeaders = "Content-Type, Authorization, X-Admin-Key, Idempotency-Key"
    private static let replyHeaders =
        "Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Idempotent-Replayed"

    /// The answer to a preflight request; nil where the request is none.
    func preflight(_ request: Request) -> Response? {
        guard request.method == .options, let origin = request.headers[.origin],
            request.headers[.accessControlRequestMethod] != nil
        else { return nil }
        var response = Response.noContent
        apply(to: &response, origin: origin)
        if allows(origin) {
            response.headers[.accessControlAllowMethods] = Self.methods
            response.headers[.accessControlAllowHeaders] = Self.requestHeaders
            response.headers[.accessControlMaxAge] = "600"
        }
        return response
    }

    func apply(to response: inout Response, origin: String) {
        response.headers[.vary] = "Origin"
        guard allows(origin) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = Self.replyHeaders
    }

    private func allows(_ origin: String) -> Bool {
        origins.map { $0.contains(origin) } ?? true
    }
}
