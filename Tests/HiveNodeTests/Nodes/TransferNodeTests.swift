import Foundation
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("A hive handed over while an instance is away", .serialized, .opensFiles)
struct TransferNodeTests {
    private let folders = [TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory()]

    private func areEqual(_ nodes: [TestNode], _ group: GroupID) -> Bool {
        let heads = nodes.map { $0.heads(group) }
        guard let first = heads.first ?? nil else { return false }
        return heads.allSatisfy { $0?.digest == first.digest && $0?.stateRoot == first.stateRoot }
    }

    private func join(_ node: TestNode, to host: TestNode, _ group: GroupID) async throws {
        let invite = try await host.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await node.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the joiner's log is open") {
            host.heads(group)?.heads.contains { $0.origin == node.ready.instance } == true
        }
    }

    private func describe(_ node: TestNode, _ text: String, by agent: AgentIdentity) async throws {
        let change = HiveChange(description: .some(text), retentionDays: nil)
        _ = try await node.parts.community.updateHive(named: "engineering", change, by: .agent(agent))
    }

    @Test("Who was away during the transfer agrees with all on the owner, on what the old one did before, and after")
    func away() async throws {
        var nodes: [TestNode] = []
        for number in 0..<3 { nodes.append(try await TestNode.start(folders[number], name: "Node \(number)")) }
        let (ada, bob) = (try await nodes[0].parts.agent("ada"), try await nodes[1].parts.agent("bob"))
        let group = try await nodes[0].parts.hive("engineering", by: ada)
        _ = try await nodes[0].parts.sync.shareHive(named: "engineering")
        for node in nodes.dropFirst() { try await join(node, to: nodes[0], group) }
        let post = try await nodes[1].parts.post("By bob", in: "engineering", by: bob)
        try await eventually("all have begun equal") { areEqual(nodes, group) }
        await nodes[2].stop()
        let present = Array(nodes.prefix(2))
        // Decided by the old owner as owner: the pin covers it.
        try await describe(nodes[0], "by the old owner", by: ada)
        #expect(try await nodes[0].parts.community.togglePin(ofPost: post.id, by: .agent(ada)))
        _ = try await nodes[0].parts.community.transferHive(named: "engineering", to: bob.id, by: .agent(ada))
        try await eventually("taken over") {
            let status = try await nodes[1].parts.sync.group(id: group.rawValue)
            return status.role == .owner && areEqual(present, group)
        }
        try await describe(nodes[1], "by the new owner", by: bob)
        let after = try await nodes[0].parts.post("By who owned it", in: "engineering", by: ada)
        try await eventually("the two agree") { areEqual(present, group) }
        nodes[2] = try await TestNode.start(folders[2], name: "Node 2")
        try await eventually("all agree") { areEqual(nodes, group) }
        for node in nodes {
            let owners = try await node.parts.writer.perform { try $0.state(of: group).owners() }
            #expect(owners.last?.agent?.instance == nodes[1].ready.instance)
            #expect(try await node.parts.store.role(of: nodes[1].ready.instance, in: group) == .owner)
            #expect(try await node.parts.store.role(of: nodes[0].ready.instance, in: group) == .member)
            let hive = try await node.parts.store.hive(named: "engineering", viewer: .anonymous)
            #expect(hive?.description == "by the new owner")
            #expect(try await node.parts.store.post(id: post.id, viewer: .anonymous)?.isPinned == true)
            #expect(try await node.parts.store.post(id: after.id, viewer: .anonymous) != nil)
            let verified = try await node.parts.sync.verify(group: group.rawValue)
            #expect(verified.isEqual, "\(verified.differences)")
        }
        let refused = await #expect(throws: HiveError.self) {
            try await describe(nodes[0], "by who owned it", by: ada)
        }
        #expect(refused?.code == .forbidden)
        for node in nodes { await node.stop() }
    }
}
