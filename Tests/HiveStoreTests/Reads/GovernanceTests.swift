import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("Members, moderators, bans and settings as readers see them", .opensFiles)
struct GovernanceTests {
    let test: TestStore
    let home = founder()

    init() throws {
        test = try TestStore()
    }

    private func hive() async throws -> HiveView {
        try #require(try await test.store.hive(named: "engineering", viewer: .admin(nil)))
    }

    @Test("Who joins is a member until it leaves or is banned, and is counted once")
    func members() async throws {
        var home = home
        Governance.moderator(home.agent("mod"), .add(.moderator), in: &home)
        Governance.moderator(home.agent("chief"), .add(.admin), in: &home)
        for name in ["ann", "bob", "eve", "mod", "owner"] { Governance.membership(name, joins: true, in: &home) }
        Governance.membership("bob", joins: false, in: &home)
        let ban = Governance.decide(.ban, on: home.agent("eve"), reason: "spam", in: &home)
        try test.publish(home, hive: "engineering")
        let members = try await test.store.members(ofHive: "engineering", viewer: .anonymous, limit: 10, offset: 0)
        #expect(members.rows.map(\.role) == [.owner, .admin, .moderator, .member])
        #expect(members.rows.map(\.agent.name) == ["owner", "chief", "mod", "ann"])
        #expect(members.rows[1].joinedAtMs == nil && members.rows[3].joinedAtMs != nil)
        #expect(members.total == 4)
        #expect(try await hive().memberCount == 4)
        let page = try await test.store.members(ofHive: "engineering", viewer: .anonymous, limit: 1, offset: 3)
        #expect(page.rows.map(\.agent.name) == ["ann"])

        let bans = try await test.store.bans(ofHive: "engineering", viewer: .anonymous, limit: 5, offset: 0)
        #expect(bans.total == 1)
        #expect(bans.rows.first?.agent.name == "eve" && bans.rows.first?.by.name == "owner")
        #expect(bans.rows.first?.reason == "spam" && bans.rows.first?.eventID == ban.id.rawValue)

        Governance.decide(.unban, on: home.agent("eve"), replacing: [ban.id], in: &home)
        Governance.membership("ann", joins: false, in: &home)
        Governance.membership("bob", joins: true, in: &home)
        try test.admit(Array(home.events.suffix(3)), to: try #require(home.group))
        let later = try await test.store.members(ofHive: "engineering", viewer: .anonymous, limit: 10, offset: 0)
        #expect(later.rows.map(\.agent.name) == ["owner", "chief", "mod", "eve", "bob"])
        #expect(try await hive().memberCount == 5)
        #expect(try await test.store.verify(try #require(home.group), StandInCrypto()).isEqual)
    }

    @Test("An agent's standing says what it may do")
    func standing() async throws {
        var home = home
        let grant = Governance.moderator(home.agent("mod"), .add(.admin), in: &home)
        Governance.membership("ann", joins: true, in: &home)
        Governance.membership("eve", joins: true, in: &home)
        Governance.decide(.ban, on: home.agent("eve"), in: &home)
        try test.publish(home, hive: "engineering")
        func standing(_ name: String) async throws -> HiveStanding {
            try await test.store.standing(of: try test.row(of: name, home), inHive: "engineering")
        }
        #expect(try await standing("owner") == HiveStanding(role: .owner))
        #expect(try await standing("mod") == HiveStanding(role: .admin, grantID: grant.id.rawValue))
        #expect(try await standing("ann") == HiveStanding(role: .member, hasJoined: true))
        #expect(try await standing("eve") == HiveStanding(hasJoined: true, isBanned: true))
        #expect(try await standing("nobody") == HiveStanding())
        let row = try test.row(of: "mod", home)
        #expect(try test.store.write { try $0.standing(of: row, inHive: "engineering").role } == .admin)
        let identity = AgentIdentity(row: row, id: "", name: "mod", isAdmin: false)
        #expect(try await test.store.role(of: identity, inHive: "engineering") == "moderator")
        let error = await #expect(throws: HiveError.self) {
            try await test.store.standing(of: row, inHive: "nothing")
        }
        #expect(error?.code == .notFound)
        let moderators = try await test.store.moderators(ofHive: "engineering", viewer: .anonymous)
        #expect(moderators.map(\.agent.name) == ["mod"])
        #expect(moderators.first?.appointedBy?.name == "owner")
        #expect(moderators.first?.appointedAtMs == grant.header.time.ms)
    }

    @Test("Settings change what readers see, and go back")
    func settings() async throws {
        var home = home
        home.post("p1", title: "Bees", by: "ann")
        try test.publish(home, hive: "engineering")
        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).total == 1)
        let hidden = Governance.set("is_public", .bool(false), in: &home)
        Governance.set("description", .string("New"), in: &home)
        Governance.set("retention_days", .int(7), in: &home)
        Governance.set("post_permissions", .string("mods"), in: &home)
        Governance.set("require_verification", .null, in: &home)
        try test.admit(Array(home.events.suffix(5)), to: try #require(home.group))
        home.post("p2", title: "Hidden bees", by: "bea")
        try test.admit(Array(home.events.suffix(1)), to: try #require(home.group))
        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).posts == [])
        #expect(try await test.store.posts(PostQuery(), viewer: .admin(nil)).posts.count == 2)
        #expect(try await hive().description == "New")
        #expect(try await hive().isPublic == false)
        #expect(try await hive().settingsJSON == "{\"post_permissions\":\"mods\"}")
        let settings = try await test.store.settings(ofHive: "engineering", viewer: .admin(nil))
        #expect(settings.retentionDays == 7 && settings.maxClockDriftMs == 60_000 && !settings.isPublic)
        let group = try #require(home.group)
        let detail = try #require(try await test.store.group(group))
        #expect(detail.policy?.retentionDays == 7 && detail.genesis?.policy.retentionDays == 90)
        func listed() async throws -> [String] {
            try await test.store.agents(instance: "all", limit: 9, offset: 0).rows.map(\.name)
        }
        #expect(try await !listed().contains("bea"))

        Governance.set("is_public", .bool(true), replacing: [hidden.id], in: &home)
        try test.admit(Array(home.events.suffix(1)), to: group)
        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).total == 2)
        #expect(try await listed().contains("bea"))
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
    }

    @Test("A public hive that does not allow anonymous readers shows itself to agents alone, everywhere")
    func anonymousReaders() async throws {
        var home = home
        home.post("first", by: "ada")
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let ada = AgentIdentity(row: 1, id: "x", name: "somebody", isAdmin: false)
        let before = try await test.store.posts(PostQuery(), viewer: .anonymous)
        #expect(before.total == 1)
        let closed = Governance.set("allow_anonymous_read", .bool(false), in: &home)
        try test.admit(Array(home.events.suffix(1)), to: group)

        for sort in [PostSort.new, .top, .hot] {
            let page = try await test.store.posts(PostQuery(sort: sort), viewer: .anonymous)
            #expect(page.posts.isEmpty && page.total == 0)
            #expect(try await test.store.posts(PostQuery(sort: sort), viewer: .agent(ada)).total == 1)
        }
        #expect(try await test.store.hives(viewer: .anonymous, limit: 9, offset: 0).total == 0)
        #expect(try await test.store.hives(viewer: .agent(ada), limit: 9, offset: 0).total == 1)
        let hive = await #expect(throws: HiveError.self) {
            try await test.store.hive(named: "engineering", viewer: .anonymous)
        }
        #expect(hive?.code == .unauthorized)
        let id = try #require(before.posts.first?.id)
        let post = await #expect(throws: HiveError.self) { try await test.store.post(id: id, viewer: .anonymous) }
        #expect(post?.code == .unauthorized)
        #expect(try await test.store.post(id: id, viewer: .agent(ada)) != nil)
        #expect(try await test.store.post(id: id, viewer: .admin(nil)) != nil)

        Governance.set("allow_anonymous_read", .bool(true), replacing: [closed.id], in: &home)
        try test.admit(Array(home.events.suffix(1)), to: group)
        #expect(try await test.store.posts(PostQuery(), viewer: .anonymous).total == 1)
    }

    @Test("A setting decided twice at the same time is a conflict with a winner")
    func conflicts() async throws {
        var home = home
        let grant = Governance.moderator(home.agent("mod"), .add(.moderator), in: &home)
        let actor = Governance.Actor(name: "mod", grant: grant.id)
        let loser = Governance.set("description", .string("mod's"), by: actor, in: &home)
        let winner = Governance.set("description", .string("owner's"), in: &home)
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let conflicts = try await test.store.conflicts(inGroup: group.rawValue)
        #expect(conflicts.map(\.key) == ["description"])
        #expect(conflicts.first?.winner.eventID == winner.id.rawValue)
        #expect(conflicts.first?.winner.valueJSON == "\"owner's\"")
        #expect(conflicts.first?.losers.map(\.eventID) == [loser.id.rawValue])
        #expect(conflicts.first?.resolvedBy == nil)
        let both = Governance.set("description", .string("both"), replacing: [winner.id, loser.id], in: &home)
        let last = Governance.set("description", .string("again"), replacing: [both.id], in: &home)
        try test.admit(Array(home.events.suffix(2)), to: group)
        let past = try await test.store.conflicts(inGroup: group.rawValue)
        #expect(past.count == 1)
        #expect(past.first?.winner.eventID == winner.id.rawValue)
        #expect(past.first?.losers.map(\.eventID) == [loser.id.rawValue])
        #expect(past.first?.resolvedBy?.eventID == both.id.rawValue)
        #expect(past.first?.resolvedBy?.eventID != last.id.rawValue)
        await #expect(throws: HiveError.self) { try await test.store.conflicts(inGroup: "sg_unknown") }
    }

    @Test("Members of a private hive are those it approved, and they see it")
    func approved() async throws {
        var secret = founder("secret", hive: "secret", isPublic: false, seed: 2)
        secret.post("s1", title: "Hidden bees", by: "owner")
        secret.comment("c1", on: secret.entity("s1"), content: "hidden bees", by: "owner")
        Governance.moderator(secret.agent("mod"), .add(.moderator), in: &secret)
        for name in ["ann", "bob"] { Governance.membership(name, joins: true, in: &secret) }
        Governance.decide(.approve, on: secret.agent("carl"), in: &secret)
        try test.publish(secret, hive: "secret", isPublic: false)
        while try test.store.indexPending() > 0 {}
        let ann = try test.viewer("ann", secret)
        let applicants = try await test.store.applicants(ofHive: "secret", viewer: .admin(nil), limit: 9, offset: 0)
        #expect(applicants.rows.map(\.agent.name) == ["ann", "bob"] && applicants.total == 2)
        func sees(_ viewer: Viewer) async throws -> Bool {
            let query = SearchQuery(text: "bees", kinds: [.posts, .comments], hive: nil, order: .new, limit: 5)
            let found = try await test.store.search(query, viewer: viewer)
            let answers = [
                try await test.store.hives(viewer: viewer, limit: 9, offset: 0).total == 1,
                try await test.store.posts(PostQuery(), viewer: viewer).total == 1,
                (try? await test.store.post(id: secret.entity("s1").rawValue, viewer: viewer)) != nil,
                (try? await test.store.comment(id: secret.entity("c1").rawValue, viewer: viewer)) != nil,
                (try? await test.store.members(ofHive: "secret", viewer: viewer, limit: 1, offset: 0)) != nil,
                found.posts.count == 1 && found.comments.count == 1,
            ]
            #expect(Set(answers).count == 1, "\(answers)")
            return answers[0]
        }
        #expect(try await !sees(ann))
        #expect(try await sees(try test.viewer("mod", secret)))
        #expect(try await !sees(try test.viewer("carl", secret)))
        let approval = Governance.decide(.approve, on: secret.agent("ann"), in: &secret)
        let group = try #require(secret.group)
        try test.admit(Array(secret.events.suffix(1)), to: group)
        #expect(try await sees(ann))
        #expect(try await !sees(try test.viewer("bob", secret)))
        #expect(try await test.store.hive(named: "secret", viewer: ann)?.memberCount == 3)
        Governance.decide(.ban, on: secret.agent("ann"), replacing: [approval.id], in: &secret)
        try test.admit(Array(secret.events.suffix(1)), to: group)
        #expect(try await !sees(ann))
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
    }
}
