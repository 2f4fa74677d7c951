public import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Calls to other machines: no redirects, no automatic retries, every wait and every reply bounded.
public final class OutgoingClient: Sendable {
    public struct Limits: Sendable {
        public var connectTimeoutMs: Int64
        /// The longest silence inside a reply.
        public var idleTimeoutMs: Int64
        /// A waiting pull holds a connection, so this must exceed the groups shared with one peer.
        public var connectionsPerHost: Int
        /// Clients for pinned https hosts kept at a time.
        public var pinnedMax: Int

        public init(
            connectTimeoutMs: Int64 = 5_000,
            idleTimeoutMs: Int64 = 40_000,
            connectionsPerHost: Int = 128,
            pinnedMax: Int = 64
        ) {
            self.connectTimeoutMs = connectTimeoutMs
            self.idleTimeoutMs = idleTimeoutMs
            self.connectionsPerHost = connectionsPerHost
            self.pinnedMax = pinnedMax
        }
    }

    private struct Pin: Hashable {
        var host: String
        var address: OutgoingAddress
    }

    private struct Pinned {
        var clients: [Pin: HTTPClient] = [:]
        var isClosed = false
    }

    private let limits: Limits
    private let trusting: TrustedAuthorities?
    private let shared: HTTPClient
    private let pinned = Mutex(Pinned())

    /// - Parameter trusting: authorities trusted besides those of the system.
    public init(limits: Limits = Limits(), trusting: TrustedAuthorities? = nil) {
        self.limits = limits
        self.trusting = trusting
        shared = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
            configuration: Self.settings(limits, trusting)
        )
    }

    deinit {
        // Whoever forgot to shut down, or never came to run: connections are closed in the background.
        guard !pinned.withLock({ $0.isClosed }) else { return }
        shared.shutdown { _ in }
    }

    /// Closes all connections, calls under way included.
    public func shutdown() async {
        let clients = pinned.withLock { state in
            state.isClosed = true
            defer { state.clients = [:] }
            return Array(state.clients.values)
        }
        for client in [shared] + clients {
            try? await client.shutdown()
        }
    }

    /// The whole reply, whatever its status.
    public func send(_ request: OutgoingRequest) async throws(OutgoingError) -> OutgoingReply {
        do {
            return try await Self.withDeadline(ms: request.timeoutMs, url: request.url) {
                try await self.stream(request) { head, body in
                    var bytes: [UInt8] = []
                    for try await chunk in body {
                        guard bytes.count + chunk.readableBytes <= request.replyBytesMax else {
                            let answer = "answered more than \(request.replyBytesMax) bytes"
                            throw OutgoingError(.tooLarge, "\(request.url) \(answer): is it an OpenHive instance?")
                        }
                        bytes.append(contentsOf: chunk.readableBytesView)
                    }
                    return OutgoingReply(head: head, body: bytes)
                }
            }
        } catch {
            throw OutgoingError.from(error, url: request.url)
        }
    }

    /// Hands the reply over as it arrives; a body not read to its end closes the connection.
    ///
    /// The request's timeout counts until the head, the idle timeout after it.
    public func stream<Value: Sendable>(
        _ request: OutgoingRequest,
        _ consume: @Sendable (OutgoingHead, OutgoingBody) async throws -> Value
    ) async throws -> Value {
        var message = HTTPClientRequest(url: request.url)
        message.method = request.method == .get ? .GET : .POST
        for (name, value) in request.headers {
            message.headers.replaceOrAdd(name: name, value: value)
        }
        if let body = request.body {
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        let response: HTTPClientResponse
        do {
            response = try await client(for: request)
                .execute(message, deadline: .now() + .milliseconds(request.timeoutMs))
        } catch {
            throw OutgoingError.from(error, url: request.url)
        }
        let head = OutgoingHead(
            status: Int(response.status.code),
            headers: response.headers.map { ($0.name.lowercased(), $0.value) }
        )
        do {
            return try await consume(head, response.body)
        } catch  where OutgoingError.isTransport(error) {
            throw OutgoingError.from(error, url: request.url)
        }
    }

    /// The shared client, or for a pinned host one whose connections go to that address only.
    private func client(for request: OutgoingRequest) throws -> HTTPClient {
        guard let address = request.pinned, let host = OutgoingURL(request.url)?.host else { return shared }
        let pin = Pin(host: host, address: address)
        let (client, dropped) = try pinned.withLock { state -> (HTTPClient, [HTTPClient]) in
            guard !state.isClosed else { throw OutgoingError(.cancelled, "this instance is stopping") }
            if let client = state.clients[pin] { return (client, []) }
            var settings = Self.settings(limits, trusting)
            settings.dnsOverride = [host: address.text]
            let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: settings)
            let dropped = state.clients.count >= limits.pinnedMax ? Array(state.clients.values) : []
            if !dropped.isEmpty { state.clients = [:] }
            state.clients[pin] = client
            return (client, dropped)
        }
        for old in dropped {
            // Fire and forget: nobody waits for connections to addresses that fell out of use.
            old.shutdown { _ in }
        }
        return client
    }

    private static func settings(_ limits: Limits, _ trusting: TrustedAuthorities?) -> HTTPClient.Configuration {
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: .milliseconds(limits.connectTimeoutMs),
                read: .milliseconds(limits.idleTimeoutMs)
            )
        )
        settings.httpVersion = .http1Only
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsPerHost
        // A refused connection is told at once; when to try again is the replication engine's decision.
        settings.connectionPool.retryConnectionEstablishment = false
        trusting?.apply(to: &settings)
        return settings
    }

    private static func withDeadline<Value: Sendable>(
        ms: Int64,
        url: String,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(ms))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else {
                throw OutgoingError(
                    .timeout,
                    "\(url) did not answer within \(ms) ms: it is overloaded or does not listen any more"
                )
            }
            return value
        }
    }
}
