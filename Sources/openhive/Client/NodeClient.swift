import AsyncHTTPClient
import Foundation
import HiveModel
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Speaks `/api/v1` of one server.
///
/// Every failure comes back as a `CommandError` with a sentence.
struct NodeClient: Sendable {
    /// `http://127.0.0.1:3000`, without a slash at the end.
    let address: String
    /// Sent as `X-Admin-Key`.
    let adminKey: String?
    /// Sent as a Bearer token: who acts.
    var apiKey: String?

    /// Largest reply read, in bytes.
    private static let replyBytesMax = 64 * 1024 * 1024

    private let http: HTTPClient

    /// One pool of connections for the whole process.
    private static let network = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)

    /// For the server of a data directory here: it is known by its lock, so its certificate may be for other names, or
    /// of an authority that this machine does not know.
    private static let thisMachine: HTTPClient = {
        var configuration = settings
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        configuration.tlsConfiguration = tls
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// A refused connection is reported at once, not tried again.
    private static var settings: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Throws where `address` is no http(s) address.
    init(
        address: String,
        adminKey: String?,
        apiKey: String? = nil,
        isOnThisMachine: Bool = false
    ) throws(CommandError) {
        var text = address
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            !(url.host() ?? "").isEmpty
        else {
            throw CommandError(
                .usage,
                "\"\(address)\" is no address of a server: write it like http://127.0.0.1:3000."
            )
        }
        self.address = text
        http = isOnThisMachine ? Self.thisMachine : Self.network
        self.adminKey = adminKey
        self.apiKey = apiKey
    }

    func get(_ path: String, query: [(String, String)] = [], timeout: Duration = .seconds(30)) async throws -> JSONValue
    {
        try await send(.GET, Self.path(path, query), body: nil, timeout: timeout)
    }

    func post(
        _ path: String,
        _ body: JSONValue = .object([]),
        timeout: Duration = .seconds(60)
    ) async throws -> JSONValue {
        try await send(.POST, path, body: JSONWriter.bytes(body), timeout: timeout)
    }

    /// A body that is JSON text already.
    func post(_ path: String, json: [UInt8], timeout: Duration = .seconds(60)) async throws -> JSONValue {
        try await send(.POST, path, body: json, timeout: timeout)
    }

    func patch(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await send(.PATCH, path, body: JSONWriter.bytes(body), timeout: .seconds(60))
    }

    func put(_ path: String, _ body: JSONValue = .object([])) async throws -> JSONValue {
        try await send(.PUT, path, body: JSONWriter.bytes(body), timeout: .seconds(60))
    }

    func delete(_ path: String) async throws {
        _ = try await send(.DELETE, path, body: nil, timeout: .seconds(60))
    }

    func delete(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await send(.DELETE, path, body: JSONWriter.bytes(body), timeout: .seconds(60))
    }

    /// Percent-encodes one part of a path.
    static func part(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~@")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }

    private static func path(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0.0)=\(part($0.1))" }.joined(separator: "&")
    }

    private func send(_ method: HTTPMethod, _ path: String, body: [UInt8]?, timeout: Duration) async throws -> JSONValue
    {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "openhive")
        if let adminKey { request.headers.add(name: "x-admin-key", value: adminKey) }
        if let apiKey { request.headers.add(name: "authorization", value: "Bearer " + apiKey) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        switch await Self.exchange(request, over: http, timeout: timeout) {
        case .success(let reply): return try Self.value(status: reply.status, reply.body, of: address)
        case .failure(let error):
            throw CommandError(.unreachable, "The server at \(address) does not answer: \(Self.reason(error)).")
        }
    }

    /// Sends and reads the whole reply.
    ///
    /// Gives a result, and throws nothing: with both kinds of throwing in one asynchronous function the release
    /// optimiser of Swift 6.3.1 crashes (splitting the coroutine).
    private static func exchange(
        _ request: HTTPClientRequest,
        over client: HTTPClient,
        timeout: Duration
    ) async -> Result<(status: UInt, body: [UInt8]), any Error> {
        do {
            let ms = Int64(timeout / .milliseconds(1))
            let response = try await client.execute(request, timeout: .milliseconds(ms))
            let body = Array(buffer: try await response.body.collect(upTo: replyBytesMax))
            return .success((response.status.code, body))
        } catch {
            return .failure(error)
        }
    }

    private static func value(status: UInt, _ reply: [UInt8], of address: String) throws -> JSONValue {
        let value = reply.isEmpty ? JSONValue.null : try? JSONValue(parsing: reply, limits: limits)
        if (200..<300).contains(status) {
            guard let value else {
                throw CommandError(
                    .failed,
                    "\(address) answered with something that is no JSON: is it an OpenHive server?"
                )
            }
            return value
        }
        let title = value?["error"]?.string ?? "HTTP \(status)"
        var message =
            value?["message"]?.string
            ?? sentence(details: value?["details"]).map { "The server does not take that: \($0)." }
            ?? "The server answered with status \(status)."
        if status == 401 || status == 403, value?["message"] == nil { message += " Give --admin-key." }
        throw CommandError(.failed, message, title: title)
    }

    private static let limits = JSONLimits(bytesMax: replyBytesMax)

    /// What a validation error says, of all its fields.
    private static func sentence(details: JSONValue?) -> String? {
        guard let issues = details?.array, !issues.isEmpty else { return nil }
        let parts = issues.compactMap { issue -> String? in
            guard let message = issue["message"]?.string else { return nil }
            let path = (issue["path"]?.array ?? []).compactMap { $0.string ?? $0.int.map(String.init) }
            return path.isEmpty ? message : path.joined(separator: ".") + ": " + message
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded:
            "it took too long"
        case let error as HTTPClientError: error.shortDescription
        case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there"
        case let error as NIOConnectionError:
            error.connectionErrors.isEmpty ? "its name is not known" : "nothing listens there"
        default: "\(error)"
        }
    }
}
