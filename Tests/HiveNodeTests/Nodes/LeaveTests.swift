import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Leaving a group, being removed, and coming back", .serialized, .opensFiles)
struct LeaveTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    private struct Pair {
        var a: TestNode
        var b: TestNode
        var group: GroupID

        func isEqual(logs: Int = 2) -> Bool {
            guard let left = a.heads(group), let right = b.heads(group) else { return false }
            return left.digest == right.digest && left.stateRoot == right.stateRoot && left.heads.count == logs
        }

        func members() async throws -> [String] {
            try await a.parts.sync.group(id: group.rawValue).members.map(\.name).sorted()
        }

        func stop() async {
            await a.stop()
            await b.stop()
        }
    }

    private func pair(_ values: [String: String] = [:]) async throws -> Pair {
        let a = try await TestNode.start(folders.0, name: "Alpha", values: values)
        let b = try await TestNode.start(folders.1, name: "Beta", values: values)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let pair = Pair(a: a, b: b, group: group)
        try await join(pair)
        return pair
    }

    private func join(_ pair: Pair) async throws {
        let invite = try await pair.a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await pair.b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the joiner's log is open and both are equal") { pair.isEqual() }
    }

    private func post(_ title: String, on node: TestNode) async throws -> PostView {
        try await node.parts.post(title, in: "engineering", by: try await node.admin())
    }

    private func total(_ node: TestNode) async throws -> Int64? {
        try await node.parts.store.posts(PostQuery(hive: "engineering", sort: .new), viewer: .anonymous).total
    }

    @Test("Who leaves tells its peers, keeps what it has, and takes no more part")
    func leave() async throws {
        let pair = try await pair()
        let mine = try await post("By Beta", on: pair.b)
        try await pair.b.parts.sync.stopSharing(group: pair.group.rawValue)
        #expect(try await pair.members() == ["Alpha"], "the owner had heard when the call returned")
        #expect(try await pair.a.parts.store.post(id: mine.id, viewer: .anonymous) != nil)

        let status = try await pair.b.parts.sync.group(id: pair.group.rawValue)
        #expect(status.status == "stopped")
        #expect(status.statusReason == "This instance has left the group.")
        #expect(status.role == nil)
        let peer = try #require(try await pair.b.parts.store.peers().first)
        #expect(peer.groups.isEmpty && peer.syncToken == nil, "the session ended with the last shared group")
        #expect(try await total(pair.b) == 1)
        let refused = await #expect(throws: HiveError.self) { try await post("Late", on: pair.b) }
        #expect(refused?.code == .forbidden)
        #expect(refused?.message.contains("left the group") == true)
        // Other hives, and what agents do everywhere, go on.
        let agent = try await pair.b.parts.agent("bob")
        _ = try await pair.b.parts.post("Elsewhere", in: "general", by: agent)

        _ = try await post("After", on: pair.a)
        try await eventually("the owner has forgotten where to send it") {
            try await pair.a.parts.store.peers().allSatisfy { !$0.groups.contains(pair.group) }
        }
        #expect(try await total(pair.b) == 1)
        try await pair.b.parts.sync.stopSharing(group: pair.group.rawValue)
        await pair.stop()
    }

    @Test("Who left comes back by an invite, in a new epoch, and gets what it missed")
    func comeBack() async throws {
        let pair = try await pair()
        let mine = try await post("Before", on: pair.b)
        try await pair.b.parts.sync.stopSharing(group: pair.group.rawValue)
        _ = try await post("Meanwhile", on: pair.a)
        try await join(pair)
        #expect(pair.b.heads(pair.group)?.heads.first { $0.origin == pair.b.ready.instance }?.place.epoch == 2)
        #expect(try await pair.members() == ["Alpha", "Beta"])
        _ = try await post("Again", on: pair.b)
        try await eventually("equal") {
            guard pair.isEqual() else { return false }
            return try await total(pair.a) == 3
        }
        #expect(try await pair.a.parts.store.post(id: mine.id, viewer: .anonymous)?.title == "Before")
        for node in [pair.a, pair.b] {
            let verified = try await node.parts.sync.verify(group: pair.group.rawValue)
            #expect(verified.isEqual, "\(verified.differences)")
        }
        #expect(try await pair.b.parts.sync.group(id: pair.group.rawValue).status == "active")
        await pair.stop()
    }

    @Test("The owner can't leave while others are members; alone it only stops sharing")
    func owner() async throws {
        let pair = try await pair()
        let refused = await #expect(throws: HiveError.self) {
            try await pair.a.parts.sync.stopSharing(group: pair.group.rawValue)
        }
        #expect(refused?.code == .conflict)
        #expect(refused?.message.contains("transfer-owner") == true)
        try await pair.b.parts.sync.stopSharing(group: pair.group.rawValue)
        try await pair.a.parts.sync.stopSharing(group: pair.group.rawValue)
        _ = try await post("Alone", on: pair.a)
        _ = try await pair.a.parts.sync.shareHive(named: "engineering")
        await pair.stop()
    }

    @Test("A peer that was away when another left hears it when that one reaches it again")
    func unreachable() async throws {
        let pair = try await pair()
        let port = String(pair.a.ready.port)
        await pair.a.stop()
        _ = try await post("Unsent", on: pair.b)
        try await pair.b.parts.sync.stopSharing(group: pair.group.rawValue)
        #expect(try await pair.b.parts.store.peers().map(\.groups) == [[pair.group]], "it still has to be told")
        let a = try await TestNode.start(folders.0, name: "Alpha", values: ["port": port])
        try await eventually("told") {
            try await a.parts.sync.group(id: pair.group.rawValue).members.map(\.name) == ["Alpha"]
        }
        #expect(try await total(a) == 1, "what was written before the leave came along")
        try await eventually("nothing is left to be told") {
            try await pair.b.parts.store.peers().allSatisfy(\.groups.isEmpty)
        }
        await a.stop()
        await pair.b.stop()
    }

    @Test("A peer that can only dial out hears of a leave by asking")
    func dialOut() async throws {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta")
        let group = try await b.parts.hive("engineering", by: try await b.admin())
        _ = try await b.parts.sync.shareHive(named: "engineering")
        // Alpha names no endpoint: Beta can't call it.
        a.parts.local.syncEndpoint = nil
        let invite = try await b.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await a.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        let pair = Pair(a: a, b: b, group: group)
        try await eventually("joined") { pair.isEqual() }
        let heir = try await a.parts.agent("ada")
        _ = try await a.parts.post("Hello", in: "engineering", by: heir)
        try await eventually("ada is known") { try await b.parts.store.agent(named: heir.id) != nil && pair.isEqual() }
        let order = TransferOrder(instance: a.ready.instance.rawValue, agent: heir.id)
        _ = try await b.parts.sync.transferOwner(group: group.rawValue, order, by: try await b.admin())
        try await eventually("handed over") {
            try await a.parts.sync.group(id: group.rawValue).owner == a.ready.instance && pair.isEqual()
        }
        try await b.parts.sync.stopSharing(group: group.rawValue)
        try await eventually("heard") {
            try await a.parts.sync.group(id: group.rawValue).members.map(\.name) == ["Alpha"]
        }
        await pair.stop()
    }

    @Test("A removed instance learns it, stops asking, and can still be read; an invite brings it back")
    func removed() async throws {
        let pair = try await pair()
        _ = try await post("Before", on: pair.b)
        try await eventually("equal") {
            guard pair.isEqual() else { return false }
            return try await total(pair.a) == 1
        }
        let order = RemovalOrder(instance: pair.b.ready.instance.rawValue, reason: "quarrels")
        _ = try await pair.a.parts.sync.removeMember(group: pair.group.rawValue, order)
        // Written before Beta asks again: the removal's log has a hole for it.
        _ = try await post("Not for Beta", on: pair.a)
        try await eventually("Beta knows") {
            try await pair.b.parts.sync.group(id: pair.group.rawValue).status == "stopped"
        }
        let status = try await pair.b.parts.sync.group(id: pair.group.rawValue)
        #expect(status.statusReason == "This instance was removed from the group by Alpha: quarrels.")
        #expect(pair.b.parts.peering.service?.status().contains { $0.group == pair.group } == false)
        let refused = await #expect(throws: HiveError.self) { try await post("Late", on: pair.b) }
        #expect(refused?.code == .forbidden && refused?.message.contains("removed from the group") == true)
        #expect(try await total(pair.b) == 1, "nothing came over that is not for it")
        try await join(pair)
        _ = try await post("Again", on: pair.b)
        try await eventually("equal again") {
            guard pair.isEqual() else { return false }
            return try await total(pair.a) == 3
        }
        await pair.stop()
    }

    @Test("Joining a group by its id: the same as by name, and an invite to another one is refused")
    func byID() async throws {
        let secret = ["sync.handshake_secret": "a secret of both sides"]
        let a = try await TestNode.start(folders.0, name: "Alpha", values: secret)
        let b = try await TestNode.start(folders.1, name: "Beta", values: secret)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        var command = JoinCommand(invite: nil, syncEndpoint: a.ready.address, hiveName: nil, localName: nil)
        command.groupID = "sg_" + String(repeating: "a", count: 26)
        let unknown = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
        #expect(unknown?.code == .forbidden)
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        command.invite = invite.invite
        let other = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
        #expect(other?.code == .badRequest)
        command.invite = nil
        command.groupID = group.rawValue
        let joined = try await b.parts.sync.join(command)
        #expect(joined.id == group && joined.hiveName == "engineering")
        let pair = Pair(a: a, b: b, group: group)
        try await eventually("equal") { pair.isEqual() }
        let again = await #expect(throws: HiveError.self) { try await b.parts.sync.join(command) }
        #expect(again?.code == .conflict)
        await pair.stop()
    }
}
