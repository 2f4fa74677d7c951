import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

/// What is decided on one instance, seen on another.
@Suite("A hive governed from two nodes", .serialized, .opensFiles)
struct GovernanceNodeTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory())

    private struct Pair {
        var a: TestNode
        var b: TestNode
        var group: GroupID
        var ada: AgentIdentity
        var bob: AgentIdentity

        var isEqual: Bool {
            guard let left = a.heads(group), let right = b.heads(group) else { return false }
            return left.digest == right.digest && left.stateRoot == right.stateRoot && left.heads.count == 2
        }

        func stop() async {
            await a.stop()
            await b.stop()
        }

        func verify() async throws {
            for node in [a, b] {
                let verified = try await node.parts.sync.verify(group: group.rawValue)
                #expect(verified.isEqual, "\(verified.differences)")
            }
        }
    }

    /// A hive that ada on the first owns, joined by the second, where bob is known to the first by a post.
    private func pair(heartbeatMs: Int = 1_000) async throws -> Pair {
        let values = ["sync.heartbeat_interval": String(heartbeatMs)]
        let a = try await TestNode.start(folders.0, name: "Alpha", values: values)
        let b = try await TestNode.start(folders.1, name: "Beta", values: values)
        let (ada, bob) = (try await a.parts.agent("ada"), try await b.parts.agent("bob"))
        let group = try await a.parts.hive("engineering", by: ada)
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        let pair = Pair(a: a, b: b, group: group, ada: ada, bob: bob)
        try await eventually("joined") { pair.isEqual }
        _ = try await b.parts.post("By bob", in: "engineering", by: bob)
        try await eventually("bob is known") { try await a.parts.store.agent(named: bob.id) != nil && pair.isEqual }
        return pair
    }

    private func post(_ id: String, _ node: TestNode) async throws -> PostView? {
        try await node.parts.store.post(id: id, viewer: .anonymous)
    }

    @Test("A moderator elsewhere deletes a post of here, and its grant is what counts")
    func moderation() async throws {
        let pair = try await pair()
        let community = (a: pair.a.parts.community, b: pair.b.parts.community)
        let first = try await pair.a.parts.post("First", in: "engineering", by: pair.ada)
        try await eventually("the post has come over") { try await post(first.id, pair.b) != nil }
        let refused = await #expect(throws: HiveError.self) {
            try await community.b.deletePost(id: first.id, reason: nil, by: .agent(pair.bob))
        }
        #expect(refused?.code == .forbidden)
        let admin = Viewer.admin(try await pair.b.admin())
        let byAdmin = await #expect(throws: HiveError.self) {
            try await community.b.deletePost(id: first.id, reason: nil, by: admin)
        }
        #expect(byAdmin?.message.contains(pair.a.ready.instance.rawValue) == true)
        _ = try await community.a.appoint(pair.bob.id, inHive: "engineering", .init(), by: .agent(pair.ada))
        try await eventually("bob is moderator there") {
            try await pair.b.parts.store.role(of: pair.bob, inHive: "engineering") == "moderator"
        }
        #expect(try await community.b.togglePin(ofPost: first.id, by: .agent(pair.bob)))
        try await eventually("pinned here") { try await post(first.id, pair.a)?.isPinned == true }
        try await community.b.deletePost(id: first.id, reason: "off topic", by: .agent(pair.bob))
        try await eventually("deleted here") { try await post(first.id, pair.a) == nil && pair.isEqual }
        let log = try await pair.a.parts.store.moderationLog(
            ofHive: "engineering",
            viewer: .agent(pair.ada),
            limit: 10,
            offset: 0
        )
        #expect(log.first?.action == .postDeleted && log.first?.reason == "off topic")
        try await pair.verify()
        await pair.stop()
    }

    @Test("A ban here hides there, and the banned agent's own instance refuses what it writes")
    func bans() async throws {
        let pair = try await pair()
        let second = try await pair.b.parts.post("Second", in: "engineering", by: pair.bob)
        try await eventually("here too") { try await post(second.id, pair.a) != nil }
        let order = BanOrder(reason: "spam", hidesPast: true)
        _ = try await pair.a.parts.community.ban(pair.bob.id, inHive: "engineering", order, by: .agent(pair.ada))
        #expect(try await post(second.id, pair.a) == nil)
        try await eventually("hidden there") { try await post(second.id, pair.b) == nil && pair.isEqual }
        let refused = await #expect(throws: HiveError.self) {
            try await pair.b.parts.post("Third", in: "engineering", by: pair.bob)
        }
        #expect(refused?.code == .forbidden && refused?.message.contains("spam") == true)
        try await pair.a.parts.community.unban(
            pair.bob.id,
            inHive: "engineering",
            reason: nil,
            by: .agent(pair.ada)
        )
        try await eventually("shown again") { try await post(second.id, pair.b) != nil && pair.isEqual }
        try await pair.verify()
        await pair.stop()
    }

    @Test("Of settings written without knowing of each other the owner's wins; who has seen it may change it")
    func settings() async throws {
        let pair = try await pair()
        var b = pair.b
        let mine = { (text: String) in HiveChange(description: .some(text)) }
        let bob = Viewer.agent(pair.bob)
        _ = try await pair.a.parts.community.appoint(
            pair.bob.id,
            inHive: "engineering",
            .init(),
            by: .agent(pair.ada)
        )
        try await eventually("bob is moderator there") {
            try await b.parts.store.role(of: pair.bob, inHive: "engineering") == "moderator"
        }
        let port = String(b.ready.port)
        await b.stop()
        let away = try await TestNode.offline(folders.1, name: "Beta")
        _ = try await pair.a.parts.community.updateHive(named: "engineering", mine("owner"), by: .agent(pair.ada))
        _ = try await away.community.updateHive(named: "engineering", mine("moderator"), by: bob)
        await away.close()
        b = try await TestNode.start(folders.1, name: "Beta", values: ["port": port])
        var now = pair
        now.b = b
        try await eventually("equal again") { now.isEqual }
        for node in [now.a, now.b] {
            let hive = try await node.parts.store.hive(named: "engineering", viewer: .anonymous)
            #expect(hive?.description == "owner")
            let conflicts = try await node.parts.store.conflicts(inGroup: now.group.rawValue)
            #expect(conflicts.map(\.key) == ["description"])
            #expect(conflicts.first?.losers.map(\.valueJSON) == [#""moderator""#])
        }
        _ = try await b.parts.community.updateHive(named: "engineering", mine("settled"), by: bob)
        try await eventually("the newer word holds") {
            let hive = try await now.a.parts.store.hive(named: "engineering", viewer: .anonymous)
            return hive?.description == "settled" && now.isEqual
        }
        let past = try await now.a.parts.store.conflicts(inGroup: now.group.rawValue)
        #expect(past.map(\.resolvedBy?.valueJSON) == [#""settled""#])
        try await now.verify()
        await now.stop()
    }

    @Test(
        "A hive given to an agent elsewhere is that agent's as soon as its instance has received it",
    )
    func transfer() async throws {
        let pair = try await pair()
        let given = try await pair.a.parts.community.transferHive(
            named: "engineering",
            to: pair.bob.id,
            by: .agent(pair.ada)
        )
        #expect(given.ownerID == pair.bob.id)
        try await eventually("taken over there") {
            let page = try await pair.a.parts.sync.events(
                group: pair.group.rawValue,
                since: 0,
                limit: 100,
                type: "owner_changed",
                origin: pair.b.ready.instance.rawValue
            )
            return page.count == 1 && pair.isEqual
        }
        let change = HiveChange(description: .some("under new rule"), retentionDays: 30)
        let refused = await #expect(throws: HiveError.self) {
            try await pair.a.parts.community.updateHive(named: "engineering", change, by: .agent(pair.ada))
        }
        #expect(refused?.code == .forbidden)
        _ = try await pair.b.parts.community.updateHive(named: "engineering", change, by: .agent(pair.bob))
        try await eventually("obeyed here") {
            let hive = try await pair.a.parts.store.hive(named: "engineering", viewer: .anonymous)
            return hive?.description == "under new rule" && pair.isEqual
        }
        #expect(try await pair.b.parts.sync.group(id: pair.group.rawValue).role == .owner)
        #expect(try await pair.a.parts.sync.group(id: pair.group.rawValue).role == .member)
        try await pair.verify()
        await pair.stop()
    }

    @Test("An instance made readonly writes no more, and writes again after it was made member")
    func roles() async throws {
        let pair = try await pair()
        let (id, other) = (pair.group.rawValue, pair.b.ready.instance.rawValue)
        let sync = pair.a.parts.sync
        let kept = try await pair.b.parts.post("Kept", in: "engineering", by: pair.bob)
        try await eventually("here too") { try await post(kept.id, pair.a) != nil }
        _ = try await sync.changeRole(group: id, instance: other, role: .readonly)
        try await eventually("it knows, and has begun its next epoch") {
            try await pair.b.parts.sync.group(id: id).role == .readonly && pair.isEqual
        }
        let refused = await #expect(throws: HiveError.self) {
            try await pair.b.parts.post("Refused", in: "engineering", by: pair.bob)
        }
        #expect(refused?.code == .forbidden)
        _ = try await sync.changeRole(group: id, instance: other, role: .member)
        try await eventually("it may write again") {
            let head = pair.b.heads(pair.group)?.heads.first { $0.origin == pair.b.ready.instance }
            return head?.place.epoch == 3 && pair.isEqual
        }
        let after = try await pair.b.parts.post("After", in: "engineering", by: pair.bob)
        try await eventually("what it writes counts") { try await post(after.id, pair.a) != nil && pair.isEqual }
        #expect(try await post(kept.id, pair.a) != nil)
        let own = RemovalOrder(instance: pair.a.ready.instance.rawValue)
        let leaving = await #expect(throws: HiveError.self) { try await sync.removeMember(group: id, own) }
        #expect(leaving?.code == .conflict)
        let removed = try await sync.removeMember(group: id, RemovalOrder(instance: other, reason: "left the house"))
        #expect(removed.cutEvents == 0)
        #expect(try await post(after.id, pair.a) != nil)
        #expect(try await sync.group(id: id).members.count == 1)
        await pair.stop()
    }

    @Test("What a member had acknowledged and not sent lies under the fence of its removal, where it can be reached")
    func fetchedFirst() async throws {
        let pair = try await pair(heartbeatMs: 3_600_000)
        let (id, other) = (pair.group.rawValue, pair.b.ready.instance.rawValue)
        let own = try await pair.b.parts.store.peers().filter { $0.instance == pair.a.ready.instance }
        for peer in own { pair.b.parts.peering.service?.peerForgotten(peer.id) }
        let unsent = try await pair.b.parts.post("Unsent", in: "engineering", by: pair.bob)
        #expect(try await post(unsent.id, pair.a) == nil)
        let removed = try await pair.a.parts.sync.removeMember(group: id, RemovalOrder(instance: other))
        #expect(removed.isFetched && removed.cutEvents == 0)
        #expect(try await post(unsent.id, pair.a) != nil)
        await pair.stop()
    }

    @Test("A member that is away is removed without being asked, and the reply says so")
    func removedUnasked() async throws {
        let pair = try await pair()
        await pair.b.stop()
        let order = RemovalOrder(instance: pair.b.ready.instance.rawValue)
        let removed = try await pair.a.parts.sync.removeMember(group: pair.group.rawValue, order)
        #expect(!removed.isFetched && removed.fence != nil)
        #expect(try await pair.a.parts.sync.group(id: pair.group.rawValue).members.count == 1)
        await pair.a.stop()
    }
}
