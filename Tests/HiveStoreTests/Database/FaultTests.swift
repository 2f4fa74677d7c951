import Foundation
import GRDB
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Faults of the disk", .opensFiles)
struct FaultTests {
    /// Sets a pragma of the writer's connection.
    private func set(_ pragma: String, in test: TestStore) throws {
        try test.store.withCore { _ = try Row.fetchAll($0.connection, sql: "PRAGMA \(pragma)") }
    }

    @Test("A full disk refuses writes with a sentence, reads go on, and room brings writes back without a restart")
    func fullDisk() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("before")
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        let pages = try test.store.withCore { try Int64.fetchOne($0.connection, sql: "PRAGMA page_count") } ?? 0
        try set("max_page_count = \(pages + 2)", in: test)

        let start = home.events.count
        for number in 0..<50 { home.post("p\(number)", content: String(repeating: "word ", count: 400)) }
        let fresh = Array(home.events[start...])
        for _ in 0..<2 {
            let error = #expect(throws: HiveError.self) { try test.admit(fresh, to: group) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("disk is full") == true)
        }
        let page = try await test.store.posts(PostQuery(sort: .new), viewer: .anonymous)
        #expect(page.posts.map(\.id) == [home.entity("before").rawValue])
        #expect(try await test.store.changeSeq() == 2)

        try set("max_page_count = 1000000", in: test)
        #expect(try test.admit(fresh, to: group).inserted == fresh.count)
        #expect(try await test.store.changeSeq() == 52)
        #expect(try await test.store.verify(group, StandInCrypto()).isEqual)
    }

    @Test("A database that can't be written refuses writes and goes on reading")
    func readOnly() async throws {
        let test = try TestStore()
        var home = founder()
        home.post("before")
        try test.publish(home, hive: "engineering")
        let group = try #require(home.group)
        try set("query_only = 1", in: test)
        home.post("after")
        let error = #expect(throws: HiveError.self) { try test.admit(home.events, to: group) }
        #expect(error?.code == .unavailable)
        #expect(try await test.store.post(id: home.entity("before").rawValue, viewer: .anonymous) != nil)
        try set("query_only = 0", in: test)
        #expect(try test.admit(home.events, to: group).inserted == 1)
        #expect(try await test.store.post(id: home.entity("after").rawValue, viewer: .anonymous) != nil)
    }

    @Test("A directory that is not there is named as the reason")
    func missingDirectory() throws {
        let error = #expect(throws: HiveError.self) {
            try HiveStore.open(path: "/nonexistent/openhive.db", options: StoreOptions(hashing: StandInCrypto()) { 0 })
        }
        #expect(error?.code == .unavailable)
    }

    @Test("A file that is no database is refused")
    func notADatabase() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "hivestore-\(UUID().uuidString).db")
        try Data(repeating: 7, count: 8_192).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: HiveError.self) {
            try HiveStore.open(path: file.path, options: StoreOptions(hashing: StandInCrypto()) { 0 })
        }
        #expect(error?.code == .unavailable)
    }
}
