import HTTPTypes
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import Hummingbird

/// Who calls, how often, and whether the group is any of its business; nothing is read of a body before that is known.
struct SyncGate: Sendable {
    /// A call let through.
    struct Visit: Sendable {
        var caller: InstanceID
        var body: [UInt8]
    }

    /// A call about a group by one of its members.
    struct MemberVisit: Sendable {
        var caller: InstanceID
        var group: GroupID
        var role: MemberRole
        var body: [UInt8]
        /// Set where this instance takes no more part in the group: what ended that.
        var ending: Event?
    }

    let replica: any ReplicaAccess
    let store: any SyncStore
    let sessions: SessionCache
    let credits: Credits
    let nonces: NonceCache
    let limits: PeeringSettings.Limits
    let own: InstanceID
    /// Whether this instance takes part in a group, as far as the shell was told yet.
    let isOpen: @Sendable (GroupID) -> Bool

    /// Lets an instance with a session through.
    ///
    /// `bodyMax` 0 reads no body.
    func visit(_ request: HiveRequest, bodyMax: Int) async throws -> Visit {
        let entry = try await enter(request, bodyMax: bodyMax)
        return Visit(caller: entry.caller, body: try await entry.body(bodyMax, self, request))
    }

    /// Lets a member of the path's group through.
    /// - Parameter servesEnded: also where this instance itself has left the group.
    func memberVisit(_ request: HiveRequest, bodyMax: Int, servesEnded: Bool = false) async throws -> MemberVisit {
        let entry = try await enter(request, bodyMax: bodyMax)
        guard let group = GroupID(try request.path("id")) else { throw SyncRefusal.notMember }
        guard let role = try await replica.role(of: entry.caller, in: group) else {
            guard let removal = try await replica.removal(of: entry.caller, in: group) else {
                throw SyncRefusal.notMember
            }
            throw SyncRefusal.removed(removal)
        }
        let ending = isOpen(group) ? nil : try await replica.removal(of: own, in: group)
        if let ending, !servesEnded { throw SyncRefusal.ended(ending) }
        let body = try await entry.body(bodyMax, self, request)
        return MemberVisit(caller: entry.caller, group: group, role: role, body: body, ending: ending)
    }

    /// A caller that has proved itself; of a sealed request the body is read already.
    private struct Entry {
        var caller: InstanceID
        var early: [UInt8]?

        func body(_ bytesMax: Int, _ gate: SyncGate, _ request: HiveRequest) async throws -> [UInt8] {
            if let early { return early }
            return bytesMax == 0 ? [] : try await gate.body(of: request, bytesMax: bytesMax)
        }
    }

    private func enter(_ request: HiveRequest, bodyMax: Int) async throws -> Entry {
        guard let header = request.request.headers[.authorization] else { throw SyncRefusal.noToken }
        let entry: Entry
        if header.hasPrefix("Bearer ") {
            let token = Array(header.utf8.dropFirst("Bearer ".utf8.count))
            guard (16...200).contains(token.count),
                let caller = try await sessions.instance(
                    tokenHash: SwiftCrypto().sha256(token).bytes,
                    nowMs: request.nowMs
                )
            else { throw SyncRefusal.unknownToken }
            entry = Entry(caller: caller, early: nil)
        } else if let seal = RequestSeal(header: header) {
            entry = Entry(caller: seal.instance, early: try await open(seal, request, bodyMax: bodyMax))
        } else {
            throw SyncRefusal.noToken
        }
        let heldMs: Int64
        do {
            heldMs = try credits.countRequest(of: entry.caller, nowMs: request.nowMs)
        } catch {
            throw SyncRefusal.exhausted(error)
        }
        if heldMs > 0 { try await Task.sleep(for: .milliseconds(heldMs)) }
        return entry
    }

    /// Checks a sealed request and returns its body.
    private func open(_ seal: RequestSeal, _ request: HiveRequest, bodyMax: Int) async throws -> [UInt8] {
        let window = limits.clockWindowMs
        guard (request.nowMs - window...request.nowMs + window).contains(seal.timeMs) else {
            throw HiveError(
                .unauthorized,
                "The time of the sealed request is more than \(window / 1_000) s off: check both clocks."
            )
        }
        guard let tokenHash = try await store.tokenHash(of: seal.instance) else { throw SyncRefusal.unknownToken }
        let body = try await body(of: request, bytesMax: max(bodyMax, 1))
        let isValid = seal.isValid(
            method: request.request.method.rawValue,
            path: Self.sealedPath(request.request.head.path ?? ""),
            body: body,
            tokenHash: tokenHash
        )
        guard isValid else { throw SyncRefusal.unknownToken }
        guard nonces.isFresh(seal.nonce, of: seal.instance, nowMs: request.nowMs) else {
            throw HiveError(.unauthorized, "The sealed request was seen before.")
        }
        return body
    }

    /// What a seal covers of a path: from `/sync/v1` on, since what stands before it may be a proxy's.
    private static func sealedPath(_ path: String) -> String {
        var rest = path[...]
        while !rest.isEmpty, !rest.hasPrefix(PeerEndpoint.suffix + "/") { rest = rest.dropFirst() }
        return String(rest)
    }

    /// The whole body within size and time.
    func body(of request: HiveRequest, bytesMax: Int) async throws -> [UInt8] {
        let bodyMs = limits.bodyMs
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await request.bytes(upTo: bytesMax) }
            group.addTask {
                try await Task.sleep(for: .milliseconds(bodyMs))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let body = first else { throw SyncRefusal.slowBody }
            return body
        }
    }
}
