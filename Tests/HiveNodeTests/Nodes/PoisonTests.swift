import GRDB
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Events that the fold fails at", .opensFiles)
struct PoisonTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    /// What makes one post fail, every time: the stand-in for a fault of the fold itself.
    private func run(_ sql: String, on parts: NodeParts) throws {
        let queue = try DatabaseQueue(path: parts.configuration.databasePath)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("One bad event has no effect, holds up no other, shows in the status, and counts after an upgrade")
    func isolation() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the joiner is active") {
            try await b.parts.sync.group(id: group.rawValue).status == "active"
        }
        try run(
            """
            CREATE TRIGGER boom BEFORE INSERT ON posts WHEN NEW.title = 'boom'
            BEGIN SELECT RAISE(ABORT, 'a fault of this version'); END;
            CREATE TRIGGER boom_later BEFORE UPDATE ON posts WHEN NEW.title = 'boom'
            BEGIN SELECT RAISE(ABORT, 'a fault of this version'); END
            """,
            on: b.parts
        )
        let ada = try await a.parts.agent("ada")
        let first = try await a.parts.post("First", in: "engineering", by: ada)
        let bad = try await a.parts.post("boom", in: "engineering", by: ada)
        let comment = NewComment(postID: bad.id, parentID: nil, content: "on a post that fails")
        _ = try await a.parts.community.createComment(comment, by: ada)
        let last = try await a.parts.post("Last", in: "engineering", by: ada)
        try await eventually("everything is held") { a.heads(group)?.digest == b.heads(group)?.digest }
        for (post, isThere) in [(first, true), (bad, false), (last, true)] {
            #expect(try await (b.parts.store.post(id: post.id, viewer: .anonymous) != nil) == isThere)
        }
        #expect(try await b.parts.sync.group(id: group.rawValue).poison == 1)
        #expect(try await a.parts.sync.group(id: group.rawValue).poison == 0)
        #expect(b.heads(group)?.stateRoot != a.heads(group)?.stateRoot)
        let verified = try await b.parts.sync.verify(group: group.rawValue)
        #expect(verified.isEqual, "\(verified.differences)")
        let wanted = a.heads(group)
        await a.stop()

        try run("DROP TRIGGER boom; DROP TRIGGER boom_later", on: b.parts)
        try await b.parts.writer.perform { turn in
            var transaction = turn.transaction
            try transaction.setMaterializerVersion(Materializer.version - 1)
        }
        await b.stop()
        let later = try await TestNode.offline(folders.1, name: "Beta")
        #expect(later.refoldedGroups >= 1)
        #expect(try await later.sync.group(id: group.rawValue).poison == 0)
        #expect(try await later.store.post(id: bad.id, viewer: .anonymous)?.commentCount == 1)
        #expect(later.board.heads(of: group)?.stateRoot == wanted?.stateRoot)
        await later.close()
    }
}
