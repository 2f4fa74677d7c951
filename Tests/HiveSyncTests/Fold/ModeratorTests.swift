import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Moderators")
struct ModeratorTests {
    /// Alice of instance 1 moderates from the event on that is given, and has seen it; a stranger has written "p".
    private func moderated(as role: ModeratorRole = .moderator) -> (group: Group, grant: Event) {
        var group = Group(3)
        let grant = group.owner.appoint(group.instances[1].agent("alice"), as: role)
        group.instances[2].post("p", title: "T", by: "dave")
        group.meet()
        return (group, grant)
    }

    @Test("A moderator changes, deletes and pins what others wrote, where it cites its grant")
    func acts() throws {
        var (group, grant) = moderated()
        let (post, other) = (group.instances[2].entity("p"), group.instances[2].entity("q"))
        group.instances[2].post("q", by: "dave")
        group.instances[1].updatePost(post, title: .set("by a moderator"), refs: .init(auth: grant))
        group.instances[1].pin(post, by: "alice", refs: .init(auth: grant))
        group.instances[1].deletePost(other, reason: "spam", refs: .init(auth: grant))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: group.instances[1].agent("alice")) == .moderator)
            #expect(replica.post(post)?.title == "by a moderator" && replica.post(post)?.isPinned == true)
            #expect(replica.post(other)?.tombstone?.reason == "spam")
        }
    }

    @Test("Without the grant, with another's, or with an event that is none, an act is a stranger's")
    func uncited() throws {
        var (group, grant) = moderated()
        let post = group.instances[2].entity("p")
        let addition = group.events[1]
        group.instances[1].deletePost(post)
        group.instances[1].deletePost(post, by: "bob", refs: .init(auth: grant))
        group.instances[2].deletePost(post, refs: .init(auth: grant))
        group.instances[1].deletePost(post, refs: .init(auth: addition))
        try group.inEveryOrder { #expect($0.shows(post)) }
    }

    @Test("A dismissed moderator's acts count up to the fence, later ones don't, and what they deleted returns")
    func dismissal() throws {
        var (group, grant) = moderated()
        let (post, other) = (group.instances[2].entity("p"), group.instances[2].entity("q"))
        group.instances[2].post("q", title: "Q", by: "dave")
        let seen = group.instances[1].updatePost(post, title: .set("edited"), refs: .init(auth: grant))
        group.instances[1].deletePost(other, refs: .init(auth: grant))
        try group.inEveryOrder { #expect(!$0.shows(other)) }
        group.owner.dismiss(group.instances[1].agent("alice"), fence: seen.fence, refs: .init(replacing: grant))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: group.instances[1].agent("alice")) == nil)
            #expect(replica.post(post)?.title == "edited")
            #expect(replica.shows(other) && replica.post(other)?.title == "Q", "the content is back")
        }
    }

    @Test("Seen nothing, a dismissal takes back all that was done under the grant")
    func dismissalOfAll() throws {
        var (group, grant) = moderated()
        let post = group.instances[2].entity("p")
        group.instances[1].updatePost(post, title: .set("edited"), refs: .init(auth: grant))
        group.instances[1].pin(post, by: "alice", refs: .init(auth: grant))
        group.owner.dismiss(group.instances[1].agent("alice"), fence: nil)
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.title == "T" && replica.post(post)?.isPinned == false)
        }
    }

    @Test("An appointment that had not seen the dismissal does not undo it; one that replaces it does")
    func reappointment() throws {
        var (group, grant) = moderated()
        let alice = group.instances[1].agent("alice")
        let post = group.instances[2].entity("p")
        let dismissal = group.owner.dismiss(alice, fence: group.instances[1].seenFully, refs: .init(replacing: grant))
        let blind = group.owner.appoint(alice)
        group.meet()
        group.instances[1].updatePost(post, title: .set("blind"), refs: .init(auth: blind))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: alice) == nil && replica.post(post)?.title == "T")
        }
        let again = group.owner.appoint(alice, refs: .init(replacing: dismissal, blind))
        group.meet()
        group.instances[1].updatePost(post, content: .set("old grant"), refs: .init(auth: grant))
        group.instances[1].updatePost(post, title: .set("new grant"), refs: .init(auth: again))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: alice) == .moderator)
            #expect(replica.post(post)?.title == "new grant" && replica.post(post)?.content == "Some content")
        }
    }

    @Test("An agent whom the owner made admin appoints and dismisses moderators, and no admins")
    func admins() throws {
        var (group, grant) = moderated(as: .admin)
        let (dave, erin) = (group.instances[2].agent("dave"), group.instances[2].agent("erin"))
        let appointed = group.instances[1].appoint(dave, by: "alice", refs: .init(auth: grant))
        group.instances[1].appoint(erin, as: .admin, by: "alice", refs: .init(auth: grant))
        group.instances[1].appoint(erin, by: "bob", refs: .init(auth: grant))
        group.instances[1].appoint(erin, by: "alice")
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: group.instances[1].agent("alice")) == .admin)
            #expect(replica.moderatorRole(of: dave) == .moderator && replica.moderatorRole(of: erin) == nil)
        }
        group.instances[1].dismiss(dave, fence: nil, by: "alice", refs: .init(auth: grant, replacing: appointed))
        try group.inEveryOrder { #expect($0.moderatorRole(of: dave) == nil) }
    }

    @Test("Nobody but the owner dismisses or demotes an admin, and a moderator appoints nobody")
    func limits() throws {
        var (group, admin) = moderated(as: .admin)
        let (dave, erin) = (group.instances[2].agent("dave"), group.instances[2].agent("erin"))
        let second = group.owner.appoint(dave, as: .admin)
        let moderator = group.instances[1].appoint(erin, by: "alice", refs: .init(auth: admin))
        group.instances[1].dismiss(dave, fence: nil, by: "alice", refs: .init(auth: admin, replacing: second))
        group.instances[1].appoint(dave, by: "alice", refs: .init(auth: admin, replacing: second))
        group.instances[2].appoint(group.instances[2].agent("x"), by: "erin", refs: .init(auth: moderator))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: dave) == .admin && replica.moderatorRole(of: erin) == .moderator)
            #expect(replica.moderatorRole(of: group.instances[2].agent("x")) == nil)
        }
    }

    @Test("What a dismissed admin appointed beyond its fence is void, and so is what these did")
    func adminDismissed() throws {
        var (group, admin) = moderated(as: .admin)
        let post = group.owner.entity("o")
        group.owner.post("o", by: "alice")
        let kept = group.instances[1].appoint(
            group.instances[2].agent("dave"),
            by: "alice",
            refs: .init(auth: admin)
        )
        let lost = group.instances[1].appoint(
            group.instances[2].agent("erin"),
            by: "alice",
            refs: .init(auth: admin)
        )
        group.instances[2].pin(post, by: "dave", refs: .init(auth: kept))
        group.meet()
        group.instances[2].pin(post, false, by: "erin", refs: .init(auth: lost))
        try group.inEveryOrder { #expect($0.post(post)?.isPinned == false) }
        group.owner.dismiss(group.instances[1].agent("alice"), fence: kept.fence, refs: .init(replacing: admin))
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.isPinned == true)
            #expect(replica.moderatorRole(of: group.instances[2].agent("dave")) == .moderator)
            #expect(replica.moderatorRole(of: group.instances[2].agent("erin")) == nil)
        }
    }

    @Test("A moderator appoints nobody, though the owner appointed it")
    func moderatorsAppoint() throws {
        var (group, grant) = moderated()
        let (alice, dave) = (group.instances[1].agent("alice"), group.instances[2].agent("dave"))
        group.instances[1].appoint(dave, by: "alice", refs: .init(auth: grant))
        group.instances[1].dismiss(alice, fence: nil, by: "alice", refs: .init(auth: grant, replacing: grant))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: dave) == nil && replica.moderatorRole(of: alice) == .moderator)
        }
    }

    @Test("Only the owner's agent appoints, not its colleagues; a stranger's appointment replaces nothing")
    func strangers() throws {
        var (group, grant) = moderated()
        group.owner.appoint(group.instances[2].agent("dave"), by: "bob")
        group.instances[2].dismiss(group.instances[1].agent("alice"), fence: nil, refs: .init(replacing: grant))
        try group.inEveryOrder { replica in
            #expect(replica.moderatorRole(of: group.instances[2].agent("dave")) == nil)
            #expect(replica.moderatorRole(of: group.instances[1].agent("alice")) == .moderator)
        }
    }

    @Test("Between concurrent words on a moderator the owner's comes first, then the dismissal")
    func concurrent() throws {
        var (group, admin) = moderated(as: .admin)
        let dave = group.instances[2].agent("dave")
        let first = group.owner.appoint(dave)
        group.meet()
        group.owner.appoint(dave, refs: .init(replacing: first))
        group.meet()
        group.instances[1].dismiss(dave, fence: nil, by: "alice", refs: .init(auth: admin, replacing: first))
        try group.inEveryOrder { #expect($0.moderatorRole(of: dave) == .moderator) }
        group.owner.dismiss(dave, fence: nil, refs: .init(replacing: first))
        group.meet()
        group.owner.appoint(dave, refs: .init(replacing: first))
        try group.inEveryOrder { #expect($0.moderatorRole(of: dave) == nil) }
    }
}
