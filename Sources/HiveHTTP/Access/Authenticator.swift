import HTTPTypes
public import HiveModel
public import HivePorts
import Hummingbird
import Synchronization

/// `local`: a request without an `Authorization` header acts as the built-in admin agent.
///
/// `token`: keys are required.
public enum AuthMode: String, Sendable { case local, token }

/// Finds out who sent a request: by API key (`Authorization: Bearer`), admin key (`X-Admin-Key`) or local mode.
public final class Authenticator: Sendable {
    public let mode: AuthMode
    private let adminKeys: [[UInt8]]
    private let hashing: any Hashing
    private let findAgent: @Sendable ([UInt8]) async throws -> AgentIdentity?
    private let findLocalAdmin: @Sendable () async throws -> AgentIdentity?
    private let localOrigins: LocalOrigins
    private let localAdmin = Mutex<AgentIdentity?>(nil)

    /// - Parameters:
    ///   - adminKeys: the configured key and the running server's own token; empty ones are never accepted.
    ///   - reads: API keys are looked up by the SHA-256 of their bytes.
    ///   - localOrigins: which web pages and host names local mode trusts.
    public init(
        mode: AuthMode,
        adminKeys: [String],
        hashing: any Hashing,
        reads: any CommunityReads,
        localOrigins: LocalOrigins = LocalOrigins()
    ) {
        self.mode = mode
        self.adminKeys = adminKeys.map { Array($0.utf8) }
        self.hashing = hashing
        self.findAgent = { try await reads.agent(apiKeyHash: $0) }
        self.findLocalAdmin = { try await reads.localAdmin() }
        self.localOrigins = localOrigins
    }

    /// Who sent this request, and why nobody is known where nobody is.
    ///
    /// Never throws for bad credentials: whether they matter is up to the route's `Access`.
    func identify(_ request: Request) async throws -> Identification {
        let adminKey = checkAdminKey(request)
        guard let header = request.headers[.authorization] else {
            return try await identifyWithoutToken(request, adminKey: adminKey)
        }
        guard let token = Self.bearerToken(header) else {
            return Identification(adminKey: adminKey, problem: .notBearer)
        }
        if token.hasPrefix("ohk_") { return Identification(adminKey: adminKey, problem: .ingestKey) }
        let hash = hashing.sha256(Array(token.utf8))
        guard let agent = try await findAgent(hash.bytes) else {
            return Identification(adminKey: adminKey, problem: .unknownToken)
        }
        return adminKey == .right
            ? Identification(caller: Caller(viewer: .admin(agent), proof: .adminKey), adminKey: adminKey)
            : Identification(caller: Caller(viewer: .agent(agent), proof: .apiKey), adminKey: adminKey)
    }

    private func identifyWithoutToken(_ request: Request, adminKey: AdminKeyCheck) async throws -> Identification {
        if adminKey == .right {
            let caller = Caller(viewer: .admin(try await localAgent()), proof: .adminKey)
            return Identification(caller: caller, adminKey: adminKey)
        }
        guard mode == .local, adminKey == .absent else {
            return Identification(adminKey: adminKey, problem: .noHeader)
        }
        guard localOrigins.trusts(request) else {
            return Identification(adminKey: adminKey, problem: .foreignOrigin)
        }
        guard let agent = try await localAgent() else {
            return Identification(adminKey: adminKey, problem: .noHeader)
        }
        return Identification(caller: Caller(viewer: .admin(agent), proof: .localMode), adminKey: adminKey)
    }

    private func checkAdminKey(_ request: Request) -> AdminKeyCheck {
        guard let sent = request.headers[.adminKey] else { return .absent }
        var isRight = false
        for key in adminKeys { isRight = ConstantTime.isEqual(sent.utf8, to: key) || isRight }
        return isRight ? .right : .wrong
    }

    /// The built-in agent never changes once it is there, so that one look-up is enough.
    private func localAgent() async throws -> AgentIdentity? {
        if let known = localAdmin.withLock({ $0 }) { return known }
        let found = try await findLocalAdmin()
        localAdmin.withLock { $0 = found }
        return found
    }

    /// The token of `Bearer <token>`, the scheme in any case, exactly one space; nil for any other form.
    static func bearerToken(_ header: String) -> Substring? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else { return nil }
        return parts[1]
    }
}

enum AdminKeyCheck: Sendable { case absent, wrong, right }

/// What the headers of a request proved.
struct Identification: Sendable {
    /// Why nobody is known.
    enum Problem: Sendable { case noHeader, notBearer, unknownToken, ingestKey, foreignOrigin }

    var caller: Caller = .anonymous
    var adminKey: AdminKeyCheck
    var problem: Problem?
}
