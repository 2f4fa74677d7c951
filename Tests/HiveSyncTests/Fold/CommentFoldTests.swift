import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Comments")
struct CommentFoldTests {
    @Test("A comment counts on its post, also where the post comes later or never")
    func beforeItsPost() throws {
        var group = Group(3)
        let post = group.instances[1].entity("p")
        group.instances[2].comment("c", on: post, content: "early")
        group.instances[2].comment("lost", on: group.owner.entity("never"))
        group.instances[1].post("p")
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.commentCount == 1)
            #expect(replica.comment(group.instances[2].entity("c"))?.content == "early")
            #expect(replica.post(group.owner.entity("never"))?.commentCount == 1)
            #expect(replica.post(group.owner.entity("never"))?.creation == nil)
        }
    }

    @Test("A parent is kept as written, whether it is known or not")
    func parent() throws {
        var group = Group(2)
        let post = group.owner.entity("p")
        group.instances[1].comment("c", on: post, parent: group.owner.entity("unknown"))
        try group.inEveryOrder { replica in
            #expect(replica.comment(group.instances[1].entity("c"))?.parent == group.owner.entity("unknown"))
        }
    }

    @Test("A deleted comment no longer counts, whichever comes first")
    func deletion() throws {
        var group = Group(2)
        let post = group.owner.entity("p")
        let comment = group.instances[1].entity("c")
        group.owner.post("p", by: "owner")
        group.owner.deleteComment(comment, reason: "off topic", by: "owner")
        group.instances[1].comment("c", on: post)
        group.instances[1].comment("d", on: post)
        group.instances[1].updateComment(comment, content: "edited")
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.commentCount == 1)
            #expect(replica.comment(comment)?.content == "")
            #expect(replica.comment(comment)?.tombstone?.reason == "off topic")
        }
    }

    @Test("The newest update of author or owner shows; a stranger's does not")
    func updates() throws {
        var group = Group(3)
        let comment = group.instances[1].entity("c")
        group.instances[1].comment("c", on: group.owner.entity("p"))
        group.meet()
        group.owner.updateComment(comment, content: "by the owner", by: "owner")
        group.meet()
        group.instances[1].updateComment(comment, content: "by the author")
        group.meet()
        group.instances[2].updateComment(comment, content: "by a stranger")
        try group.inEveryOrder { #expect($0.comment(comment)?.content == "by the author") }
    }

    @Test("A comment stays where its post is deleted")
    func deletedPost() throws {
        var group = Group(2)
        let post = group.owner.entity("p")
        group.owner.post("p")
        group.instances[1].comment("c", on: post)
        group.owner.deletePost(post)
        try group.inEveryOrder { replica in
            #expect(replica.comment(group.instances[1].entity("c"))?.isLive == true)
            #expect(replica.post(post)?.commentCount == 1)
        }
    }
}
