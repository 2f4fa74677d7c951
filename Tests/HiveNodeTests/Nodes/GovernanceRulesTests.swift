import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

/// Who may do what in a hive, checked where it is written: on one instance, without a network.
@Suite(.opensFiles) struct GovernanceRulesTests {
    private let folder = TemporaryDirectory()

    private func refusal<T>(_ body: () async throws -> T) async -> HiveError.Code? {
        do {
            _ = try await body()
            Issue.record("nothing was thrown")
            return nil
        } catch {
            return (error as? HiveError)?.code
        }
    }

    private func events(_ type: String, _ parts: NodeParts, _ group: GroupID) async throws -> [JSONValue] {
        let page = try await parts.sync.events(group: group.rawValue, since: 0, limit: 500, type: type, origin: nil)
        return try page.lines.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    }

    private func verify(_ parts: NodeParts, _ group: GroupID) async throws {
        let verified = try await parts.sync.verify(group: group.rawValue)
        #expect(verified.isEqual, "\(verified.differences)")
    }

    @Test("Settings of a new hive are events; a change writes one for each key, null for those left out")
    func settings() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let hive = NewHive(name: "stories", settingsJSON: #"{"post_permissions":"all","require_verification":true}"#)
        let made = try await parts.community.createHive(hive, by: ada)
        let group = try #require(GroupID(made.groupID))
        #expect(try await events("hive_setting_changed", parts, group).count == 2)
        let change = HiveChange(description: .some("new"), settingsJSON: #"{"post_permissions":"mods"}"#)
        let changed = try await parts.community.updateHive(named: "stories", change, by: .agent(ada))
        #expect(changed.description == "new")
        #expect(changed.settingsJSON == #"{"post_permissions":"mods"}"#)
        let written = try await events("hive_setting_changed", parts, group).suffix(3)
        #expect(
            written.compactMap { $0["payload"]?["key"]?.string } == [
                "description", "post_permissions", "require_verification",
            ]
        )
        #expect(written.last?["payload"]?["value"]?.isNull == true)
        #expect(written.last?["refs"]?["par"]?.array?.count == 1)
        _ = try await parts.community.updateHive(named: "stories", change, by: .agent(ada))
        #expect(try await events("hive_setting_changed", parts, group).count == 5)
        let community = parts.community
        #expect(
            await refusal { try await community.updateHive(named: "stories", change, by: .agent(bob)) } == .forbidden
        )
        try await verify(parts, group)
        await parts.close()
    }

    @Test("What a setting allows binds where posts are written")
    func permissions() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let hive = NewHive(name: "stories", settingsJSON: #"{"post_permissions":"members"}"#)
        _ = try await community.createHive(hive, by: ada)
        #expect(await refusal { try await parts.post("One", in: "stories", by: bob) } == .forbidden)
        try await community.joinHive(named: "stories", by: bob)
        #expect(await refusal { try await community.joinHive(named: "stories", by: bob) } == .badRequest)
        let post = try await parts.post("One", in: "stories", by: bob)
        let mods = HiveChange(settingsJSON: #"{"post_permissions":"mods"}"#)
        _ = try await community.updateHive(named: "stories", mods, by: .agent(ada))
        #expect(await refusal { try await parts.post("Two", in: "stories", by: bob) } == .forbidden)
        _ = try await parts.post("Two", in: "stories", by: ada)
        _ = try await community.appoint("bob", inHive: "stories", AppointmentOrder(), by: .agent(ada))
        _ = try await parts.post("Three", in: "stories", by: bob)
        #expect(try await parts.store.post(id: post.id, viewer: .anonymous) != nil)
        await parts.close()
    }

    @Test("Admins of a hive appoint moderators, the owner alone admins; a demotion ends the higher grant")
    func moderators() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob, eve) = (try await parts.agent("ada"), try await parts.agent("bob"), try await parts.agent("eve"))
        let community = parts.community
        let group = try await parts.hive("stories", by: ada)
        let admin = AppointmentOrder(isAdmin: true)
        let plain = AppointmentOrder()
        #expect(
            await refusal { try await community.appoint("eve", inHive: "stories", plain, by: .agent(bob)) }
                == .forbidden
        )
        let granted = try await community.appoint("bob", inHive: "stories", admin, by: .agent(ada))
        #expect(granted.role == .admin && granted.appointedBy?.name == "ada")
        _ = try await community.appoint("eve", inHive: "stories", plain, by: .agent(bob))
        #expect(
            await refusal { try await community.appoint("eve", inHive: "stories", admin, by: .agent(bob)) }
                == .forbidden
        )
        #expect(
            await refusal { try await community.dismiss("bob", inHive: "stories", reason: nil, by: .agent(eve)) }
                == .forbidden
        )
        #expect(
            await refusal { try await community.appoint("ada", inHive: "stories", plain, by: .agent(ada)) }
                == .badRequest
        )
        let demoted = try await community.appoint("bob", inHive: "stories", plain, by: .agent(ada))
        #expect(demoted.role == .moderator)
        #expect(
            await refusal { try await community.dismiss("eve", inHive: "stories", reason: nil, by: .agent(bob)) }
                == .forbidden
        )
        try await community.dismiss("eve", inHive: "stories", reason: "idle", by: .agent(ada))
        let rows = try await parts.store.moderators(ofHive: "stories", viewer: .anonymous)
        #expect(rows.map(\.agent.name) == ["bob"])
        try await verify(parts, group)
        await parts.close()
    }

    @Test("Moderators edit, delete and pin what others wrote, under their grant")
    func content() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob, eve) = (try await parts.agent("ada"), try await parts.agent("bob"), try await parts.agent("eve"))
        let community = parts.community
        let group = try await parts.hive("stories", by: ada)
        let post = try await parts.post("One", in: "stories", by: eve)
        let comment = NewComment(postID: post.id, parentID: nil, content: "hm")
        let said = try await community.createComment(comment, by: eve)
        #expect(await refusal { try await community.togglePin(ofPost: post.id, by: .agent(bob)) } == .forbidden)
        let grant = try await community.appoint("bob", inHive: "stories", AppointmentOrder(), by: .agent(ada))
        #expect(try await community.togglePin(ofPost: post.id, by: .agent(bob)))
        #expect(try await community.togglePin(ofPost: post.id, by: .agent(ada)) == false)
        _ = try await community.updatePost(id: post.id, PostChange(title: "Better"), by: .agent(bob))
        _ = try await community.updateComment(id: said.id, content: "[removed words]", by: .agent(bob))
        try await community.deleteComment(id: said.id, reason: "rude", by: .agent(bob))
        try await community.deletePost(id: post.id, reason: "off topic", by: .agent(bob))
        let deletion = try #require(try await events("post_deleted", parts, group).first)
        #expect(deletion["refs"]?["auth"]?.string == grant.eventID)
        let log = try await parts.store.moderationLog(ofHive: "stories", viewer: .agent(ada), limit: 20, offset: 0)
        #expect(log.contains { $0.action == .postDeleted && $0.reason == "off topic" && $0.by?.name == "bob" })
        try await verify(parts, group)
        await parts.close()
    }

    @Test(
        "A banned agent's writes are refused with the reason, its past is hidden if asked, and an unban brings it back"
    )
    func bans() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let group = try await parts.hive("stories", by: ada)
        let post = try await parts.post("One", in: "stories", by: bob)
        let mine = try await parts.post("Mine", in: "stories", by: ada)
        let order = BanOrder(reason: "spam", hidesPast: true)
        #expect(
            await refusal { try await community.ban("ada", inHive: "stories", order, by: .agent(ada)) } == .forbidden
        )
        #expect(
            await refusal { try await community.ban("ada", inHive: "stories", order, by: .agent(bob)) } == .forbidden
        )
        let ban = try await community.ban("bob", inHive: "stories", order, by: .agent(ada))
        #expect(ban.hidesPast && ban.reason == "spam")
        #expect(try await parts.store.post(id: post.id, viewer: .anonymous) == nil)
        let again = try await community.ban("bob", inHive: "stories", order, by: .agent(ada))
        #expect(again.eventID == ban.eventID)
        let error = await #expect(throws: HiveError.self) { try await parts.post("Two", in: "stories", by: bob) }
        #expect(error?.code == .forbidden && error?.message.contains("spam") == true)
        let comment = NewComment(postID: mine.id, parentID: nil, content: "hm")
        #expect(await refusal { try await community.createComment(comment, by: bob) } == .forbidden)
        #expect(await refusal { try await community.vote(on: .post, id: mine.id, value: 1, by: bob) } == .forbidden)
        #expect(await refusal { try await community.joinHive(named: "stories", by: bob) } == .forbidden)
        _ = try await parts.post("Elsewhere", in: "general", by: bob)
        try await community.unban("bob", inHive: "stories", reason: nil, by: .agent(ada))
        #expect(
            await refusal { try await community.unban("bob", inHive: "stories", reason: nil, by: .agent(ada)) }
                == .notFound
        )
        #expect(try await parts.store.post(id: post.id, viewer: .anonymous) != nil)
        _ = try await parts.post("Two", in: "stories", by: bob)
        try await verify(parts, group)
        await parts.close()
    }

    @Test("A moderator bans no moderator; what it bans is hidden from then on")
    func bansByModerators() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let (bob, eve) = (try await parts.agent("bob"), try await parts.agent("eve"))
        let community = parts.community
        _ = try await parts.hive("stories", by: ada)
        for name in ["bob", "eve"] {
            _ = try await community.appoint(name, inHive: "stories", AppointmentOrder(), by: .agent(ada))
        }
        let order = BanOrder()
        #expect(
            await refusal { try await community.ban("eve", inHive: "stories", order, by: .agent(bob)) } == .forbidden
        )
        _ = try await community.ban("eve", inHive: "stories", order, by: .agent(ada))
        #expect(await refusal { try await parts.post("One", in: "stories", by: eve) } == .forbidden)
        await parts.close()
    }

    @Test("A private hive is joined after approval, and left again")
    func privateHive() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let group = try await parts.hive("secret", by: ada, isPublic: false)
        #expect(await refusal { try await community.joinHive(named: "secret", by: bob) } == .forbidden)
        #expect(await refusal { try await community.leaveHive(named: "secret", by: bob) } == .forbidden)
        #expect(await refusal { try await community.approve("bob", inHive: "secret", by: .agent(bob)) } == .forbidden)
        try await community.approve("bob", inHive: "secret", by: .agent(ada))
        try await community.joinHive(named: "secret", by: bob)
        _ = try await parts.post("One", in: "secret", by: bob)
        #expect(try await parts.store.hive(named: "secret", viewer: .agent(bob))?.memberCount == 2)
        try await community.leaveHive(named: "secret", by: bob)
        #expect(await refusal { try await parts.post("Two", in: "secret", by: bob) } == .forbidden)
        #expect(await refusal { try await community.leaveHive(named: "secret", by: ada) } == .badRequest)
        try await verify(parts, group)
        await parts.close()
    }

    @Test(
        "A hive is given to another agent of the instance; an admin acts for the owner and is named",
    )
    func transfer() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let group = try await parts.hive("stories", by: ada)
        #expect(
            await refusal { try await community.transferHive(named: "stories", to: "bob", by: .agent(bob)) }
                == .forbidden
        )
        let given = try await community.transferHive(named: "stories", to: "bob", by: .admin(try await parts.admin()))
        #expect(given.ownerID == bob.id)
        let event = try #require(try await events("owner_changed", parts, group).first)
        #expect(event["payload"]?["acting_admin"]?["name"]?.string == "local")
        let change = HiveChange(isPublic: false)
        #expect(
            await refusal { try await community.updateHive(named: "stories", change, by: .agent(ada)) } == .forbidden
        )
        #expect(try await community.updateHive(named: "stories", change, by: .agent(bob)).isPublic == false)
        try await verify(parts, group)
        await parts.close()
    }

    @Test("Pseudonymous votes name nobody, the voter sees its own, and a ban takes them back")
    func pseudonyms() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let community = parts.community
        let rules = GroupRules(votePrivacy: "pseudonymous")
        let made = try await community.createHive(NewHive(name: "stories", rules: rules), by: ada)
        let group = try #require(GroupID(made.groupID))
        let post = try await parts.post("One", in: "stories", by: ada)
        #expect(await refusal { try await community.vote(on: .post, id: post.id, value: 1, by: ada) } == .badRequest)
        #expect(
            try await community.vote(on: .post, id: post.id, value: 1, by: bob) == VoteResult(score: 1, userVote: 1)
        )
        let vote = try #require(try await events("vote_cast", parts, group).first)
        let voter = try #require(vote["payload"]?["voter"]?["agent_id"]?.string)
        #expect(voter.hasPrefix("v_") && voter.utf8.count == 54)
        #expect(
            try await events("agent_profile_changed", parts, group).allSatisfy {
                $0["payload"]?["agent_id"]?.string == ada.id
            }
        )
        #expect(try await parts.store.post(id: post.id, viewer: .agent(bob))?.userVote == 1)
        #expect(try await parts.store.post(id: post.id, viewer: .agent(ada))?.userVote == nil)
        let agents = try await parts.store.agents(instance: "all", limit: 100, offset: 0)
        #expect(!agents.rows.contains { $0.id.hasPrefix("v_") })
        _ = try await community.ban("bob", inHive: "stories", BanOrder(), by: .agent(ada))
        try await eventually("the votes are taken back") {
            try await parts.store.post(id: post.id, viewer: .anonymous)?.score == 0
        }
        try await verify(parts, group)
        await parts.close()
    }

    @Test(
        "Successors name an owner one after the other; a signature of somebody else is refused",
    )
    func succession() async throws {
        let parts = try await TestNode.offline(folder)
        let (ada, bob) = (try await parts.agent("ada"), try await parts.agent("bob"))
        let other = Ed25519Signer()
        let keys = [parts.local.identityKey.base64, other.publicKey.base64]
        let rules = GroupRules(successors: keys)
        let made = try await parts.community.createHive(NewHive(name: "stories", rules: rules), by: ada)
        let group = try #require(GroupID(made.groupID))
        let head = try #require(parts.board.heads(of: group)?.heads.first)
        let pin = Fence(place: head.place, hash: head.hash)
        let key = AgentKey(instance: parts.local.instance, agent: try #require(EntityID(bob.id)))
        let statement = OwnerChanged(
            n: 1,
            to: AgentSnapshot(key: key, name: "bob", avatarURL: nil),
            pin: pin,
            authority: .quorum([])
        )
        let text = statement.signedText(group: group)
        var order = TransferOrder(instance: parts.local.instance.rawValue, agent: bob.id, pin: pin)
        order.cosignatures = [Cosignature(identityKey: other.publicKey, signature: Ed25519Signer().sign(text))]
        #expect(
            await refusal { try await parts.sync.transferOwner(group: group.rawValue, order, by: nil) } == .badRequest
        )
        order.cosignatures = [Cosignature(identityKey: other.publicKey, signature: other.sign(text))]
        guard case .transferred = try await parts.sync.transferOwner(group: group.rawValue, order, by: nil) else {
            Issue.record("the quorum was reached")
            return
        }
        let hive = try #require(try await parts.store.hive(named: "stories", viewer: .anonymous))
        #expect(hive.ownerID == bob.id)
        try await verify(parts, group)
        await parts.close()
    }

    @Test(
        "A log gets a new key and goes on; after a theft what the thief wrote is gone",
    )
    func epochs() async throws {
        let parts = try await TestNode.offline(folder)
        let ada = try await parts.agent("ada")
        let group = try await parts.hive("stories", by: ada)
        let kept = try await parts.post("Kept", in: "stories", by: ada)
        let opened = try await parts.sync.openEpoch(group: group.rawValue, EpochOrder())
        #expect(opened == OpenedEpoch(epoch: 2, closedOff: 0, repeated: 0))
        let place = try #require(parts.board.heads(of: group)?.heads.first?.place)
        let stolen = try await parts.post("Stolen", in: "stories", by: ada)
        let theft = EpochOrder(isKeyStolen: true, lastOwn: place)
        let renewed = try await parts.sync.openEpoch(group: group.rawValue, theft)
        #expect(renewed.epoch == 3 && renewed.closedOff == 1 && renewed.repeated == 0)
        #expect(try await parts.store.post(id: kept.id, viewer: .anonymous) != nil)
        #expect(try await parts.store.post(id: stolen.id, viewer: .anonymous) == nil)
        _ = try await parts.post("After", in: "stories", by: ada)
        try await verify(parts, group)
        await parts.close()
    }
}
