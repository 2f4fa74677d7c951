import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Pins, joining and leaving")
struct PinAndMembershipTests {
    @Test("The newest pin of an owner or moderator counts, before the post is there too")
    func newest() throws {
        var group = Group(3)
        let post = group.instances[1].entity("p")
        let grant = group.owner.appoint(group.instances[2].agent("alice"))
        group.owner.pin(post)
        group.meet()
        let last = group.instances[2].pin(post, false, by: "alice", refs: .init(auth: grant))
        group.instances[1].post("p")
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.isPinned == false && replica.post(post)?.pinStamp == last.header.stamp)
        }
        group.meet()
        group.owner.pin(post)
        try group.inEveryOrder { #expect($0.post(post)?.isPinned == true) }
    }

    @Test("The author pins nothing, nor do strangers or the owner's colleagues")
    func strangers() throws {
        var group = Group(3)
        let post = group.instances[1].entity("p")
        group.instances[1].post("p", by: "alice")
        group.instances[1].pin(post, by: "alice")
        group.instances[2].pin(post, by: "owner")
        group.owner.pin(post, by: "bob")
        try group.inEveryOrder { #expect($0.post(post)?.isPinned == false && $0.post(post)?.pinStamp == nil) }
    }

    @Test("A deleted post is not pinned, whichever came first")
    func deleted() throws {
        var group = Group(2)
        let post = group.instances[1].entity("p")
        group.instances[1].post("p")
        group.instances[1].deletePost(post)
        group.meet()
        group.owner.pin(post)
        try group.inEveryOrder { #expect($0.post(post)?.isPinned == false && $0.post(post)?.isLive == false) }
    }

    @Test("An agent joins and leaves by its own newest word")
    func joining() throws {
        var group = Group(2)
        let alice = group.instances[1].agent("alice")
        let join = group.instances[1].join("alice")
        try group.inEveryOrder { #expect($0.membership(of: alice)?.isJoined == true) }
        let leave = group.instances[1].join("alice", leaving: true)
        let old = MembershipChanged(agent: alice, action: .join, by: alice)
        group.instances[1].append(.membershipChanged(old), at: join.header.time)
        try group.inEveryOrder { replica in
            #expect(replica.membership(of: alice)?.isJoined == false)
            #expect(replica.membership(of: alice)?.stamp == leave.header.stamp)
        }
    }

    @Test("Nobody joins or leaves for another, not even the owner")
    func others() throws {
        var group = Group(2)
        let alice = group.instances[1].agent("alice")
        group.owner.decide(.join, on: alice)
        group.instances[1].decide(.join, on: alice, by: "bob")
        group.owner.decide(.leave, on: alice, by: "alice")
        try group.inEveryOrder { #expect($0.membership(of: alice) == nil) }
    }
}
