import HTTPTypes
import HiveModel
import HivePorts
import Hummingbird
import NIOCore

/// Answers one route: who asks, how often, may they, then the handler; whatever is thrown becomes a reply.
struct RouteResponder: HTTPResponder {
    typealias Context = HiveRequestContext

    let route: Route
    let services: HTTPServices

    func respond(to request: Request, context: HiveRequestContext) async throws -> Response {
        var rate: RateLimiter.Verdict?
        var response: Response
        do {
            response = try await answer(request, context, rate: &rate)
        } catch let fault as ConnectionFault {
            throw fault.underlying
        } catch {
            response = ErrorMapping.response(for: error, logger: context.logger)
        }
        if let rate {
            response.headers[.rateLimit] = String(rate.limit)
            response.headers[.rateRemaining] = String(rate.remaining)
            response.headers[.rateReset] = String(rate.resetS)
        }
        return response
    }

    private func answer(
        _ request: Request,
        _ context: HiveRequestContext,
        rate: inout RateLimiter.Verdict?
    ) async throws -> Response {
        let nowMs = services.nowMs()
        var caller = Caller.anonymous
        if route.needsIdentification {
            let identification = try await services.authenticator.identify(request)
            rate = try count(identification.caller, request, context, nowMs: nowMs)
            try route.access.check(identification)
            caller = identification.caller
        }
        if route.acceptsIdempotencyKey, let store = services.idempotency,
            let key = request.headers[.idempotencyKey]
        {
            let once = OncePerKey(route: route, store: store, hashing: services.hashing, proxies: services.proxies)
            return try await once.answer(request, context, caller: caller, key: key, nowMs: nowMs)
        }
        let hiveRequest = HiveRequest(
            request: request,
            context: context,
            caller: caller,
            route: route,
            proxies: services.proxies,
            nowMs: nowMs
        )
        return try await route.handler(hiveRequest)
    }

    /// Counts the request; throws 429 where it is one too many.
    private func count(
        _ caller: Caller,
        _ request: Request,
        _ context: HiveRequestContext,
        nowMs: Int64
    ) throws -> RateLimiter.Verdict? {
        guard let limiter = services.limiter, route.counting != .none, caller.isLimited,
            services.authenticator.mode != .local
        else { return nil }
        let subject = RateSubject(caller) { services.proxies.client(of: request, socket: context.remoteAddress) }
        let verdict = limiter.count(subject, isWrite: route.counting == .write, nowMs: nowMs)
        guard verdict.isAllowed else {
            throw TransportError(
                .tooManyRequests,
                "More than \(verdict.limit) requests in one minute; try again in \(verdict.resetS) seconds.",
                headers: [
                    .retryAfter: String(verdict.resetS), .rateLimit: String(verdict.limit), .rateRemaining: "0",
                    .rateReset: String(verdict.resetS),
                ]
            )
        }
        return verdict
    }
}

extension Route {
    /// Routes that neither count nor ask who calls skip the look-up.
    fileprivate var needsIdentification: Bool {
        switch access {
        case .open: counting != .none
        case .own: false
        case .optional, .agent, .admin: true
        }
    }
}

extension RateSubject {
    /// The agent; else the address, of IPv6 the first 64 bits, since one machine has all of the rest.
    init(_ caller: Caller, address: () -> OutgoingAddress?) {
        if let agent = caller.viewer.agent {
            self = .agent(agent.row)
            return
        }
        guard let address = address() else {
            self = .address("unknown")
            return
        }
        self = .address(address.bytes.count == 4 ? address.text : "net " + Hex.encode(address.bytes.prefix(8)))
    }
}

/// Answers a GET route's request for its head only.
struct HeadResponder: HTTPResponder {
    typealias Context = HiveRequestContext

    let get: RouteResponder

    func respond(to request: Request, context: HiveRequestContext) async throws -> Response {
        try await get.respond(to: request, context: context).createHeadResponse()
    }
}

/// Answers a known path asked with a method it does not have.
struct MethodNotAllowedResponder: HTTPResponder {
    typealias Context = HiveRequestContext

    /// As the header has it: `GET, HEAD, POST`.
    let allow: String

    func respond(to request: Request, context: HiveRequestContext) -> Response {
        ErrorMapping.response(
            status: .methodNotAllowed,
            message: "This path answers \(allow) only.",
            headers: [.allow: allow]
        )
    }
}
