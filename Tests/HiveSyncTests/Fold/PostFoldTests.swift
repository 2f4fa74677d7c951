import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Posts")
struct PostFoldTests {
    @Test("A post shows what its creation says, at the event's time or an older one it names")
    func creation() throws {
        var group = Group(2)
        let plain = group.instances[1].post("plain", title: "T", content: nil, url: "https://example.org", by: "bob")
        group.instances[1].post("old", createdAtMs: 1_000)
        try group.inEveryOrder { replica in
            let post = try #require(replica.post(group.instances[1].entity("plain")))
            #expect(post.title == "T" && post.content == nil && post.url == "https://example.org")
            #expect(post.creation?.createdAtMs == plain.header.time.ms)
            #expect(post.isLive && post.editedAtMs == nil)
            #expect(replica.post(group.instances[1].entity("old"))?.creation?.createdAtMs == 1_000)
        }
    }

    @Test("A creation that is dated after its own event is void")
    func futureDate() throws {
        var group = Group(1)
        let event = group.owner.post("future", createdAtMs: group.owner.wallMs + 60_000)
        try group.inEveryOrder { replica in
            #expect(replica.post(group.owner.entity("future")) == nil)
            let verdict = try replica.verdict(on: event)
            #expect(verdict == .void("created_at lies after the event's own time"))
        }
    }

    @Test("A creation is void under another instance's prefix, and by another instance's agent")
    func foreignCreation() throws {
        var group = Group(2)
        let foreign = group.instances[1].entity("theirs")
        let author = group.owner.agent("alice")
        group.owner.append(
            .postCreated(PostCreated(post: foreign, title: "T", content: nil, url: nil, author: author))
        )
        group.owner.append(
            .postCreated(
                PostCreated(
                    post: group.owner.entity("mine"),
                    title: "T",
                    content: nil,
                    url: nil,
                    author: group.instances[1].agent("bob")
                )
            )
        )
        try group.inEveryOrder { replica in
            #expect(replica.post(foreign) == nil)
            #expect(replica.post(group.owner.entity("mine")) == nil)
        }
    }

    @Test("Of two creations of one id the first in the log counts, whatever their clocks say")
    func doubleCreation() throws {
        var group = Group(2)
        let first = group.instances[1].post("p", title: "first")
        let payload = PostCreated(
            post: group.instances[1].entity("p"),
            title: "second",
            content: nil,
            url: nil,
            author: group.instances[1].agent("bob")
        )
        let early = HybridTime(ms: first.header.time.ms - 50_000, counter: 0)
        let second = group.instances[1].append(.postCreated(payload), at: early)
        try group.inEveryOrder { replica in
            #expect(replica.post(payload.post)?.title == "first")
            let verdict = try replica.verdict(on: second)
            #expect(verdict == .void("the id was created before in the same log"))
        }
    }

    @Test("A smaller place takes an id over from a larger one, with the votes and edits it has")
    func smallerPlaceLater() throws {
        var group = Group(2)
        let id = group.instances[1].entity("p")
        let first = group.instances[1].post("p", title: "first", by: "alice")
        let second = group.instances[1].post("p", title: "second", by: "bob")
        group.owner.vote(1, id)
        let edit = group.instances[1].updatePost(id, content: .set("by alice"), by: "alice")
        var replica = Replica(of: group.id)
        try replica.fold(group.events)
        // No log gives them in this order; a decision that voids the first creation and then takes that back does.
        var late = Replica(of: group.id)
        try late.fold(group.events.filter { $0 != first && $0 != second && $0 != edit })
        var fold = Fold<MemoryState, StandInCrypto>(group: group.id, crypto: StandInCrypto())
        for event in [first, second, edit] { _ = late.state.append(event, isVerified: true) }
        try fold.apply(second, to: &late.state)
        try fold.apply(edit, to: &late.state)
        #expect(late.post(id)?.title == "second")
        #expect(late.karma(of: group.instances[1].agent("bob")) == 1)
        try fold.apply(first, to: &late.state)
        try fold.finish(&late.state)
        #expect(late.post(id)?.title == "first" && late.post(id)?.content == "by alice")
        #expect(try late.dump == replica.dump && late.root == replica.root)
        #expect(try Recount.faults(in: &late.state) == [])
    }

    @Test("An update changes the fields it names, clears what it names null, and the newest stamp wins each")
    func fields() throws {
        var group = Group(2)
        let id = group.instances[1].entity("p")
        group.instances[1].post("p", title: "T", content: "C", url: "https://example.org")
        group.meet()
        let older = group.owner.updatePost(id, title: .set("older"), content: .set("older"), by: "owner")
        group.meet()
        let newer = group.instances[1].updatePost(id, title: .set("newer"), url: .set(nil))
        try group.inEveryOrder { replica in
            let post = try #require(replica.post(id))
            #expect(post.title == "newer" && post.content == "older" && post.url == nil)
            #expect(post.titleStamp == newer.header.stamp && post.contentStamp == older.header.stamp)
            #expect(post.editedAtMs == newer.header.time.ms)
        }
    }

    @Test("An update older than the creation changes nothing")
    func olderThanCreation() throws {
        var group = Group(2)
        let id = group.instances[1].entity("p")
        let update = PostUpdated(post: id, title: .set("older"), by: group.owner.agent("owner"))
        group.owner.append(.postUpdated(update), at: HybridTime(ms: 1_000, counter: 0))
        group.instances[1].post("p", title: "T")
        try group.inEveryOrder { #expect($0.post(id)?.title == "T" && $0.post(id)?.titleStamp == nil) }
    }

    @Test("Only the author and the owner's agent may change or delete; the owner's other agents are strangers")
    func strangers() throws {
        var group = Group(3)
        let id = group.instances[1].entity("p")
        group.instances[1].post("p", title: "T", by: "alice")
        group.meet()
        group.instances[1].updatePost(id, title: .set("by bob"), by: "bob")
        group.instances[2].updatePost(id, title: .set("by a stranger"))
        group.owner.updatePost(id, title: .set("by a colleague of the owner"), by: "bob")
        group.instances[2].deletePost(id)
        let last = group.owner.deletePost(id, by: "alice")
        try group.inEveryOrder { replica in
            #expect(replica.post(id)?.title == "T")
            #expect(replica.post(id)?.isLive == true)
            let verdict = try replica.verdict(on: last)
            #expect(verdict == .void("only the author, a moderator or the owner may change this"))
        }
        group.meet()
        group.owner.updatePost(id, title: .set("by the owner"), by: "owner")
        try group.inEveryOrder { #expect($0.post(id)?.title == "by the owner") }
        group.owner.deletePost(id, reason: "spam", by: "owner")
        try group.inEveryOrder { #expect($0.post(id)?.tombstone?.reason == "spam") }
    }

    @Test("A deletion takes the content for good; edits before and after do not bring it back")
    func deletion() throws {
        var group = Group(2)
        let id = group.instances[1].entity("p")
        group.instances[1].post("p", title: "T")
        group.instances[1].updatePost(id, title: .set("edited"))
        let deletion = group.instances[1].deletePost(id, reason: "mistake")
        group.meet()
        group.instances[1].updatePost(id, title: .set("again"))
        group.owner.updatePost(id, content: .set("again"), by: "owner")
        try group.inEveryOrder { replica in
            let post = try #require(replica.post(id))
            #expect(!post.isLive && post.title == "" && post.content == nil && post.titleStamp == nil)
            #expect(post.tombstone?.reason == "mistake" && post.tombstone?.stamp == deletion.header.stamp)
            #expect(post.creation != nil)
        }
    }

    @Test("Of several deletions that count the smallest stamp stays; a stranger's smaller one does not")
    func smallestDeletion() throws {
        var group = Group(3)
        let id = group.instances[1].entity("p")
        group.instances[2].deletePost(id, reason: "a stranger's")
        group.meet()
        group.owner.deletePost(id, reason: "the owner's", by: "owner")
        group.meet()
        group.instances[1].post("p")
        group.instances[1].deletePost(id, reason: "the author's")
        try group.inEveryOrder { #expect($0.post(id)?.tombstone?.reason == "the owner's") }
    }
}
