import HTTPTypes
public import Hummingbird

/// The responder of a whole server, made from route values.
///
/// A known path asked with another method answers 405 with `Allow`, an unknown path 404, `HEAD` works wherever `GET`
/// does, and every error has the one shape.
public struct HiveRouter: HTTPResponder {
    public typealias Context = HiveRequestContext

    /// What is routed, `GET /openapi.json` included, in the order given.
    public let routes: [Route]
    private let router: RouterResponder<HiveRequestContext>
    private let cors: CORSPolicy?

    /// Methods that are answered with 405 where a path does not have them.
    ///
    /// Any other word is treated as `TRACE`, which nothing has.
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    /// - Parameters:
    ///   - routes: no two with the same method and path.
    ///   - info: what `/openapi.json` says about the server.
    public static func build(routes: [Route], info: OpenAPIInfo, services: HTTPServices) -> HiveRouter {
        HiveRouter(routes: routes + [OpenAPIDocument.route(describing: routes, info: info)], services: services)
    }

    private init(routes: [Route], services: HTTPServices) {
        let router = Router(context: HiveRequestContext.self)
        var paths: [String] = []
        for route in routes where !paths.contains(route.path) { paths.append(route.path) }
        for path in paths {
            Self.add(routes.filter { $0.path == path }, at: path, to: router, services: services)
        }
        // Added after the routes, it surrounds only what no route matched.
        router.add(middleware: UnknownPathMiddleware())
        self.routes = routes
        self.router = router.buildResponder()
        self.cors = services.cors
    }

    private static func add(
        _ routes: [Route],
        at path: String,
        to router: Router<HiveRequestContext>,
        services: HTTPServices
    ) {
        let routerPath = RouterPath(path)
        var taken: [HTTPRequest.Method] = []
        for route in routes {
            let responder = RouteResponder(route: route, services: services)
            router.on(routerPath, method: route.method, responder: responder)
            taken.append(route.method)
            if route.method == .get {
                router.on(routerPath, method: .head, responder: HeadResponder(get: responder))
                taken.append(.head)
            }
        }
        let refusal = MethodNotAllowedResponder(allow: taken.map(\.rawValue).sorted().joined(separator: ", "))
        for method in methods where !taken.contains(method) {
            router.on(routerPath, method: method, responder: refusal)
        }
    }

    public func respond(to request: Request, context: HiveRequestContext) async throws -> Response {
        guard let cors, let origin = request.headers[.origin] else {
            return try await route(request, context)
        }
        if let preflight = cors.preflight(request) { return preflight }
        var response = try await route(request, context)
        cors.apply(to: &response, origin: origin)
        return response
    }

    private func route(_ request: Request, _ context: HiveRequestContext) async throws -> Response {
        guard Self.methods.contains(request.method) else {
            var head = request.head
            head.method = .trace
            return try await router.respond(to: Request(head: head, body: request.body), context: context)
        }
        return try await router.respond(to: request, context: context)
    }
}

/// Gives the 404 of an unknown path the API's shape.
private struct UnknownPathMiddleware: RouterMiddleware {
    typealias Context = HiveRequestContext

    func handle(
        _ request: Request,
        context: HiveRequestContext,
        next: @concurrent (Request, HiveRequestContext) async throws -> Response
    ) async throws -> Response {
        ErrorMapping.response(
            status: .notFound,
            message: "Route \(request.method.rawValue):\(request.uri.path) not found"
        )
    }
}
