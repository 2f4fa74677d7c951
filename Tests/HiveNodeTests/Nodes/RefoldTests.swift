import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Synchronization
import Testing

@testable import HiveNode

@Suite("Databases of another version of the fold, and events ahead of the clock", .opensFiles)
struct RefoldTests {
    private let folder = TemporaryDirectory()

    /// Gives a post seven votes that nobody cast, and writes a version into the database.
    private func tamper(_ version: Int64) async throws -> PostView {
        let parts = try await TestNode.offline(folder)
        let post = try await parts.post("Story", in: "general", by: try await parts.agent("ada"))
        let group = try #require(try await parts.store.group(ofHive: "general"))
        let row = post.row
        try await parts.writer.perform { turn in
            let state = try turn.state(of: group)
            try state.addScore(7, to: TargetRow(kind: .post, row: row))
            var transaction = turn.transaction
            try transaction.setMaterializerVersion(version)
        }
        await parts.close()
        return post
    }

    private func score(_ parts: NodeParts, _ post: PostView) async throws -> Int64? {
        try await parts.store.post(id: post.id, viewer: .anonymous)?.score
    }

    @Test("An older version is folded again before anything is served, and says so")
    func older() async throws {
        let post = try await tamper(Materializer.version - 1)
        let said = Mutex<[String]>([])
        let configuration = try TestNode.configuration(folder, name: "Alone")
        let logger = NodeLog.logger(level: "critical")
        let parts = try await NodeParts.open(configuration, logger: logger) { line in
            said.withLock { $0.append(line) }
        }
        #expect(parts.refoldedGroups == 1)
        #expect(said.withLock { $0 }.map { $0.contains("general") } == [true])
        #expect(try await score(parts, post) == 0)
        let group = try #require(try await parts.store.group(ofHive: "general"))
        #expect(try await parts.sync.verify(group: group.rawValue).isEqual)
        await parts.close()
        let again = try await TestNode.offline(folder)
        #expect(again.refoldedGroups == 0)
        await again.close()
    }

    @Test("An equal version is left as it is")
    func equal() async throws {
        let post = try await tamper(Materializer.version)
        let parts = try await TestNode.offline(folder)
        #expect(parts.refoldedGroups == 0)
        #expect(try await score(parts, post) == 7)
        let group = try #require(try await parts.store.group(ofHive: "general"))
        #expect(try await !parts.sync.verify(group: group.rawValue).isEqual)
        await parts.close()
    }

    @Test("db migrate folds again too, and tells how many groups")
    func migrate() async throws {
        _ = try await tamper(Materializer.version + 1)
        let outcome = try CommandExitTests.run(["db", "migrate", "--json", "--data-dir", folder.path])
        #expect(outcome.code == 0)
        let reply = try JSONValue(parsing: Array(outcome.output.utf8))
        #expect(reply["refolded_groups"]?.int == 1)
        #expect(outcome.errors.contains("folding hive general again (1 of 1)"))
    }

    @Test("Verification tells how far it is")
    func progress() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        for number in 0..<3 { _ = try await parts.post("Story \(number)", in: "general", by: ada) }
        let group = try #require(try await parts.store.group(ofHive: "general"))
        let told = Mutex<[[Int64]]>([])
        let result = try await parts.sync.verify(group: group.rawValue) { done, total in
            told.withLock { $0.append([done, total]) }
        }
        #expect(result.isEqual, "\(result.differences)")
        #expect(told.withLock { $0 } == [[result.events, result.events]])
        await parts.close()
    }

    @Test("The status counts what waits for the clock, until it is here or its time has come")
    func held() async throws {
        let parts = try await TestNode.offline(folder)
        var cluster = TestGroup(2, crypto: SwiftCrypto())
        let group = cluster.id
        try await parts.writer.perform { turn in
            var transaction = turn.transaction
            try transaction.createGroup(group, isShared: true, createdAtMs: turn.nowMs)
        }
        func status() async throws -> Int64 { try await parts.sync.group(id: group.rawValue).held }
        _ = try await parts.replica.admit(cluster.events, group: group, from: nil)
        #expect(try await status() == 0)

        let before = cluster.instances[1].events.count
        cluster.instances[1].wallMs = SystemClock.nowMs() + 600_000
        for number in 0..<3 { cluster.instances[1].post("later-\(number)", title: "Later") }
        let late = Array(cluster.instances[1].events[before...])
        for _ in 0..<2 {
            let outcome = try await parts.replica.admit(late, group: group, from: nil)
            #expect(outcome.inserted == 0)
            #expect(outcome.heldUntilMs != nil)
            #expect(try await status() == 3)
        }
        let heads = try #require(parts.board.heads(of: group)).heads
        let clock = SystemClock.nowMs() + 600_000
        #expect(parts.held.count(of: group, heads: heads, nowMs: clock) == 0)
        #expect(try await status() == 0, "its time had come")

        _ = try await parts.replica.admit(late, group: group, from: nil)
        let reached = late.map { LogHead(origin: $0.header.origin, place: $0.header.place, hash: $0.hash) }
        #expect(parts.held.count(of: group, heads: [reached[2]], nowMs: SystemClock.nowMs()) == 0)
        await parts.close()
    }
}
