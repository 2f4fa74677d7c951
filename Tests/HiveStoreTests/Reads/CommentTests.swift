import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Comment threads", .opensFiles)
struct CommentTests {
    private func name(_ view: CommentView) -> String {
        String(view.id.split(separator: "_", maxSplits: 1).last ?? "")
    }

    @Test("Replies follow their parents; unknown parents, cycles and other posts' comments are at the top")
    func shapes() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        home.post("p2")
        let post = home.entity("p1")
        home.comment("a", on: post)
        home.comment("b", on: post, parent: home.entity("a"))
        home.comment("c", on: post, parent: home.entity("unknown"))
        home.comment("x", on: home.entity("p2"))
        home.comment("d", on: post, parent: home.entity("x"))
        home.comment("self", on: post, parent: home.entity("self"))
        home.comment("y", on: post, parent: home.entity("z"))
        home.comment("z", on: post, parent: home.entity("y"))
        home.comment("below", on: post, parent: home.entity("z"))
        try test.publish(home, hive: "engineering")
        let views = try await test.store.comments(postID: post.rawValue, sort: .old, viewer: .anonymous)
        #expect(
            views.map { "\($0.depth) \(name($0))" } == ["0 a", "1 b", "0 c", "0 d", "0 self", "0 y", "0 z", "1 below"]
        )
        #expect(views[1].parentID == home.entity("a").rawValue)
        #expect(views[1].path == "\(home.entity("a").rawValue).\(home.entity("b").rawValue)")
        #expect(views[2].parentID == nil)
        for view in views {
            #expect(try await test.store.comment(id: view.id, viewer: .anonymous) == view)
        }
    }

    @Test("A reply to what was unknown moves below it when it comes")
    func lateParent() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        home.comment("reply", on: home.entity("p1"), parent: home.entity("later"))
        try test.publish(home, hive: "engineering")
        let id = home.entity("reply").rawValue
        #expect(try await test.store.comment(id: id, viewer: .anonymous)?.depth == 0)
        home.comment("later", on: home.entity("p1"))
        try test.admit([try #require(home.lastEvent)], to: try #require(home.group))
        #expect(try await test.store.comment(id: id, viewer: .anonymous)?.depth == 1)
    }

    @Test("Deeper than 64 is shown at 64, with a path no longer")
    func depth() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        var parent: EntityID?
        for number in 0..<1_200 {
            home.comment("c\(number)", on: home.entity("p1"), parent: parent)
            parent = home.entity("c\(number)")
        }
        try test.publish(home, hive: "engineering")
        let post = home.entity("p1").rawValue
        let views = try await test.store.comments(postID: post, sort: .top, viewer: .anonymous)
        #expect(views.count == 1_200)
        for (number, view) in views.enumerated() {
            #expect(view.depth == min(number, 64))
            #expect(view.path.split(separator: ".").count == min(number, 64) + 1)
            #expect(view.parentID == (number == 0 ? nil : home.entity("c\(number - 1)").rawValue))
        }
        for number in [0, 1, 63, 64, 65, 900, 1_050, 1_199] {
            let id = home.entity("c\(number)").rawValue
            #expect(try await test.store.comment(id: id, viewer: .anonymous) == views[number])
        }
    }

    @Test("Deleted comments stay where a live one is below them")
    func deleted() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        let post = home.entity("p1")
        home.comment("a", on: post)
        home.comment("b", on: post, parent: home.entity("a"))
        home.comment("c", on: post, parent: home.entity("b"))
        home.comment("lone", on: post)
        home.comment("leaf", on: post, parent: home.entity("lone"))
        for id in ["a", "b", "lone", "leaf"] { home.deleteComment(home.entity(id)) }
        try test.publish(home, hive: "engineering")
        let views = try await test.store.comments(postID: post.rawValue, sort: .old, viewer: .anonymous)
        #expect(views.map(name) == ["a", "b", "c"])
        #expect(views.map(\.isDeleted) == [true, true, false])
        #expect(views.map(\.content) == [nil, nil, "A comment"])
        #expect(try await test.store.comment(id: home.entity("a").rawValue, viewer: .anonymous) == nil)
        #expect(try await test.store.post(id: post.rawValue, viewer: .anonymous)?.commentCount == 1)
    }

    @Test("Siblings are sorted as asked")
    func sorts() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        for id in ["a", "b", "c"] { home.comment(id, on: home.entity("p1")) }
        home.vote(1, on: .comment, home.entity("b"), by: "bob")
        home.vote(-1, on: .comment, home.entity("c"), by: "bob")
        try test.publish(home, hive: "engineering")
        let bob = try test.viewer("bob", home)
        for (sort, order) in [(CommentSort.old, "abc"), (.new, "cba"), (.top, "bac")] {
            let views = try await test.store.comments(postID: home.entity("p1").rawValue, sort: sort, viewer: bob)
            #expect(views.map(name).joined() == order)
            #expect(views.first { name($0) == "c" }?.userVote == -1)
        }
    }

    @Test("Comments of a deleted or unknown post are not there")
    func goneWithPost() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1")
        home.comment("a", on: home.entity("p1"))
        home.deletePost(home.entity("p1"))
        home.comment("orphan", on: home.entity("never"))
        try test.publish(home, hive: "engineering")
        for post in ["p1", "never"] {
            let error = await #expect(throws: HiveError.self) {
                try await test.store.comments(postID: home.entity(post).rawValue, sort: .top, viewer: .anonymous)
            }
            #expect(error?.code == .notFound)
        }
        for comment in ["a", "orphan", "unknown"] {
            #expect(try await test.store.comment(id: home.entity(comment).rawValue, viewer: .anonymous) == nil)
        }
    }

    @Test("A random forest reads the same one by one as in one go", arguments: [1, 2, 3, 4] as [UInt64])
    func random(seed: UInt64) async throws {
        let test = try TestStore()
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        var home = founder()
        home.post("p1")
        for number in 0..<80 {
            let parent = numbers.chance(4, of: 5) ? home.entity("c\(numbers.below(90))") : nil
            home.comment("c\(number)", on: home.entity("p1"), parent: parent)
        }
        for _ in 0..<15 { home.deleteComment(home.entity("c\(numbers.below(80))")) }
        try test.publish(home, hive: "engineering")
        let views = try await test.store.comments(postID: home.entity("p1").rawValue, sort: .new, viewer: .anonymous)
        #expect(Set(views.map(\.id)).count == views.count)
        for view in views where !view.isDeleted {
            #expect(try await test.store.comment(id: view.id, viewer: .anonymous) == view)
        }
        var seen: Set<String> = []
        for view in views {
            if let parent = view.parentID { #expect(seen.contains(parent), "before its parent") }
            seen.insert(view.id)
        }
    }
}
