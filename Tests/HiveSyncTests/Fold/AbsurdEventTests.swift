import HiveModel
import HiveSync
import HiveTestKit
import Testing

/// Events that are well-formed and make no sense: each has one outcome on every replica.
@Suite("Absurd events")
struct AbsurdEventTests {
    /// Appends an event whose payload is this text in RFC 8785 form.
    private func write(_ type: EventType, _ payload: String, in instance: inout Instance) -> Event {
        instance.append(type, payload: Array(payload.utf8))
    }

    private func agent(_ agent: AgentSnapshot) -> String {
        #"{"agent_id":"\#(agent.key.agent.rawValue)","instance_id":"\#(agent.key.instance.rawValue)","name":"x"}"#
    }

    @Test("Words and numbers out of range make an event void: roles, actions, scopes, votes, fences")
    func outOfRange() throws {
        var group = Group(2)
        let alice = agent(group.owner.agent("alice"))
        let (owner, member) = (agent(group.owner.agent("owner")), group.instances[1])
        let key = member.identityKey.base64
        let addition = #"{"from_epoch":1,"identity_key":"\#(key)","instance_id":"\#(member.id.rawValue)","name":"n""#
        let payloads: [(EventType, String)] = [
            (.instanceAdded, addition + #","role":"king"}"#),
            (.instanceAdded, addition + #","role":"owner"}"#),
            (.moderatorChanged, #"{"action":"add","agent":\#(alice),"by":\#(owner),"fence":null,"role":"king"}"#),
            (.moderatorChanged, #"{"action":"crown","agent":\#(alice),"by":\#(owner),"fence":null}"#),
            (.membershipChanged, #"{"action":"exile","agent":\#(alice),"by":\#(owner),"fence":null}"#),
            (.membershipChanged, #"{"action":"ban","agent":\#(alice),"by":\#(owner),"fence":null,"scope":"half"}"#),
            (
                .membershipChanged,
                #"{"action":"ban","agent":\#(alice),"by":\#(owner),"fence":{"epoch":0,"hash":"","seq":0}}"#
            ),
            (.voteCast, #"{"target_id":"p","target_type":"post","value":7,"voter":\#(owner)}"#),
            (.voteCast, #"{"target_id":"p","target_type":"moon","value":1,"voter":\#(owner)}"#),
            (.hiveSettingChanged, #"{"changed_by":\#(owner),"key":"","value":1}"#),
            (.postPinned, #"{"by":\#(owner),"pinned":1,"post_id":"p"}"#),
        ]
        var before = Replica(of: group.id)
        try before.fold(group.events)
        let events = payloads.map { write($0, $1, in: &group.owner) }
        try group.inEveryOrder { replica in
            #expect(try replica.dump == before.dump)
            for event in events {
                guard case .void = try replica.verdict(on: event) else {
                    Issue.record("\(String(decoding: event.payload, as: UTF8.self)) is not void")
                    continue
                }
            }
        }
    }

    @Test("R0: nothing acts for another instance's agent, whatever kind of event it is")
    func foreignAgents() throws {
        var group = Group(3)
        let post = group.instances[2].entity("p")
        group.instances[2].post("p")
        let boss = group.owner.agent("owner")
        let target = group.instances[2].agent("alice")
        var before = Replica(of: group.id)
        try before.fold(group.events)
        let said = MembershipChanged(agent: target, action: .ban, by: boss)
        let payloads: [EventPayload] = [
            .moderatorChanged(ModeratorChanged(agent: target, change: .add(.admin), by: boss, fence: nil)),
            .membershipChanged(said),
            .membershipChanged(MembershipChanged(agent: target, action: .join, by: target)),
            .hiveSettingChanged(HiveSettingChanged(key: "theme", value: .int(1), by: boss)),
            .postPinned(PostPinned(post: post, isPinned: true, by: boss)),
            .postUpdated(PostUpdated(post: post, title: .set("x"), by: boss)),
            .postDeleted(ContentDeleted(target: post, by: boss, reason: nil)),
            .commentDeleted(ContentDeleted(target: post, by: boss, reason: nil)),
        ]
        let events = payloads.map { group.instances[1].append($0) }
        try group.inEveryOrder { replica in
            #expect(try replica.dump == before.dump)
            for event in events {
                let verdict = try replica.verdict(on: event)
                #expect(verdict == .void("the acting agent belongs to another instance"))
            }
        }
    }

    @Test("A title of 200 KiB is a title")
    func longTitle() throws {
        var group = Group(2)
        let title = String(repeating: "\u{e9}", count: 100 * 1024)
        group.instances[1].post("p", title: title)
        try group.inEveryOrder { #expect($0.post(group.instances[1].entity("p"))?.title.utf8.count == 200 * 1024) }
    }

    @Test("Comments that are their own parent, or each other's, count and keep what they say")
    func cycles() throws {
        var group = Group(2)
        let post = group.owner.entity("p")
        group.owner.post("p")
        let (a, b, c) = (group.owner.entity("a"), group.instances[1].entity("b"), group.instances[1].entity("c"))
        group.owner.comment("a", on: post, parent: a)
        group.instances[1].comment("b", on: post, parent: c)
        group.instances[1].comment("c", on: post, parent: b)
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.commentCount == 3)
            #expect([a, b, c].map { replica.comment($0)?.parent } == [a, c, b])
        }
    }

    @Test("An event at the end of time is held, and its clock infects nobody")
    func endOfTime() throws {
        var group = Group(2)
        group.instances[1].post("p")
        var late = group.instances[1]
        late.wallMs = HybridTime.msMax - late.tickMs
        let held = late.post("q")
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events + [held])
        #expect(outcome.heldEvents == 1 && outcome.inserted == group.events.count)
        #expect(replica.shows(group.instances[1].entity("p")))
        #expect(replica.state.clock().last.ms < History.endMs)
    }

    @Test("The largest stamp there is can be written over by nothing, and never is folded in two ways")
    func largestStamp() throws {
        var group = Group(2)
        let post = group.instances[1].entity("p")
        group.instances[1].post("p", title: "T")
        group.owner.updatePost(post, title: .set("before"), by: "owner")
        group.instances[1].wallMs = HybridTime.msMax - group.instances[1].tickMs
        group.instances[1].updatePost(post, title: .set("for ever"))
        group.owner.updatePost(post, title: .set("after"), by: "owner")
        try group.inEveryOrder { #expect($0.post(post)?.title == "for ever") }
    }

    @Test("An owner that hands over to itself stays owner from there on")
    func toItself() throws {
        var group = Group(2)
        group.owner.set("retention_days", to: .int(9))
        let transfer = group.owner.handOver(to: group.owner.agent("owner"))
        group.owner.set("is_public", to: .bool(false))
        try group.inEveryOrder { replica in
            #expect(replica.state.owners().count == 2 && replica.owner == group.owner.agent("owner").key)
            #expect(replica.value(of: "is_public") == "false" && replica.value(of: "retention_days") == "9")
        }
        _ = transfer
    }

    @Test("A removal of oneself is a leave, with a fence or without")
    func selfRemoval() throws {
        var group = Group(2)
        group.instances[1].post("p")
        group.instances[1].remove(group.instances[1].id, fence: group.instances[1].events[0].fence)
        group.instances[1].post("q")
        group.owner.remove(group.owner.id, fence: nil)
        group.owner.post("o")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == nil && replica.role(of: group.owner.id) == .owner)
            #expect(replica.shows(group.instances[1].entity("p")) && replica.shows(group.owner.entity("o")))
            #expect(!replica.shows(group.instances[1].entity("q")))
        }
    }

    @Test("A return from an epoch that nobody will ever reach leaves everything fenced")
    func lastEpoch() throws {
        var group = Group(2)
        let removal = group.owner.remove(group.instances[1].id, fence: nil)
        group.owner.add(group.instances[1], fromEpoch: Limits.epochMax, refs: .init(replacing: removal))
        group.instances[1].openNext()
        group.instances[1].post("p")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .member)
            #expect(!replica.shows(group.instances[1].entity("p")))
        }
    }

    @Test("An agent can be appointed, banned and named owner without ever having written anything")
    func ghosts() throws {
        var group = Group(2)
        let ghost = Instance("ghost", seed: 999, crypto: StandInCrypto()).agent("alice")
        group.owner.appoint(ghost)
        group.owner.ban(ghost, fence: group.instances[1].seenFully)
        group.owner.handOver(to: ghost)
        try group.inEveryOrder { replica in
            #expect(replica.owner == ghost.key && replica.moderatorRole(of: ghost) == .moderator)
            #expect(replica.ban(of: ghost) == nil, "the present owner's agent")
            #expect(replica.role(of: ghost.key.instance) == nil, "its key was never named")
        }
    }

    @Test("An addition whose key is not that of the instance makes nobody known")
    func foreignKey() throws {
        var group = Group(1)
        var stranger = Instance("stranger", seed: 500, crypto: StandInCrypto())
        stranger.open(in: group.id)
        let key = group.owner.identityKey
        let said = InstanceAdded(instance: stranger.id, identityKey: key, role: .member, name: "forged")
        group.owner.append(.instanceAdded(said))
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events + stranger.events)
        #expect(outcome.unknown == [stranger.id] && replica.role(of: stranger.id) == nil)
    }

    @Test("An act that cites or replaces itself in vain, or what is no act, is judged without it")
    func strangeNames() throws {
        var group = Group(3)
        let addition = group.events[1]
        group.owner.set("theme", to: .int(1), refs: .init(auth: addition, replacing: addition))
        group.instances[1].set("theme", to: .int(2), by: "alice", refs: .init(auth: addition))
        group.instances[1].appoint(group.instances[1].agent("alice"), by: "alice", refs: .init(auth: addition))
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "theme") == "1" && replica.state.setting("theme")?.heads.count == 1)
            #expect(replica.state.moderators().isEmpty)
        }
    }
}
