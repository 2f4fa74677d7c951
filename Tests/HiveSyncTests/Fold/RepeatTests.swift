import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Repeats stand in for what does not stand")
struct RepeatTests {
    @Test("Where `par` names an event that does not stand, it names the one that repeats it")
    func par() throws {
        var group = Group(2)
        let lost = group.owner.lost { $0.set("description", to: .string("lost")) }
        group.owner.set("description", to: .string("last"), refs: .init(replacing: lost))
        try group.inEveryOrder { #expect($0.value(of: "description") == "\"last\"") }
        let repeated = group.owner.rewrite(lost)
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"last\"")
            #expect(replica.state.setting("description")?.heads.contains(repeated.id) == false)
        }
    }

    @Test("Where `auth` names a grant that does not stand, it names the one that repeats it")
    func auth() throws {
        var group = Group(3)
        let alice = group.instances[1].agent("alice")
        let post = group.instances[2].entity("p")
        group.instances[2].post("p")
        let lost = group.owner.lost { $0.appoint(alice) }
        group.instances[1].deletePost(post, refs: .init(auth: lost))
        try group.inEveryOrder { #expect($0.shows(post)) }
        group.owner.rewrite(lost)
        try group.inEveryOrder { #expect(!$0.shows(post)) }
    }

    @Test("Another instance's repeat stands for nothing")
    func foreign() throws {
        var group = Group(3)
        let alice = group.instances[1].agent("alice")
        let post = group.instances[2].entity("p")
        group.instances[2].post("p")
        let transfer = group.owner.handOver(to: group.instances[2].agent("owner"))
        let lost = group.owner.lost { $0.appoint(alice) }
        group.instances[2].accept(transfer)
        group.instances[2].appoint(alice, refs: EventRefs(re: lost.id))
        group.instances[1].deletePost(post, refs: .init(auth: lost))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: alice) == .moderator && replica.shows(post))
        }
    }

    @Test("An event that stands is itself, whatever says to repeat it")
    func standing() throws {
        var group = Group(3)
        let alice = group.instances[1].agent("alice")
        let post = group.instances[2].entity("p")
        group.instances[2].post("p")
        let grant = group.owner.appoint(alice)
        let dismissal = group.owner.dismiss(alice, fence: nil, refs: .init(replacing: grant))
        group.owner.appoint(alice, refs: EventRefs(par: [dismissal.id], re: grant.id))
        group.instances[1].deletePost(post, refs: .init(auth: grant))
        try group.inEveryOrder { #expect($0.shows(post), "the grant cited is the dismissed one") }
    }

    @Test("Of several repeats the first in its log stands for the event")
    func first() throws {
        var group = Group(3)
        let alice = group.instances[1].agent("alice")
        let post = group.instances[2].entity("p")
        group.instances[2].post("p")
        let lost = group.owner.lost { $0.appoint(alice) }
        let first = group.owner.rewrite(lost)
        let dismissal = group.owner.dismiss(alice, fence: nil, refs: .init(replacing: first))
        group.owner.appoint(alice, refs: EventRefs(par: [dismissal.id], re: lost.id))
        group.instances[1].deletePost(post, refs: .init(auth: lost))
        try group.inEveryOrder { #expect($0.shows(post)) }
    }

    @Test("A repeat has the clock of the event it repeats: what was newer then is newer still")
    func clock() throws {
        var group = Group(2)
        let post = group.instances[1].entity("p")
        group.instances[1].post("p", title: "T")
        let lost = group.instances[1].lost { $0.updatePost(post, title: .set("older")) }
        group.instances[1].updatePost(post, content: .set("C"))
        group.instances[1].updatePost(post, title: .set("newer"))
        group.instances[1].rewrite(lost)
        try group.inEveryOrder { #expect($0.post(post)?.title == "newer") }
    }
}
