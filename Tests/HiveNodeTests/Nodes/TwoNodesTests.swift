import Foundation
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Two nodes on loopback", .serialized, .opensFiles)
struct TwoNodesTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    /// A hive on the first, shared and joined by the second.
    private func pair(_ hive: String = "engineering") async throws -> (a: TestNode, b: TestNode, group: GroupID) {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        let group = try await a.parts.hive(hive, by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: hive)
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: hive, groupID: nil))
        let joined = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        #expect(joined.id == group)
        return (a, b, group)
    }

    private func isEqual(_ a: TestNode, _ b: TestNode, _ group: GroupID) -> Bool {
        guard let left = a.heads(group), let right = b.heads(group) else { return false }
        return left.digest == right.digest && left.stateRoot == right.stateRoot && left.heads.count == 2
    }

    @Test("What was there before is received, and the joiner becomes active with a log of its own")
    func backfill() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        let admin = try await a.admin()
        let group = try await a.parts.hive("engineering", by: admin)
        let items = (0..<300).map { number in
            ImportItem.post(
                key: "p\(number)",
                author: "ada",
                title: "Story \(number)",
                content: "text",
                url: nil,
                createdAtMs: 1_600_000_000_000 + Int64(number)
            )
        }
        _ = try await a.parts.community.importItems(items, hive: "engineering")
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        let joined = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: "ours")
        )
        #expect(joined.status == "backfilling")
        try await eventually("equal heads") { isEqual(a, b, group) }
        let status = try await b.parts.sync.group(id: group.rawValue)
        #expect(status.status == "active")
        #expect(status.role == .member)
        #expect(status.members.map(\.name).sorted() == ["Alpha", "Beta"])
        let page = try await b.parts.store.posts(PostQuery(hive: "ours", sort: .new), viewer: .anonymous)
        #expect(page.total == 300)
        #expect(page.posts.first?.title == "Story 299")
        #expect(page.posts.first?.createdAtMs == 1_600_000_000_299)
        #expect(page.posts.first?.author.name == "ada")
        await a.stop()
        await b.stop()
    }

    @Test("Writes on both at once end in equal heads and equal roots, and in the same page")
    func concurrent() async throws {
        let (a, b, group) = try await pair()
        try await eventually("the joiner's log is open") { b.heads(group)?.heads.count == 2 }
        let (ada, bob) = (try await a.parts.agent("ada"), try await b.parts.agent("bob"))
        let first = try await a.parts.post("First", in: "engineering", by: ada)
        try await eventually("the post has come over") {
            try await b.parts.store.post(id: first.id, viewer: .anonymous) != nil
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (node, agent) in [(a, ada), (b, bob)] {
                for number in 0..<20 {
                    tasks.addTask {
                        let post = try await node.parts.post("\(agent.name) \(number)", in: "engineering", by: agent)
                        let comment = NewComment(postID: first.id, parentID: nil, content: post.title)
                        _ = try await node.parts.community.createComment(comment, by: agent)
                    }
                }
            }
            tasks.addTask { _ = try await b.parts.community.vote(on: .post, id: first.id, value: 1, by: bob) }
            try await tasks.waitForAll()
        }
        try await eventually("equal heads") { isEqual(a, b, group) }
        for node in [a, b] {
            let post = try #require(try await node.parts.store.post(id: first.id, viewer: .anonymous))
            #expect(post.commentCount == 40)
            #expect(post.score == 1)
            let verified = try await node.parts.sync.verify(group: group.rawValue)
            #expect(verified.isEqual, "\(verified.differences)")
        }
        let pages = try await [a, b].asyncMap { node in
            try await node.parts.store.posts(PostQuery(hive: "engineering", sort: .new), viewer: .anonymous).posts
        }
        #expect(pages[0].map(\.id) == pages[1].map(\.id))
        await a.stop()
        await b.stop()
    }

    @Test("What was written while one was away reaches it after its return, both ways")
    func restart() async throws {
        let (a, first, group) = try await pair()
        try await eventually("the joiner's log is open") { first.heads(group)?.heads.count == 2 }
        try await eventually("equal heads") { isEqual(a, first, group) }
        let port = String(first.ready.port)
        await first.stop()
        let ada = try await a.parts.agent("ada")
        for number in 0..<30 { _ = try await a.parts.post("Away \(number)", in: "engineering", by: ada) }
        let b = try await TestNode.start(folders.1, name: "Beta", values: ["port": port])
        let bob = try await b.parts.agent("bob")
        _ = try await b.parts.post("Back", in: "engineering", by: bob)
        try await eventually("equal heads") { isEqual(a, b, group) }
        let page = try await b.parts.store.posts(PostQuery(hive: "engineering", sort: .new), viewer: .anonymous)
        #expect(page.total == 31)
        await a.stop()
        await b.stop()
    }

    @Test("A hive of the group's name makes joining a conflict that says what to do, and uses up nothing")
    func nameTaken() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        _ = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await b.parts.hive("engineering", by: try await b.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        var command = JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        let error = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("\"as\"") == true)
        #expect(error?.message.contains("\"merge\"") == true)
        command.merges = true
        let merging = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
        #expect(merging?.code == .unprocessable)
        #expect(merging?.message.contains("\"as\"") == true)
        command.localName = "theirs"
        _ = try await b.parts.sync.join(command)
        let group = try #require(GroupID(invite.record.group.rawValue))
        try await eventually("equal heads") { isEqual(a, b, group) }
        await a.stop()
        await b.stop()
    }

    @Test("A peer of the configuration is joined with the handshake secret, without an invite")
    func configuredPeer() async throws {
        let secret = ["sync.handshake_secret": "a secret of both sides"]
        let a = try await TestNode.start(folders.0, name: "Alpha", values: secret)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let peers = """
            [{"name": "A", "sync_endpoint": "\(a.ready.address)", "shared_hives": ["engineering"]}]
            """
        let b = try await TestNode.start(folders.1, name: "Beta", values: secret.merging(["sync.peers": peers]) { $1 })
        try await eventually("joined and equal") { isEqual(a, b, group) }
        #expect(try await b.parts.sync.peers().map(\.record.name) == ["A"])
        await a.stop()
        await b.stop()
    }

    @Test("A peer added to the settings is joined after they are read again; invalid settings change nothing")
    func reload() async throws {
        let secret = ["sync.handshake_secret": "a secret of both sides"]
        let a = try await TestNode.start(folders.0, name: "Alpha", values: secret)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let b = try await TestNode.start(folders.1, name: "Beta", values: secret)
        let logger = NodeLog.logger(level: "critical")
        let reloader = ConfigurationReloader(parts: b.parts, certificate: nil, logger: logger)
        let file = b.parts.configuration.dataDirectory.configFile
        try Data("sync:\n  peerz: 1\n".utf8).write(to: URL(filePath: file))
        await reloader.reload()
        #expect(try await b.parts.sync.peers().isEmpty)
        let yaml = """
            sync:
              peers:
                - {name: A, sync_endpoint: "\(a.ready.address)", shared_hives: [engineering]}
            """
        try Data(yaml.utf8).write(to: URL(filePath: file))
        await reloader.reload()
        try await eventually("joined and equal") { isEqual(a, b, group) }
        await a.stop()
        await b.stop()
    }

    @Test("A taken port is an error that says so")
    func takenPort() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let port = String(a.ready.port)
        let error = await #expect(throws: HiveError.self) {
            try await TestNode.start(folders.1, name: "Beta", values: ["port": port])
        }
        #expect(error?.message.contains("is taken") == true)
        await a.stop()
    }
}

extension Sequence where Self: Sendable {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var out: [T] = []
        for element in self { out.append(try await transform(element)) }
        return out
    }
}
