import Foundation
import GRDB
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Search", .opensFiles)
struct SearchTests {
    private func find(
        _ text: String,
        _ test: TestStore,
        kinds: [SearchQuery.Kind] = [.posts, .comments],
        hive: String? = nil,
        order: SearchQuery.Order = .relevance
    ) async throws -> SearchResults {
        let query = SearchQuery(text: text, kinds: kinds, hive: hive, order: order, limit: 20)
        return try await test.store.search(query, viewer: .anonymous)
    }

    private func indexAll(_ test: TestStore) throws {
        while try test.store.indexPending(limit: 7) > 0 {}
    }

    @Test("Words are found by their beginnings, all of them, in any case and with any marks around")
    func words() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1", title: "Beekeeping in Zürich", content: "smoke and honey")
        home.post("p2", title: "Honey prices", content: nil)
        home.comment("c1", on: home.entity("p2"), content: "Cheaper honey from Zürich")
        try test.publish(home, hive: "engineering")
        #expect(try await find("honey", test).posts.isEmpty)
        try indexAll(test)
        #expect(Set(try await find("HON", test).posts.map(\.title)) == ["Beekeeping in Zürich", "Honey prices"])
        #expect(try await find("honey zurich", test).posts.map(\.title) == ["Beekeeping in Zürich"])
        #expect(try await find("honey zurich", test).comments.count == 1)
        #expect(try await find("(\"honey\")* -prices", test).posts.map(\.title) == ["Honey prices"])
        #expect(try await find("keeping", test).posts.isEmpty)
        for nonsense in ["", "  ", "\"", "*", "()-", "NEAR(", "a OR", "title:", "^", "{", "\0", "'", ";--"] {
            _ = try await find(nonsense, test)
        }
    }

    @Test("Newest first where asked, and within one hive")
    func orderAndHive() async throws {
        let test = try TestStore()
        var one = founder("one", hive: "one", seed: 1)
        var two = founder("two", hive: "two", seed: 2)
        for number in 0..<5 {
            one.post("p\(number)", title: "bees \(number)", content: String(repeating: "bees ", count: 5 - number))
            two.wallMs = one.wallMs + 1
            two.post("q\(number)", title: "bees too \(number)")
        }
        try test.publish(one, hive: "one")
        try test.publish(two, hive: "two")
        try indexAll(test)
        let new = try await find("bees", test, order: .new).posts
        #expect(new.map(\.createdAtMs) == new.map(\.createdAtMs).sorted(by: >))
        #expect(new.count == 10)
        let ranked = try await find("bees", test, hive: "one").posts
        #expect(ranked.map(\.hiveName) == Array(repeating: "one", count: 5))
        #expect(ranked.map(\.title) != new.filter { $0.hiveName == "one" }.map(\.title))
        let error = await #expect(throws: HiveError.self) { try await find("bees", test, hive: "three") }
        #expect(error?.code == .notFound)
    }

    @Test("Agents are found by the beginning of their name, hives by any part")
    func agentsAndHives() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("p1", by: "Alice")
        home.profile("Alice", name: "Alice", avatarURL: nil)
        try test.publish(home, hive: "engineering")
        #expect(try await find("ali", test, kinds: [.agents]).agents.map(\.name) == ["Alice"])
        #expect(try await find("lice", test, kinds: [.agents]).agents.isEmpty)
        #expect(try await find("GINEER", test, kinds: [.hives]).hives.map(\.name) == ["engineering"])
        #expect(try await find("about", test, kinds: [.hives]).hives.map(\.name) == ["engineering"])
        #expect(try await find("%", test, kinds: [.hives, .agents]).hives.isEmpty)
    }

    @Test("An edited text is found by its new words only, whether it was indexed or still waited")
    func edits() async throws {
        for isIndexedBefore in [true, false] {
            let test = try TestStore()
            var home = founder()
            home.post("p1", title: "alpha", content: "beta")
            home.comment("c1", on: home.entity("p1"), content: "gamma")
            try test.publish(home, hive: "engineering")
            if isIndexedBefore { try indexAll(test) }
            let start = home.events.count
            home.updatePost(home.entity("p1"), content: .set("delta"))
            home.updateComment(home.entity("c1"), content: "epsilon")
            try test.admit(Array(home.events[start...]), to: try #require(home.group))
            #expect(try await find("beta", test).posts.isEmpty)
            #expect(try await find("gamma", test).comments.isEmpty)
            try indexAll(test)
            #expect(try await find("alpha delta", test).posts.count == 1)
            #expect(try await find("epsilon", test).comments.count == 1)
            #expect(try await find("gamma", test).comments.isEmpty)
            #expect(try test.store.integrity() == [])
        }
    }

    @Test("Erased texts are in no answer, no table and no byte of the files but the log's", arguments: [true, false])
    func erasure(isIndexedBefore: Bool) async throws {
        let test = try TestStore()
        var home = founder()
        for number in 0..<300 {
            home.post("p\(number)", title: "ordinary \(number)", content: String(repeating: "filler ", count: 30))
        }
        home.post("doomed", title: "Xylotitle", content: "some quuxcontent " + String(repeating: "q", count: 9_000))
        home.comment("doomed", on: home.entity("p1"), content: "the zyzzycomment")
        home.post("edited", title: "wuzzytitle")
        let group = try #require(home.group)
        try test.publish(home, hive: "engineering")
        if isIndexedBefore { try indexAll(test) }
        let start = home.events.count
        home.deletePost(home.entity("doomed"), reason: "off topic")
        home.deleteComment(home.entity("doomed"))
        home.updatePost(home.entity("edited"), title: .set("changed"))
        try test.admit(Array(home.events[start...]), to: group)
        for word in ["xylotitle", "quuxcontent", "zyzzycomment", "wuzzytitle"] {
            let found = try await find(word, test)
            #expect(found.posts.isEmpty && found.comments.isEmpty)
        }
        try indexAll(test)
        while try test.store.scrubSearch() {}
        // The log keeps payloads until compaction; what is left of the file must not hold a word of them.
        try test.store.withCore { try $0.connection.execute(sql: "DELETE FROM hive_events") }
        try test.store.checkpoint()
        let bytes = try test.fileBytes()
        for word in ["ylotitle", "uuxcontent", "yzzycomment", "uzzytitle", "qqqqqqqqqqqq"] {
            #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)")
        }
        #expect(bytes.range(of: Data("ordinary 77".utf8)) != nil)
        #expect(bytes.range(of: Data("off topic".utf8)) != nil)
        #expect(try await find("ordinary", test).posts.count == 20)
        #expect(try test.store.integrity() == [])
    }

    @Test("A queue that was cut off by a crash is gone on with")
    func queueSurvives() async throws {
        let test = try TestStore()
        var home = founder()
        for number in 0..<30 { home.post("p\(number)", title: "word\(number)") }
        try test.publish(home, hive: "engineering")
        #expect(try test.store.indexPending(limit: 10) == 10)
        try test.reopen()
        #expect(try await test.store.stats().unindexed == 20)
        try indexAll(test)
        for number in [0, 15, 29] { #expect(try await find("word\(number)", test).posts.isEmpty == false) }
        #expect(try test.store.indexPending() == 0)
        #expect(try test.store.scrubSearch() == false)
    }
}
