import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import Synchronization
import Testing

@testable import HiveNode

/// A whole node in this process: with servers on a free loopback port, or its parts alone.
final class TestNode: Sendable {
    let ready: ReadyNode
    let parts: NodeParts
    private let task: Task<Void, any Error>

    private init(ready: ReadyNode, parts: NodeParts, task: Task<Void, any Error>) {
        self.ready = ready
        self.parts = parts
        self.task = task
    }

    static func configuration(
        _ directory: TemporaryDirectory,
        name: String,
        values: [String: String] = [:]
    ) throws -> NodeConfiguration {
        var all = [
            "port": "0", "sync.enabled": "true", "instance.name": name, "log.level": "critical",
            "rate_limit.enabled": "false", "sync.heartbeat_interval": "1000",
        ]
        all.merge(values) { $1 }
        let flags = ConfigurationFlags(dataDirectory: directory.path, values: all)
        return try NodeConfiguration.load(flags: flags, environment: [:])
    }

    /// The parts of a node without servers, in a directory made for them.
    static func offline(
        _ directory: TemporaryDirectory,
        name: String = "Alone",
        clock: any PeeringClock = SystemPeeringClock()
    ) async throws -> NodeParts {
        let configuration = try configuration(directory, name: name)
        if !configuration.dataDirectory.isInitialized {
            try configuration.dataDirectory.createFiles(settings: [])
            try configuration.dataDirectory.mark()
        }
        return try await NodeParts.open(configuration, logger: NodeLog.logger(level: "critical"), clock: clock)
    }

    static func start(
        _ directory: TemporaryDirectory,
        name: String,
        values: [String: String] = [:],
        clock: any PeeringClock = SystemPeeringClock()
    ) async throws -> TestNode {
        let configuration = try configuration(directory, name: name, values: values)
        let (events, sink) = AsyncThrowingStream.makeStream(of: (ReadyNode, NodeParts).self)
        let task = Task {
            do {
                try await Node.run(configuration: configuration, handlesSignals: false, clock: clock) { ready, parts in
                    sink.yield((ready, parts))
                }
                sink.finish()
            } catch {
                sink.finish(throwing: error)
                throw error
            }
        }
        for try await (ready, parts) in events { return TestNode(ready: ready, parts: parts, task: task) }
        throw HiveError(.internalFault, "The node ended before it listened.")
    }

    func stop() async {
        task.cancel()
        _ = await task.result
    }

    // MARK: Acting

    func admin() async throws -> AgentIdentity { try #require(try await parts.store.localAdmin()) }

    func heads(_ group: GroupID) -> GroupHeads? { parts.board.heads(of: group) }
}

extension NodeParts {
    func admin() async throws -> AgentIdentity { try #require(try await store.localAdmin()) }

    func agent(_ name: String, isAdmin: Bool = false) async throws -> AgentIdentity {
        let view = try await community.registerAgent(NewAgent(name: name, isAdmin: isAdmin)).agent
        return AgentIdentity(row: view.row, id: view.id, name: view.name, isAdmin: isAdmin)
    }

    func hive(_ name: String, by agent: AgentIdentity, isPublic: Bool = true) async throws -> GroupID {
        let view = try await community.createHive(NewHive(name: name, isPublic: isPublic), by: agent)
        return try #require(GroupID(view.groupID))
    }

    func post(_ title: String, in hive: String, by agent: AgentIdentity) async throws -> PostView {
        try await community.createPost(NewPost(hive: hive, title: title, content: "text", url: nil), by: agent)
    }
}

/// The machine's clocks, with a wall clock that a test sets.
final class AdjustableClock: PeeringClock {
    private let machine = SystemPeeringClock()
    private let offMs = Mutex<Int64>(0)

    /// How far the wall clock is ahead of the machine's.
    func set(offMs: Int64) { self.offMs.withLock { $0 = offMs } }

    func now() -> Instant { machine.now() }
    func wallMs() -> Int64 { machine.wallMs() + offMs.withLock { $0 } }
    func sleep(until instant: Instant) async throws { try await machine.sleep(until: instant) }
}

/// Waits for a state that others bring about; gives up after a minute, which no healthy run comes near.
func eventually(_ what: String, _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !holds() {
        guard ContinuousClock.now < deadline else {
            Issue.record("never came true: \(what)")
            throw HiveError(.internalFault, what)
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
