import GRDB
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Logging
import Testing

@testable import HiveNode

@Suite("Rows that are not what the log says", .opensFiles)
struct DivergenceTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    @Test("A row changed on disk is found by comparing with a peer, mended from the log, and told of while it lasts")
    func repair() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        let ada = try await a.parts.agent("ada")
        let post = try await a.parts.post("As it was written", in: "engineering", by: ada)
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the joiner is active") {
            try await b.parts.sync.group(id: group.rawValue).status == "active"
        }
        try await eventually("equal states") { a.heads(group) == b.heads(group) }

        let queue = try DatabaseQueue(path: b.parts.configuration.databasePath)
        try await queue.write { db in
            try db.execute(sql: "UPDATE posts SET title = 'As nobody wrote it', url = 'http://example.org/flipped'")
        }
        try queue.close()
        // The changed row gets into the root only when it is written again.
        let change = PostChange(title: "As it was corrected")
        _ = try await a.parts.community.updatePost(id: post.id, change, by: .agent(ada))
        try await eventually("a root that differs was found and mended") {
            guard a.heads(group) == b.heads(group) else { return false }
            return try await b.parts.store.post(id: post.id, viewer: .anonymous)?.title == "As it was corrected"
        }
        #expect(try await b.parts.store.post(id: post.id, viewer: .anonymous)?.url == nil)
        #expect(try await b.parts.sync.verify(group: group.rawValue).isEqual)
        try await eventually("the alerts are over") {
            a.parts.local.alerts.all.isEmpty && b.parts.local.alerts.all.isEmpty
        }
        await a.stop()
        await b.stop()
    }

    @Test("An alert is raised once, keeps its id and time, can be acknowledged, and is cleared once")
    func board() throws {
        let board = AlertBoard(logger: NodeLog.logger(level: "critical")) { 1_000 }
        let (diverged, failing) = (
            AlertSubject(.diverged, peer: PeerID("pc_1")), AlertSubject(.peerError, peer: PeerID("pc_2"))
        )
        board.raise(diverged, "first")
        let id = try #require(board.all.first?.id)
        board.raise(diverged, "second")
        board.raise(failing, "other")
        #expect(board.all.count == 2)
        #expect(board.all.first { $0.id == id }?.message == "second")
        #expect(try board.acknowledge(id).acknowledgedAtMs == 1_000)
        board.clear(peer: PeerID("pc_2"))
        #expect(board.all.map(\.id) == [id])
        board.clear(diverged)
        board.clear(diverged)
        #expect(board.all.isEmpty)
        #expect(throws: HiveError.self) { try board.acknowledge(id) }
    }
}
