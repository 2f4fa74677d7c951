import HiveModel
import HiveStore
import HiveSync
import HiveTestKit
import Testing

/// What every `FoldState` must do with acts and decisions, asked of both.
@Suite("The contract of fold states: decisions", .opensFiles)
struct DecidedContractTests {
    typealias Kind = StateContractTests.Kind

    let founder: TestInstance<StandInCrypto>
    let member: TestInstance<StandInCrypto>
    let group: GroupID
    let grant: Event
    let ban: Event

    init() throws {
        var founder = HiveStoreTests.founder()
        let group = try #require(founder.group)
        var member = TestInstance("member", seed: 77, crypto: StandInCrypto())
        founder.add(member)
        member.open(in: group)
        founder.post("p1", by: "owner")
        member.post("m1", by: "eve")
        member.comment("c1", on: founder.entity("p1"), by: "eve")
        member.vote(1, founder.entity("p1"), by: "eve")
        member.vote(1, on: .comment, member.entity("c1"), by: "eve")
        member.vote(-1, founder.entity("p1"), by: "bob")
        grant = Governance.moderator(founder.agent("ann"), .add(.moderator), in: &founder)
        let actor = Governance.Actor(name: "ann", grant: grant.id)
        founder.updatePost(
            member.entity("m1"),
            title: .set("Moderated"),
            by: "ann",
            refs: EventRefs(auth: grant.id)
        )
        Governance.pin(founder.entity("p1"), by: actor, in: &founder)
        Governance.pin(founder.entity("p1"), false, by: actor, in: &founder)
        ban = Governance.decide(.ban, on: member.agent("bob"), fence: Governance.fence(member), in: &founder)
        self.founder = founder
        self.member = member
        self.group = group
    }

    private var events: [Event] { founder.events + member.events }

    /// Runs `body` on a state that holds both logs, in a database where another group has the same ids.
    private func on(_ kind: Kind, _ body: (inout any FoldState & LogState) throws -> Void) throws {
        switch kind {
        case .memory:
            var state = MemoryState()
            _ = try TestStore.admit(events, to: group, &state)
            var opened: any FoldState & LogState = state
            try body(&opened)
        case .sqlite:
            let test = try TestStore()
            var other = HiveStoreTests.founder(hive: "other")
            other.wallMs += 5_000
            other.post("p1", by: "owner")
            other.vote(1, other.entity("p1"), by: "owner")
            try test.publish(other, hive: "other")
            try test.makeGroup(group, hive: "engineering")
            try test.admit(events, to: group)
            try test.store.write { transaction in
                var opened: any FoldState & LogState = try transaction.state(for: group)
                try body(&opened)
            }
        }
    }

    private func stamp(_ seq: Int64) -> Stamp {
        Stamp(time: HybridTime(ms: 5, counter: 2), prefix: founder.id.prefix, place: Place(epoch: 1, seq: seq))
    }

    private func row(_ name: String, _ state: inout any FoldState & LogState) throws -> RowNumber {
        try state.agentRow(founder.agent(name).key, name: nil, avatarURL: nil)
    }

    @Test("Acts are remembered once, and their events read back whole", arguments: Kind.allCases)
    func acts(kind: Kind) throws {
        try on(kind) { state in
            let addition = try #require(founder.events.first { $0.header.type == .instanceAdded })
            #expect(try state.acts(.roster) == [addition])
            #expect(try state.acts(ActKey(roster: member.id)) == [addition])
            #expect(try state.acts(ActKey(roster: founder.id)) == [])
            #expect(try state.acts(.moderator) == [grant])
            #expect(try state.acts(ActKey(.ban, about: member.agent("bob").key)) == [ban])
            #expect(try state.acts(ActKey(.ban, about: member.agent("eve").key)) == [])
            let key = ActKey(setting: "caf\u{e9}")
            for event in [founder.events[0], member.events[0], founder.events[0]] {
                try state.addAct(key, origin: event.header.origin, place: event.header.place)
            }
            let same = ActKey(setting: "cafe\u{301}")
            try state.addAct(same, origin: member.id, place: Place(epoch: 1, seq: 2))
            #expect(try Set(state.acts(key)) == [founder.events[0], member.events[0]])
            #expect(try state.acts(same) == [member.events[1]])
            #expect(try state.acts(.setting).count == 3)
            #expect(try state.acts(ActKind.ownership) == [])
        }
    }

    @Test("What is decided comes back as it was put, and goes", arguments: Kind.allCases)
    func decisions(kind: Kind) throws {
        try on(kind) { state in
            let owners = [
                OwnerRow(n: 1, agent: founder.agent("owner").key), OwnerRow(n: 2, agent: nil),
                OwnerRow(n: 3, agent: member.agent("new").key),
            ]
            try state.putOwners(owners)
            #expect(try state.owners() == owners)
            try state.putOwners(Array(owners.prefix(1)))
            #expect(try state.owners() == Array(owners.prefix(1)))

            let moderators = try ["ann", "zoe"].map {
                ModeratorRow(agent: try row($0, &state), role: $0 == "ann" ? .admin : .moderator, event: grant.id)
            }
            try state.putModerators(moderators)
            #expect(try state.moderators() == moderators.sorted { $0.agent < $1.agent })
            try state.putModerators([])
            #expect(try state.moderators() == [])

            var members = try state.members()
            #expect(members.map(\.role).count == 2)
            members.removeLast()
            try state.putMembers(members)
            #expect(try state.members() == members)
        }
    }

    @Test("Bans, memberships and settings are registers of their own", arguments: Kind.allCases)
    func registers(kind: Kind) throws {
        try on(kind) { state in
            let (ann, zoe) = (try row("ann", &state), try row("zoe", &state))
            var held = BanRow(
                agent: zoe,
                event: ban.id,
                action: .ban,
                scope: .all,
                fence: Fence(place: Place(epoch: 3, seq: 1 << 47), hash: ban.hash),
                by: ann,
                reason: "\u{0}nul",
                stamp: stamp(8)
            )
            let before = try state.bans()
            try state.putBan(held, of: zoe)
            #expect(try state.ban(of: zoe) == held)
            #expect(try state.bans() == (before + [held]).sorted { $0.agent < $1.agent })
            held.action = .approve
            held.scope = .later
            held.fence = nil
            held.reason = nil
            try state.putBan(held, of: zoe)
            #expect(try state.ban(of: zoe) == held)
            try state.putBan(nil, of: zoe)
            #expect(try state.ban(of: zoe) == nil)
            #expect(try state.bans() == before)

            #expect(try state.membership(of: ann) == nil)
            for isJoined in [true, false] {
                let membership = MembershipRow(isJoined: isJoined, stamp: stamp(isJoined ? 3 : 4))
                try state.putMembership(membership, of: ann)
                #expect(try state.membership(of: ann) == membership)
            }

            let settings = [("z", "null"), ("caf\u{e9}", "[0.5]"), ("cafe\u{301}", "{\"a\":1}")].map { key, value in
                SettingRow(key: key, value: Array(value.utf8), event: grant.id, heads: [grant.id, ban.id])
            }
            for setting in settings { try state.putSetting(setting, of: setting.key) }
            let sorted = settings.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            #expect(try state.settings() == sorted)
            #expect(try state.setting("caf\u{e9}") == settings[1])
            try state.putSetting(nil, of: "z")
            #expect(try state.setting("z") == nil)
            #expect(try state.settings().count == 2)
        }
    }

    @Test("What an agent wrote is found, in this group alone", arguments: Kind.allCases)
    func byAgent(kind: Kind) throws {
        try on(kind) { state in
            let eve = try state.agentRow(member.agent("eve").key, name: nil, avatarURL: nil)
            let (owner, ann) = (try row("owner", &state), try row("ann", &state))
            let (post, comment) = (
                ContentTarget(kind: .post, id: member.entity("m1")),
                ContentTarget(kind: .comment, id: member.entity("c1"))
            )
            let first = ContentTarget(kind: .post, id: founder.entity("p1"))
            #expect(try state.content(by: eve) == [post, comment])
            #expect(try state.content(by: owner) == [first])
            #expect(try state.content(by: ann) == [])
            #expect(try state.content(grantedTo: eve) == [])
            #expect(try Set(state.content(grantedTo: ann)) == [post, first])
            #expect(try state.content(grantedTo: ann).count == 2)
            let votes = try state.votes(by: eve)
            #expect(Set(votes.map(\.id)) == [comment, first])
            #expect(votes.count == 2)
            for cast in votes {
                #expect(cast.vote.value == 1 && !cast.vote.isHidden)
                #expect(try state.voteTarget(cast.id)?.target == cast.target)
            }
            #expect(try state.votes(by: owner).isEmpty)
            let target = try #require(try state.voteTarget(first)?.target)
            let kinds = try state.writes(to: target).map(\.kind)
            #expect(kinds == [.pin, .unpin])
        }
    }

    @Test("Hidden rows are not live, and hidden votes count nothing", arguments: Kind.allCases)
    func hidden(kind: Kind) throws {
        try on(kind) { state in
            let eve = try state.agentRow(member.agent("eve").key, name: nil, avatarURL: nil)
            let owner = try row("owner", &state)
            var (row, post) = try #require(try state.post(founder.entity("p1")))
            post.isHidden = true
            try state.putPost(post, at: row)
            #expect(try state.post(post.id)?.post == post)
            let seen = try #require(try state.voteTarget(ContentTarget(kind: .post, id: post.id)))
            #expect(!seen.isLive && seen.author == owner)
            post.isHidden = false
            try state.putPost(post, at: row)
            #expect(try state.voteTarget(ContentTarget(kind: .post, id: post.id))?.isLive == true)

            var (number, comment) = try #require(try state.comment(member.entity("c1")))
            comment.isHidden = true
            try state.putComment(comment, at: number)
            #expect(try state.comment(comment.id)?.comment == comment)
            #expect(try state.voteTarget(ContentTarget(kind: .comment, id: comment.id))?.isLive == false)

            let target = TargetRow(kind: .post, row: row)
            let before = try state.scoreByOthers(than: owner, target: target)
            let vote = try #require(try state.votes(by: eve).first { $0.target == target }?.vote)
            try state.putVote(VoteRow(value: 1, stamp: vote.stamp, isHidden: true), target: target, voter: eve)
            #expect(try state.votes(by: eve).first { $0.target == target }?.vote.isHidden == true)
            #expect(try state.scoreByOthers(than: owner, target: target) == before - 1)
            let held = try state.insertVote(VoteRow(value: 1, stamp: stamp(99)), target: target, voter: eve)
            #expect(held?.isHidden == true)
        }
    }

    @Test("Every decision is part of the state, and clearing takes it", arguments: Kind.allCases)
    func entities(kind: Kind) throws {
        try on(kind) { state in
            let ann = try row("ann", &state)
            try state.putMembership(MembershipRow(isJoined: true, stamp: stamp(3)), of: ann)
            let setting = SettingRow(key: "k", value: Array("1".utf8), event: grant.id, heads: [grant.id])
            try state.putSetting(setting, of: "k")
            var kinds: [String] = []
            try state.forEachEntity { entity in
                switch entity {
                case .owner: kinds.append("owner")
                case .member: kinds.append("member")
                case .moderator: kinds.append("moderator")
                case .ban: kinds.append("ban")
                case .membership: kinds.append("membership")
                case .setting: kinds.append("setting")
                case .group, .post, .comment, .vote, .profile: break
                }
            }
            #expect(kinds.sorted() == ["ban", "member", "member", "membership", "moderator", "owner", "setting"])
            try state.clear()
            var rows = 0
            try state.forEachEntity { _ in rows += 1 }
            #expect(rows == 0)
            for kind in [ActKind.ownership, .roster, .moderator, .ban, .setting] {
                #expect(try state.acts(kind) == [])
            }
            #expect(try state.content(grantedTo: ann) == [])
        }
    }
}
