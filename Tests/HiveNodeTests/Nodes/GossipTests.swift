import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Peers learnt from peers", .serialized, .opensFiles)
struct GossipTests {
    private let folders = (0..<4).map { _ in TemporaryDirectory() }
    private static let names = ["Alpha", "Beta", "Gamma", "Delta"]

    /// Each invites the next, so that everybody knows its neighbours only.
    private func chain(_ count: Int, values: [String: String] = [:]) async throws -> (nodes: [TestNode], group: GroupID)
    {
        var nodes: [TestNode] = []
        for index in 0..<count {
            nodes.append(try await TestNode.start(folders[index], name: Self.names[index], values: values))
        }
        let group = try await nodes[0].parts.hive("engineering", by: try await nodes[0].admin())
        _ = try await nodes[0].parts.sync.shareHive(named: "engineering")
        for index in 1..<count {
            let invite = try await nodes[index - 1].parts.sync.createInvite(
                InviteCommand(hiveName: "engineering", groupID: nil)
            )
            _ = try await nodes[index].parts.sync.join(
                JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
            )
            try await eventually("\(Self.names[index]) is active") {
                try await nodes[index].parts.sync.group(id: group.rawValue).status == "active"
            }
        }
        return (nodes, group)
    }

    private func peers(_ node: TestNode) async throws -> [PeerRecord] {
        try await node.parts.sync.peers().map(\.record)
    }

    private func agree(_ nodes: [TestNode], _ group: GroupID) -> Bool {
        let heads = nodes.map { $0.heads(group) }
        guard let first = heads.first ?? nil, first.heads.count == nodes.count else { return false }
        return heads.allSatisfy { $0?.digest == first.digest && $0?.stateRoot == first.stateRoot }
    }

    @Test("Four instances in a chain become a full mesh, which does without any of its links")
    func mesh() async throws {
        let (nodes, group) = try await chain(4, values: ["sync.gossip.exchange_interval": "1000"])
        try await eventually("everybody exchanges with everybody") {
            for node in nodes {
                let met = try await peers(node).filter { $0.syncToken != nil || $0.status == "active" }
                guard Set(met.compactMap(\.instance)).count == 3 else { return false }
            }
            return true
        }
        try await eventually("equal heads") { agree(nodes, group) }
        let learnt = try await peers(nodes[0]).filter { $0.instance == nodes[3].ready.instance }
        let record = try #require(learnt.first)
        #expect(record.source == "gossip" || record.source == "handshake")
        #expect(record.syncEndpoint == nodes[3].ready.syncEndpoint)
        #expect(record.name == "Delta")
        #expect(record.sharedHives == ["engineering"])
        if record.source == "gossip" { #expect(record.discoveredVia != nil) }

        try await eventually("everybody has told everybody of all links") {
            let drawn = try await nodes[0].parts.sync.topology()
            return drawn.nodes.map(\.name).sorted() == Self.names.prefix(4).sorted() && drawn.links.count == 6
        }
        let drawn = try await nodes[0].parts.sync.topology()
        #expect(drawn.links.filter(\.isOwn).count == 3)
        #expect(drawn.nodes.allSatisfy { $0.groups == [group] && $0.syncEndpoint != nil })

        // The middle of the chain goes: the ends still hear each other, at once.
        await nodes[1].stop()
        await nodes[2].stop()
        let (ada, dora) = (try await nodes[0].parts.agent("ada"), try await nodes[3].parts.agent("dora"))
        let there = try await nodes[0].parts.post("From one end", in: "engineering", by: ada)
        let back = try await nodes[3].parts.post("From the other", in: "engineering", by: dora)
        try await eventually("the ends have both posts") {
            let first = try await nodes[3].parts.store.post(id: there.id, viewer: .anonymous)
            let second = try await nodes[0].parts.store.post(id: back.id, viewer: .anonymous)
            return first != nil && second != nil
        }
        await nodes[0].stop()
        await nodes[3].stop()
    }

    @Test("A peer that was learnt and stays silent is given up, one that was met is not, and it is found again")
    func silence() async throws {
        let values = ["sync.gossip.stale_timeout": "1000", "sync.gossip.max_failures": "1"]
        let (nodes, group) = try await chain(3, values: values)
        let last = nodes[2].ready.instance
        func known(_ node: TestNode) async throws -> PeerRecord? {
            try await peers(node).first { $0.instance == last }
        }
        // Who of the two ends found the other first holds it by gossip.
        try await eventually("the ends know each other") {
            let there = try await peers(nodes[2]).contains { $0.instance == nodes[0].ready.instance }
            return try await known(nodes[0]) != nil && there
        }
        let port = String(nodes[2].ready.port)
        await nodes[2].stop()
        if try await known(nodes[0])?.source == "gossip" {
            try await eventually("it is given up") { try await known(nodes[0]) == nil }
        }
        #expect(try await known(nodes[1])?.source == "handshake")
        let again = try await TestNode.start(
            folders[2],
            name: "Gamma",
            values: values.merging(["port": port]) { $1 }
        )
        try await eventually("it is found again") { try await known(nodes[0]) != nil }
        try await eventually("equal heads") { agree([nodes[0], nodes[1], again], group) }
        for node in [nodes[0], nodes[1], again] { await node.stop() }
    }

    @Test("A peer that says it moved is sent no token at its new address before a handshake there")
    func moved() async throws {
        let (nodes, group) = try await chain(2)
        let (a, moving) = (nodes[0], nodes[1].ready.instance)
        func entry() async throws -> PeerRecord? { try await a.parts.store.peers().first { $0.instance == moving } }
        try await eventually("both met") { try await entry()?.syncToken != nil }
        let before = try #require(try await entry())
        await nodes[1].stop()
        let again = try await TestNode.start(folders[1], name: "Beta")
        #expect(again.ready.syncEndpoint != before.syncEndpoint)
        try await eventually("it is met at its new address") {
            guard let now = try await entry(), let token = now.syncToken else { return false }
            return now.syncEndpoint == again.ready.syncEndpoint && token != before.syncToken
        }
        let ada = try await a.parts.agent("ada")
        _ = try await a.parts.post("After the move", in: "engineering", by: ada)
        try await eventually("equal heads") { agree([a, again], group) }
        await a.stop()
        await again.stop()
    }

    @Test("Switched off, nobody learns of anybody, and events still reach all")
    func off() async throws {
        let (nodes, group) = try await chain(3, values: ["sync.gossip.enabled": "false"])
        let ada = try await nodes[0].parts.agent("ada")
        _ = try await nodes[0].parts.post("Relayed", in: "engineering", by: ada)
        try await eventually("equal heads") { agree(nodes, group) }
        #expect(try await peers(nodes[0]).count == 1)
        #expect(try await peers(nodes[2]).count == 1)
        for node in nodes { await node.stop() }
    }
}
