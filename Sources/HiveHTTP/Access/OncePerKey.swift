import HTTPTypes
import HiveModel
import HivePorts
import Hummingbird
import NIOCore

/// Carries a request with an `Idempotency-Key` out once and answers repeats with the first reply.
struct OncePerKey {
    static let keyLengthMax = 255

    let route: Route
    let store: any IdempotencyStore
    let hashing: any Hashing
    let proxies: TrustedProxies

    func answer(
        _ request: Request,
        _ context: HiveRequestContext,
        caller: Caller,
        key: String,
        nowMs: Int64
    ) async throws -> Response {
        guard (1...Self.keyLengthMax).contains(key.utf8.count) else {
            throw HiveError(.badRequest, "An Idempotency-Key has 1 to \(Self.keyLengthMax) characters.")
        }
        var request = request
        let bytesMax = route.body?.bytesMax ?? Route.Body.defaultBytesMax
        let body = try await RequestBytes.collect(request, upTo: bytesMax)
        request.body = RequestBody(buffer: body)
        let name = IdempotencyKey(
            subject: subject(of: caller, request, context),
            target: "\(route.method.rawValue) \(request.uri.path)",
            key: key
        )
        let fingerprint = hashing.sha256(Array(buffer: body)).bytes
        switch try await store.begin(name, fingerprint: fingerprint, nowMs: nowMs) {
        case .replay(let reply): return Response(replaying: reply)
        case .inProgress:
            throw HiveError(.conflict, "The first request with this Idempotency-Key is still being carried out.")
        case .mismatch:
            throw HiveError(.unprocessable, "This Idempotency-Key was used with another body: take a new one.")
        case .proceed: break
        }
        let ticket = OnceTicket(name: name, fingerprint: fingerprint)
        let hiveRequest = HiveRequest(
            request: request,
            context: context,
            caller: caller,
            route: route,
            proxies: proxies,
            ticket: ticket,
            nowMs: nowMs
        )
        do {
            let response = try await route.handler(hiveRequest)
            let reply = try await StoredReply(response)
            try await store.finish(name, fingerprint: fingerprint, ticket.isKept ? .kept : .replied(reply))
            return Response(first: reply, headers: response.headers)
        } catch {
            let response = ErrorMapping.response(for: error, logger: context.logger)
            // What failed for a passing reason is tried again; what was refused stays refused under this key.
            let isFinal = response.status.code < 500
            let end: IdempotencyEnd = isFinal ? .replied(try await StoredReply(response)) : .failed
            try await store.finish(name, fingerprint: fingerprint, end)
            return response
        }
    }

    private func subject(of caller: Caller, _ request: Request, _ context: HiveRequestContext) -> String {
        if let agent = caller.viewer.agent { return "agent:\(agent.id)" }
        if caller.viewer.isAdmin { return "admin" }
        let address = proxies.client(of: request, socket: context.remoteAddress)
        return "address:\(address?.text ?? "unknown")"
    }
}

extension StoredReply {
    init(_ response: Response) async throws {
        let writer = CollectingWriter()
        try await response.body.write(writer)
        self.init(
            status: response.status.code,
            contentType: response.headers[.contentType],
            body: Array(buffer: writer.collected.buffer)
        )
    }
}

extension Response {
    fileprivate init(replaying reply: StoredReply) {
        var headers: HTTPFields = [.idempotentReplayed: "true"]
        headers[.contentType] = reply.contentType
        self.init(first: reply, headers: headers)
    }

    fileprivate init(first reply: StoredReply, headers: HTTPFields) {
        let status = HTTPResponse.Status(code: reply.status)
        guard !reply.body.isEmpty else {
            self.init(status: status, headers: headers)
            if status == .noContent { self.headers[.contentLength] = nil }
            return
        }
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }
}

/// Takes a reply's body into memory; only one task ever writes to it.
private struct CollectingWriter: ResponseBodyWriter {
    final class Collected {
        var buffer = ByteBuffer()
    }

    let collected = Collected()

    mutating func write(_ buffer: ByteBuffer) {
        var buffer = buffer
        collected.buffer.writeBuffer(&buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) {}
}
