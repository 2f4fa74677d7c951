import ArgumentParser
import HiveModel

struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "See, add, remove and test the instances to sync with.",
        subcommands: [List.self, Add.self, Remove.self, Test.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the peers.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let reply = try await global.server().get("/api/v1/sync/peers")
            if global.json { return Output.json(reply) }
            guard !reply.listed.isEmpty else {
                return Terminal.out("No peers yet: invite one by `openhive sync invite HIVE`, or add one.")
            }
            var table = TableWriter([
                .init("PEER"), .init("STATUS"), .init("SOURCE"), .init("HIVES"), .init("ENDPOINT"),
                .init("LAST SYNC"), .init("ID"), .init("SAYS"),
            ])
            for peer in reply.listed {
                let hives = (peer["shared_hives"]?.array ?? []).compactMap(\.string)
                table.add(
                    peer.text("name"),
                    peer.text("status"),
                    peer.text("source"),
                    hives.joined(separator: ", "),
                    peer.text("sync_endpoint") ?? "dials in",
                    Readable.age(iso: peer.text("last_sync_at") ?? peer.text("last_heartbeat_at"), now: Self.nowMs),
                    peer.text("id"),
                    peer.text("status_reason") ?? peer.text("last_error") ?? ""
                )
            }
            table.print()
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a peer and shake hands with it.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "What to call it here.")
        var name: String

        @Argument(help: "Its sync endpoint, like https://hive.example.org/sync/v1.")
        var endpoint: String

        @Option(help: "The hives to share with it, separated by commas.")
        var hives: String

        func run() async throws {
            let names = hives.split(separator: ",").map { JSONValue.string(String($0).trimmed) }
            guard !names.isEmpty else { throw CommandError(.usage, "--hives names no hive: give at least one.") }
            let peer = try await global.server().post(
                "/api/v1/sync/peers",
                .record([
                    "name": .string(name), "sync_endpoint": .string(endpoint), "shared_hives": .array(names),
                ])
            )
            if global.json { return Output.json(peer) }
            Terminal.out("Added peer \(name), id \(peer.text("id") ?? "?"), status \(peer.text("status") ?? "?").")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a peer.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Its id or name.")
        var peer: String

        func run() async throws {
            let client = try global.server()
            let found = try await PeersCommand.find(peer, on: client)
            try await client.delete("/api/v1/sync/peers/\(NodeClient.part(found.id))")
            if global.json { return Output.json(.record(["removed": .string(found.id)])) }
            Terminal.out("Removed peer \(found.name).")
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Try to reach a peer, step by step.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Its id or name.")
        var peer: String

        func run() async throws {
            let client = try global.server()
            let found = try await PeersCommand.find(peer, on: client)
            let reply = try await client.post("/api/v1/sync/peers/\(NodeClient.part(found.id))/test")
            let isReachable = reply["reachable"]?.bool ?? false
            if global.json {
                Output.json(reply)
            } else {
                var table = TableWriter([
                    .init("STEP"), .init("RESULT"), .init("TOOK", .right), .init("SAYS", widthMax: 90),
                ])
                var hasFailed = false
                for step in reply["steps"]?.array ?? [] {
                    // Behind the first step that failed none was tried.
                    let isOK = step["ok"]?.bool == true
                    let result = isOK ? "ok" : hasFailed ? "-" : "FAILED"
                    hasFailed = hasFailed || !isOK
                    table.add(
                        step.text("step"),
                        result,
                        step.number("ms").map { Readable.duration(ms: $0) },
                        step.text("message")
                    )
                }
                table.print()
            }
            guard isReachable else {
                let reason = reply.text("error") ?? "see the steps"
                let end = reason.last.map { ".?!".contains($0) } == true ? "" : "."
                throw CommandError(.failed, "Peer \(found.name) can't be reached: \(reason)\(end)")
            }
        }
    }

    /// A peer by id or name; throws where none or several fit.
    private static func find(_ peer: String, on client: NodeClient) async throws -> (id: String, name: String) {
        let all = try await client.get("/api/v1/sync/peers").listed
        let fitting = all.filter { $0.text("id") == peer || $0.text("name") == peer }
        guard let first = fitting.first, let id = first.text("id") else {
            throw CommandError(
                .failed,
                "There is no peer \(peer): `openhive peers list` names all.",
                title: "Not Found"
            )
        }
        guard fitting.count == 1 else {
            throw CommandError(.failed, "Several peers are called \(peer): give the id from `openhive peers list`.")
        }
        return (id, first.text("name") ?? id)
    }
}
