import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Removal and return")
struct RemovalTests {
    @Test("What a removed instance wrote up to the fence counts, and nothing after")
    func fence() throws {
        var group = Group(2)
        let member = group.instances[1].id
        let seen = group.instances[1].post("before")
        group.instances[1].post("after")
        group.instances[1].vote(1, group.owner.entity("p"))
        group.owner.remove(member, fence: seen.fence)
        group.instances[1].post("later")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: member) == nil)
            #expect(replica.shows(group.instances[1].entity("before")))
            #expect(replica.post(group.instances[1].entity("after")) == nil)
            #expect(replica.post(group.instances[1].entity("later")) == nil)
            #expect(replica.post(group.owner.entity("p")) == nil)
        }
    }

    @Test("A fence of nothing, or with another hash than the event that stands there, leaves nothing")
    func nothingSeen() throws {
        for isForked in [false, true] {
            var group = Group(2)
            let post = group.instances[1].post("p")
            let fence = isForked ? Fence(place: post.header.place, hash: group.events[0].hash) : nil
            group.owner.remove(group.instances[1].id, fence: fence)
            try group.inEveryOrder { #expect($0.post(group.instances[1].entity("p")) == nil) }
        }
    }

    @Test("A fence in the future counts as it says, until another event turns out to stand there")
    func future() throws {
        var group = Group(2)
        let place = Place(epoch: 1, seq: 4)
        group.instances[1].post("p")
        group.owner.remove(group.instances[1].id, fence: Fence(place: place, hash: group.events[0].hash))
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("p"))) }
        group.instances[1].post("q")
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("q"))) }
        let third = group.instances[1].post("r")
        #expect(third.header.place == place)
        try group.inEveryOrder { replica in
            for name in ["p", "q", "r"] { #expect(replica.post(group.instances[1].entity(name)) == nil) }
        }
    }

    @Test("That another event stands there is noticed also by a program that was started anew in between")
    func futureAfterRestart() throws {
        var group = Group(2)
        group.instances[1].post("p")
        let place = Place(epoch: 1, seq: 3)
        group.owner.remove(group.instances[1].id, fence: Fence(place: place, hash: group.events[0].hash))
        var replica = Replica(of: group.id)
        try replica.fold(group.events)
        replica.state.memo = FoldMemo()
        #expect(replica.shows(group.instances[1].entity("p")))
        let last = group.instances[1].post("q")
        #expect(last.header.place == place)
        try replica.fold([last])
        #expect(replica.post(group.instances[1].entity("p")) == nil)
        var expected = Replica(of: group.id)
        try expected.fold(group.events)
        #expect(try replica.dump == expected.dump && replica.root == expected.root)
    }

    @Test("Of two fences at one place the one that names what comes to stand there holds, the other is void")
    func twoFencesAtOnePlace() throws {
        for isBanRight in [false, true] {
            var group = Group(3)
            let (alice, bob) = (group.instances[1].agent("alice"), group.instances[1].agent("bob"))
            let post = group.instances[1].entity("p")
            let grant = group.owner.appoint(alice)
            group.instances[1].post("p", by: "bob")
            group.instances[1].pin(post, by: "alice", refs: .init(auth: grant))
            let truth = group.instances[1].lost { $0.post("q") }.fence
            let lie = Fence(place: truth.place, hash: group.events[0].hash)
            group.owner.ban(bob, fence: isBanRight ? truth : lie)
            group.owner.dismiss(alice, fence: isBanRight ? lie : truth)
            try group.inEveryOrder { #expect($0.shows(post) && $0.post(post)?.isPinned == true) }
            group.instances[1].post("q")
            try group.inEveryOrder { replica in
                #expect(replica.shows(post) == isBanRight)
                #expect(replica.post(post)?.isPinned == !isBanRight)
            }
        }
    }

    @Test("Only the owner and admin instances that cite their addition remove others; admins neither admins nor owner")
    func whoRemoves() throws {
        var group = Group(5)
        let ids = group.instances.map(\.id)
        let first = group.owner.add(group.instances[1], role: .admin, refs: .init(par: [group.events[1].id]))
        group.owner.add(group.instances[2], role: .admin, refs: .init(par: [group.events[2].id]))
        let cited = EventRefs(auth: first.id)
        group.instances[3].remove(ids[4], fence: nil)
        group.instances[3].remove(ids[4], fence: nil, refs: .init(auth: group.events[3]))
        group.instances[1].remove(ids[4], fence: nil)
        group.instances[1].remove(ids[2], fence: nil, refs: cited)
        group.instances[1].remove(ids[0], fence: nil, refs: cited)
        group.instances[2].remove(ids[4], fence: nil, refs: cited)
        try group.inEveryOrder { replica in
            #expect(ids.map { replica.role(of: $0) } == [.owner, .admin, .admin, .member, .member])
        }
        group.instances[1].remove(ids[4], fence: nil, refs: cited)
        try group.inEveryOrder { #expect($0.role(of: ids[4]) == nil && $0.role(of: ids[3]) == .member) }
    }

    @Test("A removal beats an addition that had not seen it; one that replaces it lets the instance back in")
    func returning() throws {
        var group = Group(2)
        let member = group.instances[1].id
        let seen = group.instances[1].post("first")
        let removal = group.owner.remove(member, fence: seen.fence)
        group.instances[1].post("fenced")
        group.meet()
        group.owner.add(group.instances[1])
        try group.inEveryOrder { #expect($0.role(of: member) == nil) }
        group.owner.add(group.instances[1], fromEpoch: 2, refs: .init(replacing: removal))
        try group.inEveryOrder { replica in
            #expect(replica.role(of: member) == .member)
            #expect(replica.post(group.instances[1].entity("fenced")) == nil, "its old epoch stays fenced")
        }
        group.instances[1].openNext()
        group.instances[1].post("back")
        try group.inEveryOrder { replica in
            #expect(replica.shows(group.instances[1].entity("first")))
            #expect(replica.post(group.instances[1].entity("fenced")) == nil)
            #expect(replica.shows(group.instances[1].entity("back")))
        }
    }

    @Test("A plain member's addition replaces nothing: it brings no removed instance back")
    func noReturnByMembers() throws {
        var group = Group(3)
        let removal = group.owner.remove(group.instances[2].id, fence: group.instances[2].seenFully)
        group.meet()
        group.instances[1].add(group.instances[2], fromEpoch: 2, refs: .init(replacing: removal))
        group.instances[2].openNext()
        group.instances[2].post("back")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[2].id) == nil)
            #expect(replica.post(group.instances[2].entity("back")) == nil)
        }
    }

    @Test("Who leaves is gone at that place, without a fence; the owner can't, and returns need an addition")
    func leaving() throws {
        var group = Group(2)
        let member = group.instances[1].id
        group.instances[1].post("before")
        let leave = group.instances[1].leaveGroup()
        group.instances[1].post("after")
        group.owner.leaveGroup()
        group.owner.post("o")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: member) == nil && replica.role(of: group.owner.id) == .owner)
            #expect(replica.shows(group.instances[1].entity("before")) && replica.shows(group.owner.entity("o")))
            #expect(replica.post(group.instances[1].entity("after")) == nil)
        }
        group.owner.add(group.instances[1], fromEpoch: 2, refs: .init(replacing: leave))
        group.instances[1].openNext()
        group.instances[1].post("back")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: member) == .member && replica.shows(group.instances[1].entity("back")))
            #expect(replica.post(group.instances[1].entity("after")) == nil)
        }
    }

    @Test("A removal of who owns the group now does not count, though an owner wrote it")
    func presentOwner() throws {
        var group = Group(2)
        group.owner.remove(group.instances[1].id, fence: nil)
        group.instances[1].post("p")
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("p"))) }
        group.instances[1].accept(group.owner.handOver(to: group.instances[1].agent("boss")))
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .owner)
            #expect(replica.shows(group.instances[1].entity("p")))
        }
    }

    @Test("A former owner stays a member until the new one removes it")
    func formerOwner() throws {
        var group = Group(2)
        let transfer = group.owner.handOver(to: group.instances[1].agent("boss"))
        group.instances[1].accept(transfer)
        let last = group.owner.post("p")
        try group.inEveryOrder { #expect($0.shows(group.owner.entity("p"))) }
        group.owner.post("q")
        group.instances[1].remove(group.owner.id, fence: last.fence)
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.owner.id) == nil)
            #expect(replica.shows(group.owner.entity("p")) && !replica.shows(group.owner.entity("q")))
        }
    }
}
