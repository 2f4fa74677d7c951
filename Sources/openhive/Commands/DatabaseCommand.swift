import ArgumentParser
import HiveModel
import HiveNode
import HivePorts

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Bring the database up to date, or show its figures.",
        subcommands: [Migrate.self, Stats.self]
    )

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Bring the database to this version's schema.")

        @OptionGroup var global: GlobalOptions

        @Option(name: .shortAndLong, help: "The SQLite file.")
        var database: String?

        func run() async throws {
            switch try await global.access(database.map { ["database": $0] } ?? [:]) {
            case .server(let client):
                if global.json { return Output.json(.record(["running": .bool(true), "applied": .array([])])) }
                Terminal.out(
                    "The server at \(client.address) runs: it brought its database up to date when it started."
                )
            case .offline(let node):
                let result = try await node.use { try await $0.migrate() }
                if global.json {
                    return Output.json(
                        .record([
                            "running": .bool(false), "schema_version": .int(result.schemaVersion),
                            "applied": .array(result.applied.map(JSONValue.string)),
                            "refolded_groups": .int(Int64(result.refoldedGroups)),
                        ])
                    )
                }
                Terminal.out("The database is at schema version \(result.schemaVersion).")
                if result.refoldedGroups > 0 {
                    Terminal.out("\(Readable.count(result.refoldedGroups, "group was", "groups were")) folded again.")
                }
            }
        }
    }

    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show how much is in the database.")

        @OptionGroup var global: GlobalOptions

        @Option(name: .shortAndLong, help: "The SQLite file.")
        var database: String?

        func run() async throws {
            switch try await global.access(database.map { ["database": $0] } ?? [:]) {
            case .server(let client):
                let stats = try await client.get("/api/v1/admin/stats")
                if global.json { return Output.json(stats) }
                Output.facts([
                    ("Agents", stats.number("agents", "total").map(Readable.count)),
                    ("Hives", stats.number("hives", "total").map(Readable.count)),
                    ("Posts", stats.number("posts", "total").map(Readable.count)),
                    ("Comments", stats.number("comments", "total").map(Readable.count)),
                    ("Votes", stats.number("votes", "total").map(Readable.count)),
                    ("Events", stats.number("events", "total").map(Readable.count)),
                ])
            case .offline(let node):
                let stats = try await node.use { try await $0.stats() }
                show(stats)
            }
        }

        private func show(_ stats: NodeStats) {
            if global.json {
                return Output.json(
                    .record([
                        "agents": .record(["total": .int(stats.counts.agents)]),
                        "hives": .record(["total": .int(stats.counts.hives)]),
                        "posts": .record(["total": .int(stats.counts.posts)]),
                        "comments": .record(["total": .int(stats.counts.comments)]),
                        "votes": .record(["total": .int(stats.counts.votes)]),
                        "events": .record(["total": .int(stats.counts.events)]),
                        "groups": .record(["total": .int(stats.groups)]),
                        "database": .string(stats.databasePath), "database_bytes": .int(stats.databaseBytes),
                        "wal_bytes": .int(stats.walBytes), "schema_version": .int(stats.schemaVersion),
                    ])
                )
            }
            Output.facts([
                ("Database", stats.databasePath),
                ("Size", Readable.bytes(stats.databaseBytes) + " and " + Readable.bytes(stats.walBytes) + " of log"),
                ("Schema version", String(stats.schemaVersion)),
                ("Agents", Readable.count(stats.counts.agents)),
                ("Hives", Readable.count(stats.counts.hives)),
                ("Posts", Readable.count(stats.counts.posts)),
                ("Comments", Readable.count(stats.counts.comments)),
                ("Votes", Readable.count(stats.counts.votes)),
                ("Events", Readable.count(stats.counts.events)),
                ("Groups", Readable.count(stats.groups)),
            ])
        }
    }
}
