import Foundation
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Old copies of a data directory", .serialized, .opensFiles)
struct RestoredBackupTests {
    private let folders = [TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory()]
    private let backup = TemporaryDirectory()

    /// A hive on the first, joined by the others; each has a log of its own.
    private func cluster(_ count: Int) async throws -> (nodes: [TestNode], group: GroupID) {
        var nodes: [TestNode] = []
        for number in 0..<count { nodes.append(try await TestNode.start(folders[number], name: "Node \(number)")) }
        let group = try await nodes[0].parts.hive("engineering", by: try await nodes[0].admin())
        _ = try await nodes[0].parts.sync.shareHive(named: "engineering")
        for node in nodes.dropFirst() {
            let invite = try await nodes[0].parts.sync.createInvite(
                InviteCommand(hiveName: "engineering", groupID: nil)
            )
            _ = try await node.parts.sync.join(
                JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
            )
            try await eventually("a joiner's log is open") {
                nodes[0].heads(group)?.heads.contains { $0.origin == node.ready.instance } == true
            }
        }
        return (nodes, group)
    }

    private func areEqual(_ nodes: [TestNode], _ group: GroupID) -> Bool {
        let heads = nodes.map { $0.heads(group) }
        guard let first = heads.first ?? nil else { return false }
        return heads.allSatisfy { $0?.digest == first.digest && $0?.stateRoot == first.stateRoot }
    }

    private func copy(_ from: TemporaryDirectory, to: TemporaryDirectory) throws {
        try? FileManager.default.removeItem(atPath: to.path)
        try FileManager.default.copyItem(atPath: from.path, toPath: to.path)
    }

    private func titles(_ node: TestNode) async throws -> [String] {
        let page = try await node.parts.store.posts(PostQuery(hive: "engineering", sort: .new), viewer: .anonymous)
        return page.posts.map(\.title).sorted()
    }

    @Test("What was written since the copy comes back from peers before anything of one's own is sent")
    func comesBack() async throws {
        var (nodes, group) = try await cluster(2)
        let bob = try await nodes[1].parts.agent("bob")
        _ = try await nodes[1].parts.post("before", in: "engineering", by: bob)
        try await eventually("equal heads") { areEqual(nodes, group) }
        await nodes[1].stop()
        try copy(folders[1], to: backup)
        nodes[1] = try await TestNode.start(folders[1], name: "Node 1")
        for number in 0..<3 { _ = try await nodes[1].parts.post("later \(number)", in: "engineering", by: bob) }
        try await eventually("equal heads") { areEqual(nodes, group) }
        let head = nodes[0].heads(group)?.heads.first { $0.origin == nodes[1].ready.instance }
        await nodes[1].stop()
        try copy(backup, to: folders[1])
        nodes[1] = try await TestNode.start(folders[1], name: "Node 1")
        try await eventually("the log is back") {
            nodes[1].heads(group)?.heads.first { $0.origin == nodes[1].ready.instance } == head
        }
        #expect(try await titles(nodes[1]) == ["before", "later 0", "later 1", "later 2"])
        _ = try await nodes[1].parts.post("after", in: "engineering", by: bob)
        try await eventually("equal heads") { areEqual(nodes, group) }
        #expect(nodes[0].heads(group)?.heads.first { $0.origin == nodes[1].ready.instance }?.place.epoch == 1)
        for node in nodes { await node.stop() }
    }

    @Test("Writes on an old copy and on the newer one both stand in the end, in a new epoch, on a third instance too")
    func bothStand() async throws {
        var (nodes, group) = try await cluster(3)
        let bob = try await nodes[1].parts.agent("bob")
        _ = try await nodes[1].parts.post("before", in: "engineering", by: bob)
        try await eventually("equal heads") { areEqual(nodes, group) }
        await nodes[1].stop()
        try copy(folders[1], to: backup)
        nodes[1] = try await TestNode.start(folders[1], name: "Node 1")
        for number in 0..<3 { _ = try await nodes[1].parts.post("later \(number)", in: "engineering", by: bob) }
        try await eventually("equal heads") { areEqual(nodes, group) }
        await nodes[1].stop()
        try copy(backup, to: folders[1])
        let alone = try await TestNode.offline(folders[1])
        for number in 0..<2 { _ = try await alone.post("meanwhile \(number)", in: "engineering", by: bob) }
        await alone.close()
        nodes[1] = try await TestNode.start(folders[1], name: "Node 1")
        let all = ["before", "later 0", "later 1", "later 2", "meanwhile 0", "meanwhile 1"]
        try await eventually("everything everywhere") {
            for node in nodes where try await titles(node) != all { return false }
            return areEqual(nodes, group)
        }
        for node in nodes {
            let head = node.heads(group)?.heads.first { $0.origin == nodes[1].ready.instance }
            #expect(head?.place.epoch == 2 && head?.cut == nil)
            let verified = try await node.parts.sync.verify(group: group.rawValue)
            #expect(verified.isEqual, "\(verified.differences)")
        }
        for node in nodes { await node.stop() }
    }

    @Test("Where another process writes the same log, nothing more is written, and the refusal says so")
    func alarm() async throws {
        let parts = try await TestNode.offline(folders[0])
        let ada = try await parts.agent("ada")
        let group = try await parts.hive("engineering", by: ada)
        _ = try await parts.post("first", in: "engineering", by: ada)
        parts.local.raiseAlarm(in: group)
        let error = await #expect(throws: HiveError.self) { try await parts.post("second", in: "engineering", by: ada) }
        #expect(error?.code == .conflict && error?.message.contains("Another process") == true)
        let alert = try #require(parts.sync.alerts().first)
        #expect(alert.subject == AlertSubject(.secondProcess, group: group) && alert.message == error?.message)
        #expect(try parts.sync.acknowledgeAlert(id: alert.id).acknowledgedAtMs != nil)
        await parts.close()
    }
}
