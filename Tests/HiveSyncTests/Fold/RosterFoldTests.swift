import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Roster")
struct RosterFoldTests {
    /// An owner, and instances whose logs are open and who are no members yet.
    private func group(_ strangers: Int, admission: GroupPolicy.Admission = .members) -> Group {
        var group = Group(1, policy: GroupPolicy(admission: admission))
        for number in 1...strangers {
            var stranger = Instance("stranger-\(number)", seed: 100 + UInt64(number), crypto: StandInCrypto())
            stranger.open(in: group.id)
            group.instances.append(stranger)
        }
        return group
    }

    @Test("What an instance wrote before it became a member counts from then on")
    func lateAddition() throws {
        var group = group(1)
        group.instances[1].post("p", title: "early")
        group.instances[1].vote(1, group.owner.entity("q"))
        let post = group.instances[1].entity("p")
        try group.inEveryOrder { replica in
            #expect(replica.post(post) == nil && replica.role(of: group.instances[1].id) == nil)
        }
        group.owner.add(group.instances[1])
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.title == "early" && replica.post(group.owner.entity("q"))?.score == 1)
            #expect(replica.role(of: group.instances[1].id) == .member)
            #expect(replica.role(of: group.owner.id) == .owner)
        }
    }

    @Test("A read-only member's log has no effect")
    func readOnly() throws {
        var group = group(2)
        group.owner.add(group.instances[1], role: .readonly)
        group.instances[1].post("p")
        group.instances[1].add(group.instances[2])
        group.instances[2].post("p")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .readonly)
            #expect(replica.role(of: group.instances[2].id) == nil)
            #expect(replica.state.voteTarget(.init(kind: .post, id: group.instances[1].entity("p"))) == nil)
        }
    }

    @Test("A role that changes takes away what counted under the old one")
    func roleChange() throws {
        var group = group(2)
        let addition = group.owner.add(group.instances[1])
        group.instances[1].post("p")
        group.instances[1].add(group.instances[2])
        group.instances[2].vote(1, group.instances[1].entity("p"))
        group.owner.post("o", by: "owner")
        var replica = Replica(of: group.id)
        try replica.fold(group.events)
        #expect(replica.post(group.instances[1].entity("p"))?.score == 1)
        group.owner.add(group.instances[1], role: .readonly, refs: EventRefs(par: [addition.id]))
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .readonly)
            #expect(replica.role(of: group.instances[2].id) == nil)
            #expect(replica.post(group.instances[1].entity("p")) == nil)
            #expect(replica.post(group.owner.entity("o")) != nil)
        }
    }

    @Test("Plain members add members, and these add more, where the policy lets them")
    func admissionByMembers() throws {
        for admission in [GroupPolicy.Admission.members, .owner] {
            var group = group(3, admission: admission)
            group.owner.add(group.instances[1])
            group.instances[1].add(group.instances[2])
            group.instances[2].add(group.instances[3], role: .readonly)
            try group.inEveryOrder { replica in
                let later: (MemberRole?, MemberRole?) = admission == .members ? (.member, .readonly) : (nil, nil)
                #expect(replica.role(of: group.instances[1].id) == .member)
                #expect(replica.role(of: group.instances[2].id) == later.0)
                #expect(replica.role(of: group.instances[3].id) == later.1)
            }
        }
    }

    @Test("Two strangers can't let each other in")
    func circle() throws {
        var group = group(2)
        group.instances[1].add(group.instances[2])
        group.instances[2].add(group.instances[1])
        try group.inEveryOrder { #expect($0.state.members().map(\.instance) == [group.owner.id]) }
    }

    @Test("A plain member can't make an admin; an admin instance adds citing its own addition, and no admins")
    func admins() throws {
        var group = group(4, admission: .owner)
        let grant = group.owner.add(group.instances[1], role: .admin)
        let cited = EventRefs(auth: grant.id)
        group.instances[1].add(group.instances[2], refs: cited)
        group.instances[1].add(group.instances[3])
        group.instances[1].add(group.instances[4], role: .admin, refs: cited)
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .admin)
            #expect(replica.role(of: group.instances[2].id) == .member)
            #expect(replica.role(of: group.instances[3].id) == nil)
            #expect(replica.role(of: group.instances[4].id) == nil)
        }
    }

    @Test("Another instance's grant, and one not given by the owner, are no grants")
    func wrongGrants() throws {
        var group = group(4, admission: .owner)
        let grant = group.owner.add(group.instances[1], role: .admin)
        group.owner.add(group.instances[2])
        group.instances[2].add(group.instances[4], refs: EventRefs(auth: grant.id))
        let bogus = group.instances[1].add(group.instances[3], role: .admin, refs: EventRefs(auth: grant.id))
        group.instances[3].add(group.instances[4], refs: EventRefs(auth: bogus.id))
        try group.inEveryOrder { #expect($0.role(of: group.instances[4].id) == nil) }
    }

    @Test("Owners and admins come before plain members, the owner before admins, then not-admin, then the newer")
    func order() throws {
        var group = group(3)
        let grant = group.owner.add(group.instances[1], role: .admin)
        group.owner.add(group.instances[2])
        group.meet()
        group.instances[2].add(group.instances[3], role: .readonly)
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .readonly) }
        group.instances[1].add(group.instances[3], role: .member, refs: EventRefs(auth: grant.id))
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .member) }
        group.meet()
        group.instances[2].add(group.instances[3], role: .readonly)
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .member) }
        group.owner.add(group.instances[3], role: .readonly)
        group.meet()
        group.instances[1].add(group.instances[3], role: .member, refs: EventRefs(auth: grant.id))
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .readonly) }
        group.owner.add(group.instances[3], role: .admin)
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .readonly) }
        group.owner.add(group.instances[3], role: .member)
        try group.inEveryOrder { #expect($0.role(of: group.instances[3].id) == .member) }
    }

    @Test("An addition replaces what it names and what that named, and nothing else")
    func replacing() throws {
        var group = group(1)
        let first = group.owner.add(group.instances[1], role: .readonly)
        let second = group.owner.add(group.instances[1], role: .member, refs: EventRefs(par: [first.id]))
        try group.inEveryOrder { #expect($0.role(of: group.instances[1].id) == .member) }
        group.owner.add(group.instances[1], role: .admin, refs: EventRefs(par: [second.id]))
        try group.inEveryOrder { #expect($0.role(of: group.instances[1].id) == .admin) }
    }

    @Test("Replacing passes through an addition that does not count itself")
    func replacingThroughVoid() throws {
        var group = group(2, admission: .owner)
        let first = group.owner.add(group.instances[1], role: .member)
        group.meet()
        let void = group.instances[2].add(group.instances[1], role: .readonly, refs: EventRefs(par: [first.id]))
        group.meet()
        try group.inEveryOrder { #expect($0.role(of: group.instances[1].id) == .member) }
        group.owner.add(group.instances[1], role: .admin, refs: EventRefs(par: [void.id]))
        try group.inEveryOrder { #expect($0.role(of: group.instances[1].id) == .admin) }
    }

    @Test("Nobody adds itself or the owner, and an id must belong to its key")
    func voidAdditions() throws {
        var group = group(2)
        group.owner.add(group.instances[1])
        group.instances[1].add(group.owner, role: .readonly)
        group.instances[2].add(group.instances[2])
        let stranger = group.instances[2]
        let wrongKey = InstanceAdded(
            instance: stranger.id,
            identityKey: group.owner.identityKey,
            role: .member,
            name: "forged"
        )
        let forged = group.owner.append(.instanceAdded(wrongKey))
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.owner.id) == .owner)
            #expect(replica.role(of: stranger.id) == nil)
            guard case .void = try replica.verdict(on: forged) else {
                Issue.record("an addition with a foreign key counts")
                return
            }
        }
    }

    @Test("Whoever one plain member's addition made a member may add, though a later one says read-only")
    func paradox() throws {
        var group = group(3)
        group.owner.add(group.instances[1])
        group.instances[1].add(group.instances[2])
        group.instances[2].add(group.instances[3])
        group.meet()
        group.instances[3].add(group.instances[2], role: .readonly)
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[2].id) == .readonly)
            #expect(replica.role(of: group.instances[3].id) == .member)
        }
    }

    @Test("However often a batch changes roles, the roster is decided once for it and re-folded at most once")
    func onceABatch() throws {
        var group = group(1)
        var last = group.owner.add(group.instances[1])
        group.instances[1].post("p")
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        replica.state.changes = []
        for number in 0..<21 {
            let role = number % 2 == 0 ? MemberRole.readonly : .member
            last = group.owner.add(group.instances[1], role: role, refs: EventRefs(par: [last.id]))
        }
        group.instances[1].post("q")
        try replica.admit(group.events)
        #expect(replica.role(of: group.instances[1].id) == .readonly)
        #expect(replica.post(group.instances[1].entity("p")) == nil)
        #expect(replica.state.changes.count { $0 == .rebuilt } == 1)
        var slow = Replica(of: group.id)
        for event in group.events { try slow.admit([event]) }
        #expect(try slow.dump == replica.dump && slow.root == replica.root)
    }

    @Test("A second genesis does not change the group")
    func secondGenesis() throws {
        var group = group(1)
        group.owner.add(group.instances[1])
        var other = Instance("other", seed: 900, crypto: StandInCrypto())
        let genesis = other.found(hive: "elsewhere")
        group.instances[1].append(.groupCreated, payload: genesis.payload)
        try group.inEveryOrder { replica in
            #expect(replica.state.group()?.hive.name == "engineering")
            #expect(replica.role(of: other.id) == nil)
        }
    }
}
