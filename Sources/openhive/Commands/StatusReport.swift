import ArgumentParser
import HiveModel
import HiveNode

/// What `openhive` alone says: how to begin, or how the instance stands and what can be done.
struct StatusReport {
    let global: GlobalOptions

    func show() async throws {
        let directory = global.directory
        let client = try global.runningServer()
        guard directory.isInitialized || client != nil else {
            return showBeginning(directory)
        }
        let configuration = client == nil ? try? global.configuration() : nil
        let stats = try await client?.get("/api/v1/admin/stats")
        let sync = try await client?.get("/api/v1/sync/status")
        if global.json {
            Output.json(
                .record([
                    "data_dir": .string(directory.root), "initialized": .bool(directory.isInitialized),
                    "running": .bool(client != nil), "address": client.map { .string($0.address) }, "stats": stats,
                    "sync": sync,
                ])
            )
            return
        }
        var facts: [(String, String?)] = [
            ("Data directory", directory.root),
            ("Server", client.map { "running at \($0.address)" } ?? "not running"),
            ("Would listen on", configuration.map { "\($0.host):\($0.port)" }),
        ]
        if let stats {
            facts.append(("Agents", stats.number("agents", "total").map(Readable.count)))
            facts.append(("Hives", stats.number("hives", "total").map(Readable.count)))
            facts.append(("Posts", stats.number("posts", "total").map(Readable.count)))
        }
        if let sync {
            let groups = sync["groups"]?.array ?? []
            let isOn = sync["enabled"]?.bool ?? false
            facts.append(("Sync", isOn ? Readable.count(groups.count, "group", "groups") : "off"))
        }
        Output.facts(facts)
        Terminal.out("")
        showCommands()
    }

    private func showBeginning(_ directory: DataDirectory) {
        if global.json {
            Output.json(
                .record([
                    "data_dir": .string(directory.root), "initialized": .bool(false), "running": .bool(false),
                ])
            )
            return
        }
        Terminal.out("Nothing is set up in \(directory.root) yet. To begin:")
        Terminal.out("")
        Terminal.out(
            "  \(global.suggested("init").dropFirst().dropLast())    make an instance: its folder, keys and settings"
        )
        Terminal.out("  \(global.suggested("serve").dropFirst().dropLast())   start it on http://127.0.0.1:3000")
        Terminal.out("  openhive demo    or watch two instances keep one hive in sync")
        Terminal.out("")
        showCommands()
    }

    private func showCommands() {
        Terminal.out("Commands:")
        var lines: [(String, String)] = []
        for command in OpenHive.configuration.groupedSubcommands.flatMap(\.subcommands) {
            lines.append((command._commandName, command.configuration.abstract))
        }
        let width = lines.map(\.0.count).max() ?? 0
        for (name, abstract) in lines {
            Terminal.out("  " + name + String(repeating: " ", count: width - name.count + 2) + abstract)
        }
        Terminal.out("")
        Terminal.out("`openhive COMMAND --help` says more about each.")
    }
}
