import HiveHTTP
import Hummingbird
import Logging

/// Logs each request at debug, without its query and headers: they may hold secrets.
struct AccessLog: HTTPResponder {
    typealias Context = HiveRequestContext

    let next: HiveRouter

    func respond(to request: Request, context: HiveRequestContext) async throws -> Response {
        guard context.logger.logLevel <= .debug else { return try await next.respond(to: request, context: context) }
        let started = ContinuousClock.now
        let response = try await next.respond(to: request, context: context)
        context.logger.debug(
            "request",
            metadata: [
                "http.method": "\(request.method.rawValue)", "http.path": "\(request.uri.path)",
                "http.status": "\(response.status.code)", "duration": "\(ContinuousClock.now - started)",
            ]
        )
        return response
    }
}
