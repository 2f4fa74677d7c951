import GRDB
import HivePorts
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("The schema", .opensFiles)
struct MigrationTests {
    @Test("An empty file gets every table, and opening again changes nothing")
    func fromEmpty() async throws {
        let test = try TestStore()
        let stats = try await test.store.stats()
        let names = stats.tables.map(\.name)
        for name in [
            "agents", "comments", "hive_bans", "hive_events", "hive_moderators", "hive_sync_groups", "hive_sync_peers",
            "hives", "memberships", "posts", "remote_agents_cache", "sync_peer_configs", "votes",
        ] {
            #expect(names.contains(name))
        }
        #expect(stats.migrations == Migrations.all.map(\.name))
        try test.reopen()
        #expect(try await test.store.stats().tables == stats.tables)
        #expect(try test.store.integrity() == [])
    }

    @Test("Every table is STRICT, holds no private key, and names no foreign key")
    func shape() throws {
        let test = try TestStore()
        try test.store.withCore { core in
            let tables = try Row.fetchAll(core.connection, sql: "PRAGMA table_list")
            for table in tables {
                let (name, type): (String, String) = (table["name"], table["type"])
                guard type == "table", !name.hasPrefix("sqlite_"), !name.hasPrefix("grdb_") else { continue }
                #expect(table["strict"] == 1, "\(name)")
                #expect(try Row.fetchAll(core.connection, sql: "PRAGMA foreign_key_list(\(name))").isEmpty, "\(name)")
                let columns = try Row.fetchAll(core.connection, sql: "PRAGMA table_info(\(name))")
                for column in columns {
                    let column: String = column["name"]
                    #expect(!column.contains("private"), "\(name).\(column)")
                }
            }
        }
    }

    @Test("A database of a newer version is left alone")
    func newer() throws {
        let test = try TestStore()
        try test.store.withCore { core in
            try core.connection.execute(sql: "INSERT INTO grdb_migrations VALUES ('900 later')")
        }
        let error = #expect(throws: HiveError.self) { try test.reopen() }
        #expect(error?.message.contains("newer version") == true)
    }

    @Test("The writer syncs fully, in WAL, without foreign keys, and erases what it frees")
    func pragmas() throws {
        let test = try TestStore()
        func pragma(_ name: String) throws -> String? {
            try test.store.withCore { try String.fetchOne($0.connection, sql: "PRAGMA \(name)") }
        }
        #expect(try pragma("journal_mode") == "wal")
        #expect(try pragma("synchronous") == "2")
        #expect(try pragma("foreign_keys") == "0")
        #expect(try pragma("secure_delete") == "1")
        #expect(try pragma("cache_size") == "-16384")
        #expect(try pragma("wal_autocheckpoint") == "4000")
        try test.store.setBackfilling(true)
        #expect(try pragma("wal_autocheckpoint") == "16000")
        try test.store.setBackfilling(false)
        #expect(try pragma("wal_autocheckpoint") == "4000")
    }
}
