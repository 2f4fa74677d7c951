import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Bans")
struct BanTests {
    /// Mallory of instance 1 wrote "p" and edited it, and then "q"; the fence lies after the first edit.
    private func written() -> (group: Group, fence: Fence) {
        var group = Group(3)
        let post = group.instances[1].entity("p")
        group.instances[1].post("p", title: "first", by: "mallory")
        group.instances[1].vote(1, group.owner.entity("o"), by: "mallory")
        let seen = group.instances[1].updatePost(post, title: .set("seen"), by: "mallory")
        group.instances[1].updatePost(post, title: .set("later"), by: "mallory")
        group.instances[1].post("q", title: "later", by: "mallory")
        group.instances[1].post("bystander", by: "alice")
        group.owner.post("o", by: "owner")
        group.meet()
        return (group, seen.fence)
    }

    @Test("A ban hides what lies beyond its fence, and edits beyond it have no effect")
    func later() throws {
        var (group, fence) = written()
        group.owner.ban(group.instances[1].agent("mallory"), fence: fence)
        try group.inEveryOrder { replica in
            #expect(replica.shows(group.instances[1].entity("p")) && replica.shows(group.owner.entity("o")))
            #expect(replica.post(group.instances[1].entity("p"))?.title == "seen")
            #expect(!replica.shows(group.instances[1].entity("q")))
            #expect(replica.shows(group.instances[1].entity("bystander")), "others of that instance are not banned")
            #expect(replica.post(group.owner.entity("o"))?.score == 1)
        }
    }

    @Test("Deletions beyond the fence have no effect either")
    func deletions() throws {
        var (group, fence) = written()
        group.instances[1].deletePost(group.instances[1].entity("p"), by: "mallory")
        group.owner.ban(group.instances[1].agent("mallory"), fence: fence)
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("p"))) }
    }

    @Test("With scope all every row and vote goes, and what was edited stays edited behind it")
    func all() throws {
        var (group, fence) = written()
        let mallory = group.instances[1].agent("mallory")
        let ban = group.owner.ban(mallory, scope: .all, fence: fence)
        try group.inEveryOrder { replica in
            #expect(!replica.shows(group.instances[1].entity("p")) && !replica.shows(group.instances[1].entity("q")))
            #expect(replica.post(group.instances[1].entity("p"))?.title == "later")
            #expect(replica.post(group.owner.entity("o"))?.score == 0)
            #expect(replica.ban(of: mallory)?.scope == .all && replica.ban(of: mallory)?.event == ban.id)
        }
    }

    @Test("A hidden vote counts nothing: no older vote comes back, and karma follows")
    func votes() throws {
        var group = Group(3)
        let post = group.owner.entity("o")
        group.owner.post("o", by: "owner")
        group.instances[2].vote(1, post)
        let seen = group.instances[1].vote(1, post, by: "mallory")
        group.instances[1].vote(-1, post, by: "mallory")
        group.instances[1].vote(1, on: .comment, group.owner.entity("c"), by: "mallory")
        let ban = group.owner.ban(group.instances[1].agent("mallory"), fence: seen.fence)
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.score == 1 && replica.karma(of: group.owner.agent("owner")) == 1)
            #expect(replica.comment(group.owner.entity("c"))?.score == 0)
        }
        group.owner.decide(.unban, on: group.instances[1].agent("mallory"), refs: .init(replacing: ban))
        try group.inEveryOrder { #expect($0.post(post)?.score == 0 && $0.comment(group.owner.entity("c"))?.score == 1) }
    }

    @Test("An unban or an approval that replaces the ban brings everything back")
    func unban() throws {
        for action in [MembershipChanged.Action.unban, .approve] {
            var (group, fence) = written()
            let mallory = group.instances[1].agent("mallory")
            let ban = group.owner.ban(mallory, fence: fence)
            group.owner.decide(action, on: mallory, refs: .init(replacing: ban))
            try group.inEveryOrder { replica in
                #expect(replica.shows(group.instances[1].entity("q")))
                #expect(replica.post(group.instances[1].entity("p"))?.title == "later")
                #expect(replica.ban(of: mallory)?.action == action)
            }
        }
    }

    @Test("A hidden comment is not counted, what hangs below it is, and the author has no karma from it")
    func comments() throws {
        var group = Group(3)
        let post = group.owner.entity("o")
        group.owner.post("o", by: "owner")
        let comment = group.instances[1].entity("c")
        group.instances[1].comment("c", on: post, by: "mallory")
        group.instances[2].comment("d", on: post, parent: comment)
        group.instances[2].vote(1, on: .comment, comment)
        group.owner.ban(group.instances[1].agent("mallory"), fence: nil)
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.commentCount == 1 && replica.comment(comment)?.isLive == false)
            #expect(replica.comment(group.instances[2].entity("d"))?.isLive == true)
            #expect(replica.karma(of: group.instances[1].agent("mallory")) == 0)
        }
    }

    @Test("The winning head alone decides: of concurrent words the owner's, then the ban, then the later one")
    func winner() throws {
        var (group, fence) = written()
        let mallory = group.instances[1].agent("mallory")
        let grant = group.owner.appoint(group.instances[2].agent("alice"))
        let late = group.instances[1].seenFully
        let first = group.owner.ban(mallory, fence: late)
        group.owner.ban(mallory, fence: fence)
        try group.inEveryOrder {
            #expect(!$0.shows(group.instances[1].entity("q")), "the later fence is the wider one")
        }
        group.owner.decide(.unban, on: mallory, refs: .init(replacing: first))
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("q"))) }
        var other = written().group
        other.owner.appoint(other.instances[2].agent("alice"))
        other.owner.decide(.unban, on: mallory)
        other.meet()
        other.instances[2].ban(mallory, fence: nil, by: "alice", refs: .init(auth: grant))
        try other.inEveryOrder { #expect($0.shows(other.instances[1].entity("q"))) }
    }

    @Test("The owner and moderators ban; strangers and moderators without their grant don't")
    func whoBans() throws {
        var (group, _) = written()
        let mallory = group.instances[1].agent("mallory")
        group.instances[2].ban(mallory, fence: nil)
        let grant = group.owner.appoint(group.instances[2].agent("alice"))
        group.instances[2].ban(mallory, fence: nil, by: "alice")
        group.owner.ban(mallory, fence: nil, by: "bob")
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("q")) && $0.ban(of: mallory) == nil) }
        group.instances[2].ban(mallory, fence: nil, by: "alice", refs: .init(auth: grant))
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("q"))) }
    }

    @Test("Nobody bans the owner's agent, not even itself; and only the owner bans a moderator")
    func protected() throws {
        var (group, _) = written()
        let (mallory, owner) = (group.instances[1].agent("mallory"), group.owner.agent("owner"))
        let grant = group.owner.appoint(group.instances[2].agent("alice"))
        group.instances[2].ban(owner, fence: nil, by: "alice", refs: .init(auth: grant))
        group.owner.ban(owner, fence: nil)
        let ban = group.instances[2].ban(mallory, fence: nil, by: "alice", refs: .init(auth: grant))
        try group.inEveryOrder { replica in
            #expect(replica.shows(group.owner.entity("o")) && replica.ban(of: owner) == nil)
            #expect(!replica.shows(group.instances[1].entity("q")))
        }
        group.owner.appoint(mallory)
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("q")), "a moderator now") }
        group.owner.ban(mallory, fence: nil, refs: .init(replacing: ban))
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("q"))) }
    }

    @Test("A ban does not touch what its agent does as a moderator")
    func bannedModerator() throws {
        var (group, _) = written()
        let grant = group.owner.appoint(group.instances[1].agent("mallory"))
        group.meet()
        let post = group.owner.entity("o")
        group.instances[1].pin(post, by: "mallory", refs: .init(auth: grant))
        group.instances[1].updatePost(post, title: .set("moderated"), by: "mallory", refs: .init(auth: grant))
        group.owner.ban(group.instances[1].agent("mallory"), fence: nil)
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.isPinned == true && replica.post(post)?.title == "moderated")
            #expect(!replica.shows(group.instances[1].entity("p")))
        }
    }

    @Test("A fence in the future counts as it says; one on another branch as nothing seen")
    func oddFences() throws {
        var (group, fence) = written()
        let mallory = group.instances[1].agent("mallory")
        let future = Fence(place: Place(epoch: 1, seq: 99), hash: fence.hash)
        let first = group.owner.ban(mallory, fence: future)
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("q"))) }
        let forked = Fence(place: fence.place, hash: group.events[0].hash)
        group.owner.ban(mallory, fence: forked, refs: .init(replacing: first))
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("p"))) }
    }

    @Test("A moderator's ban falls with its grant")
    func fallingGrant() throws {
        var (group, _) = written()
        let grant = group.owner.appoint(group.instances[2].agent("alice"))
        group.instances[2].ban(group.instances[1].agent("mallory"), fence: nil, by: "alice", refs: .init(auth: grant))
        try group.inEveryOrder { #expect(!$0.shows(group.instances[1].entity("q"))) }
        group.owner.dismiss(group.instances[2].agent("alice"), fence: nil, refs: .init(replacing: grant))
        try group.inEveryOrder { #expect($0.shows(group.instances[1].entity("q"))) }
    }
}
