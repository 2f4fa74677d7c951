import HTTPTypes
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePeering
import HivePorts
import HiveSync
import HiveTestKit
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import HiveNode

/// An instance with the real sync shell, a real HTTP server on loopback, and storage in memory.
final class PeeringNode: InstanceIdentity, JoinDesk {
    let replica = PeeringReplica()
    let store = PeeringStore()
    let name: String
    private let writer: Mutex<TestInstance<SwiftCrypto>>
    private let port = Mutex<Int?>(nil)
    private let held = Mutex<PeeringService?>(nil)
    private let fixedMs = Mutex<Int64?>(nil)

    let instance: InstanceID
    let identityKey: PublicKey
    private let identity: Ed25519Signer

    init(_ writer: TestInstance<SwiftCrypto>) {
        name = writer.name
        instance = writer.id
        identityKey = writer.identityKey
        identity = writer.identity
        self.writer = Mutex(writer)
    }

    func sign(_ message: [UInt8]) -> [UInt8] { identity.sign(message) }

    var syncEndpoint: String? { port.withLock { $0 }.map { "http://127.0.0.1:\($0)/sync/v1" } }

    /// The endpoint, once the server listens.
    var endpoint: String { syncEndpoint ?? "http://127.0.0.1:1/sync/v1" }

    /// Stops the server's wall clock at a time, or lets it go again.
    func setClock(_ ms: Int64?) { fixedMs.withLock { $0 = ms } }

    var service: PeeringService {
        guard let service = held.withLock({ $0 }) else { preconditionFailure("The node does not run yet.") }
        return service
    }

    // MARK: Writing

    /// Appends to this instance's own log and admits it, as its node would.
    @discardableResult
    func write<Value>(_ body: (inout TestInstance<SwiftCrypto>) -> Value) throws -> Value {
        let (value, events, group) = writer.withLock { writer in
            let before = writer.events.count
            let value = body(&writer)
            return (value, Array(writer.events[before...]), writer.group)
        }
        if let group, !events.isEmpty { try replica.write(events, group) }
        return value
    }

    /// Founds a group and admits its genesis.
    func found() throws -> GroupID {
        let genesis = try write { $0.found() }
        return genesis.groupID
    }

    // MARK: JoinDesk

    func admitJoiner(_ request: JoinRequest) async throws -> JoinGrant {
        let groups = try await replica.sharedGroups()
        guard let group = groups.first(where: { $0.id == request.group || $0.groupName == request.groupName }) else {
            throw HiveError(.notFound, "There is no such group.")
        }
        var role = try await replica.role(of: request.instance, in: group.id)
        if role == nil {
            switch request.proof {
            case .membership: throw HiveError(.forbidden, "Not a member.")
            case .handshakeSecret, .configuredPeer: break
            case .invite(let id, _):
                guard store.use(id) else { throw HiveError(.forbidden, "The invite is used up.") }
            }
            let addition = InstanceAdded(
                instance: request.instance,
                identityKey: request.identityKey,
                role: .member,
                name: request.name,
                fromEpoch: 1
            )
            try write { $0.append(.instanceAdded(addition)) }
            role = .member
        }
        try await remember(request, group.id)
        let heads = try await replica.heads(of: group.id)?.heads ?? []
        return JoinGrant(
            group: group.id,
            groupName: group.groupName,
            heads: heads,
            currentSeq: Int64(replica.eventCount(group.id)),
            role: role ?? .member,
            fromEpoch: 1,
            isDialable: request.syncEndpoint != nil
        )
    }

    private func remember(_ request: JoinRequest, _ group: GroupID) async throws {
        try await store.putSession(
            instance: request.instance,
            tokenHash: request.tokenHash,
            identityKey: request.identityKey
        )
        let record = PeerRecord(
            id: PeerID("peer-\(request.instance.rawValue)"),
            name: request.name,
            syncEndpoint: request.syncEndpoint,
            sharedHives: [],
            groups: [group],
            instance: request.instance,
            identityKey: request.identityKey,
            syncToken: request.tokenForJoiner,
            source: "handshake",
            createdAtMs: 0,
            updatedAtMs: 0
        )
        try await store.putPeer(record)
        service.peerConfigured(record)
    }

    // MARK: Running

    /// Runs server and sync shell while `body` runs.
    func run<Value: Sendable>(
        _ settings: PeeringSettings = .quick,
        _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "peering.\(name)")
        logger.logLevel = .critical
        let service = PeeringService(
            identity: self,
            replica: replica,
            store: store,
            desk: self,
            settings: settings,
            alerts: AlertBoard(logger: logger),
            logger: logger
        )
        held.withLock { $0 = service }
        replica.listen { [weak service] group, heads in service?.committed(group, heads) }
        let (listening, started) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: HiveRouter.build(
                routes: service.routes(),
                info: OpenAPIInfo(title: "Test", version: "1", description: "A test's server."),
                services: HTTPServices(
                    authenticator: Authenticator(
                        mode: .token,
                        adminKeys: [],
                        hashing: SwiftCrypto(),
                        reads: NoCommunity()
                    ),
                    limiter: nil,
                    idempotency: nil,
                    cors: nil,
                    hashing: SwiftCrypto(),
                    nowMs: { [self] in fixedMs.withLock { $0 } ?? WallClock.nowMs() }
                )
            ),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { started.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            let group = ServiceGroup(services: [service, application], logger: logger)
            tasks.addTask {
                try await group.run()
                return nil
            }
            for await port in listening {
                self.port.withLock { $0 = port }
                break
            }
            tasks.addTask { try await body() }
            while let result = try await tasks.next() {
                guard let value = result else { continue }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return value
            }
            throw CancellationError()
        }
    }
}

extension PeeringSettings {
    /// Short waits, so that tests of retries need no patience.
    static let quick: PeeringSettings = {
        var settings = PeeringSettings(
            replicator: ReplicatorSettings(heartbeatMs: 300, retryFirstMs: 20, retryLongestMs: 200, contactRetryMs: 20),
            seed: 7,
            listensOnLoopbackOnly: true
        )
        settings.limits.reportMs = 50
        return settings
    }()
}

/// Two instances, the first founding a group.
struct PeeringPair: Sendable {
    let a = PeeringNode(TestInstance("a", seed: 11, crypto: SwiftCrypto()))
    let b = PeeringNode(TestInstance("b", seed: 12, crypto: SwiftCrypto()))

    /// Runs both and founds the group on `a`.
    func run(
        a settingsA: PeeringSettings = .quick,
        b settingsB: PeeringSettings = .quick,
        _ body: @Sendable @escaping (GroupID) async throws -> Void
    ) async throws {
        let group = try a.found()
        try await a.run(settingsA) {
            try await b.run(settingsB) { try await body(group) }
        }
    }

    /// An invite of `a`.
    func invite(_ group: GroupID, secret: [UInt8], uses: Int64 = 1, expiresAtMs: Int64 = 9_000_000_000_000) async throws
    {
        try await a.store.putInvite(
            InviteRecord(
                id: "inv_1",
                group: group,
                hiveName: "engineering",
                role: .member,
                secretHash: SwiftCrypto().sha256(secret).bytes,
                usesLeft: uses,
                maxUses: uses,
                createdAtMs: 0,
                expiresAtMs: expiresAtMs
            )
        )
    }

    /// The handshake an invite of `a` asks for.
    func order(_ group: GroupID?, secret: [UInt8]) -> HandshakeOrder {
        HandshakeOrder(
            endpoints: [a.endpoint],
            group: group,
            groupName: "sync:engineering",
            proof: .invite(id: "inv_1", secret: secret, issuer: a.instance),
            expected: a.instance
        )
    }

    /// Lets `b` join by an invite, as its node would.
    @discardableResult
    func join(_ group: GroupID) async throws -> HandshakeResult {
        let secret = Array("a secret of sixteen bytes and more".utf8)
        try await invite(group, secret: secret)
        let result = try await b.service.handshake(order(group, secret: secret))
        b.replica.open(group)
        let record = PeerRecord(
            id: PeerID("peer-a"),
            name: "a",
            syncEndpoint: result.endpoint,
            sharedHives: [],
            groups: [group],
            instance: result.instance,
            identityKey: result.identityKey,
            syncToken: result.syncToken,
            reachesUs: result.reachesUs,
            createdAtMs: 0,
            updatedAtMs: 0
        )
        try await b.store.putPeer(record)
        b.service.groupOpened(group, try await heads(b, group))
        b.service.peerConfigured(record)
        return result
    }

    func heads(_ node: PeeringNode, _ group: GroupID) async throws -> GroupHeads {
        try await node.replica.heads(of: group)
            ?? GroupHeads(heads: [], digest: SwiftCrypto().sha256([]), stateRoot: nil)
    }

    /// Returns when both hold the same, at least `events` of them.
    func settle(_ group: GroupID, events: Int) async throws {
        for _ in 0..<2_000 {
            let left = try await heads(a, group)
            let right = try await heads(b, group)
            if left == right, a.replica.eventCount(group) >= events { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw HiveError(
            .internalFault,
            "The two did not come together: \(a.replica.eventCount(group)) and \(b.replica.eventCount(group)) events."
        )
    }
}
