import Foundation
import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Synchronization

/// A store in a directory of its own, which goes with the value.
final class TestStore {
    let directory: URL
    let clock = TestClock()
    private(set) var store: HiveStore
    private let options: StoreOptions

    init(hotFeedAgeMs: Int64 = 0, changesKept: Int64 = 100_000) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "hivestore-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let clock = clock
        options = StoreOptions(hotFeedAgeMs: hotFeedAgeMs, changesKept: changesKept, hashing: StandInCrypto()) {
            clock.nowMs
        }
        store = try HiveStore.open(path: Self.file(in: directory).path, options: options)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(at: directory)
    }

    var file: URL { Self.file(in: directory) }

    private static func file(in directory: URL) -> URL { directory.appending(path: "openhive.db") }

    /// Closes the database and opens it again, as a restart does.
    func reopen() throws {
        store.close()
        store = try HiveStore.open(path: file.path, options: options)
    }

    /// All bytes of the database's files.
    func fileBytes() throws -> Data {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try names.sorted().reduce(into: Data()) { $0 += try Data(contentsOf: directory.appending(path: $1)) }
    }

    // MARK: Groups and events

    /// Makes the group and, with a name, its hive.
    func makeGroup(_ group: GroupID, hive: String? = nil, isPublic: Bool = true, isShared: Bool = false) throws {
        try store.write { transaction in
            try transaction.createGroup(group, isShared: isShared, createdAtMs: clock.nowMs)
            guard let hive else { return }
            let row = NewHiveRow(
                id: "hive-\(hive)",
                name: hive,
                description: nil,
                isPublic: isPublic,
                settingsJSON: nil,
                owner: nil,
                createdAtMs: clock.nowMs
            )
            try transaction.createHive(row, group: group)
        }
    }

    /// Admits events in one transaction.
    @discardableResult
    func admit(_ events: [Event], to group: GroupID) throws -> AdmissionOutcome {
        try store.write { transaction in
            var state = try transaction.state(for: group)
            return try Self.admit(events, to: group, &state)
        }
    }

    static func admit<State: FoldState & LogState>(
        _ events: [Event],
        to group: GroupID,
        _ state: inout State
    ) throws -> AdmissionOutcome {
        var admission = Admission<State, StandInCrypto>(group: group, crypto: StandInCrypto())
        let outcome = try admission.admit(events, wallMs: History.endMs, into: &state)
        try admission.finish(&state)
        return outcome
    }

    /// Makes the group of an instance with its hive and admits everything it wrote.
    func publish(_ instance: TestInstance<StandInCrypto>, hive: String, isPublic: Bool = true) throws {
        guard let group = instance.group else { return }
        try makeGroup(group, hive: hive, isPublic: isPublic)
        try admit(instance.events, to: group)
    }

    func row(of agent: String, _ instance: TestInstance<StandInCrypto>) throws -> RowNumber {
        try store.write { transaction in
            guard let group = instance.group else { return 0 }
            return try transaction.state(for: group).agentRow(instance.agent(agent).key, name: nil, avatarURL: nil)
        }
    }

    /// A viewer that is an agent of an instance.
    func viewer(_ agent: String, _ instance: TestInstance<StandInCrypto>, isAdmin: Bool = false) throws -> Viewer {
        let row = try row(of: agent, instance)
        return .agent(
            AgentIdentity(row: row, id: instance.entity("agent-\(agent)").rawValue, name: agent, isAdmin: isAdmin)
        )
    }

    func state<T>(_ group: GroupID, _ body: (inout SQLiteState) throws -> T) throws -> T {
        try store.write { transaction in
            var state = try transaction.state(for: group)
            return try body(&state)
        }
    }
}

/// A wall clock that a test sets.
final class TestClock: Sendable {
    private let ms = Mutex<Int64>(1_800_000_000_000)

    var nowMs: Int64 {
        get { ms.withLock { $0 } }
        set { ms.withLock { $0 = newValue } }
    }
}

/// An instance that has founded a group.
func founder(
    _ name: String = "home",
    hive: String = "engineering",
    isPublic: Bool = true,
    seed: UInt64 = 7
) -> TestInstance<StandInCrypto> {
    var instance = TestInstance(name, seed: seed, crypto: StandInCrypto())
    instance.found(hive: hive, isPublic: isPublic)
    return instance
}
