import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("Readers beside the writer", .opensFiles)
struct ConcurrencyTests {
    @Test("Every read sees whole transactions, while the writer commits, indexes and checkpoints")
    func snapshots() async throws {
        let test = try TestStore()
        var home = founder()
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let store = test.store
        // Two posts a transaction: an odd total would be half of one.
        let batches = (0..<40).map { number -> [Event] in
            [home.post("a\(number)", title: "word"), home.post("b\(number)", title: "word")]
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for sort in PostSort.allCases {
                tasks.addTask {
                    var last: Int64 = 0
                    while last < 80 {
                        let page = try await store.posts(PostQuery(sort: sort, limit: 100), viewer: .anonymous)
                        let total = try #require(page.total)
                        #expect(total % 2 == 0 && total >= last)
                        #expect(page.posts.count == Int(total))
                        last = total
                    }
                }
            }
            for (number, batch) in batches.enumerated() {
                try test.admit(batch, to: group)
                if number % 8 == 0 { try store.indexPending(limit: 10) }
                if number % 13 == 0 { try store.checkpoint() }
                await Task.yield()
            }
            try await tasks.waitForAll()
        }
        while try store.indexPending() > 0 {}
        let query = SearchQuery(text: "word", kinds: [.posts], hive: nil, order: .new, limit: 100)
        #expect(try await store.search(query, viewer: .anonymous).posts.count == 80)
    }

    @Test("A verification sees one snapshot while events come in")
    func verification() async throws {
        let test = try TestStore()
        var home = founder()
        for number in 0..<30 { home.post("p\(number)") }
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let store = test.store
        async let result = store.verify(group, StandInCrypto())
        for number in 0..<30 {
            let event = home.vote(1, home.entity("p\(number)"), by: "bob")
            try test.admit([event], to: group)
        }
        #expect(try await result.isEqual)
    }
}
