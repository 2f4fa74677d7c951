import ArgumentParser
import HiveModel
import HiveNode

struct Initialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an instance: its folder, keys, settings and database.",
        discussion: "Asks for what it needs to know on a terminal; with --yes it takes the flags and defaults."
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "What the instance is called; peers see it.")
    var name: String?

    @Option(name: [.customShort("H"), .long], help: "The address to listen on.")
    var host: String?

    @Option(name: .shortAndLong, help: "The port to listen on.")
    var port: String?

    @Flag(name: .shortAndLong, help: "Ask nothing.")
    var yes = false

    @Flag(name: .customLong("sync"), help: "Switch sync with other instances on.")
    var isSyncOn = false

    @Flag(name: .customLong("if-needed"), help: "Do nothing where an instance is set up already.")
    var ifNeeded = false

    func run() async throws {
        let directory = global.directory
        if ifNeeded, directory.isInitialized {
            if global.json { Output.json(.record(["data_dir": .string(directory.root), "created": .bool(false)])) }
            return
        }
        let made = try await DataDirectory.initialize(
            InitializeOptions(directory: directory, settings: try settings())
        )
        if global.json {
            Output.json(
                .record([
                    "data_dir": .string(made.directory.root), "created": .bool(true),
                    "instance_id": .string(made.instance.rawValue), "config": .string(made.configFile),
                ])
            )
            return
        }
        Output.facts([
            ("Data directory", made.directory.root),
            ("Instance", made.instance.rawValue),
            ("Settings", made.configFile),
            ("Keys", made.directory.keysDirectory + " (back these up; without them the instance is gone)"),
        ])
        Terminal.out("")
        Terminal.out("Start it with \(global.suggested("serve")).")
    }

    private func settings() throws -> [(path: String, value: ConfigurationValue)] {
        let isAsking = !yes && Terminal.isInputTerminal && Terminal.isErrorTerminal
        var settings: [(path: String, value: ConfigurationValue)] = []
        let name = try name ?? (isAsking ? answer("Name of this instance [OpenHive]: ") : nil)
        if let name { settings.append(("instance.name", .string(name))) }
        if let host { settings.append(("host", .string(host))) }
        let port = try port ?? (isAsking ? answer("Port to listen on [3000]: ") : nil)
        if let port {
            guard let number = Int64(port), (0...65_535).contains(number) else {
                throw CommandError(.usage, "The port \"\(port)\" is none: give a number from 0 to 65535.")
            }
            settings.append(("port", .integer(number)))
        }
        if let adminKey = global.adminKey { settings.append(("admin.key", .string(adminKey))) }
        if isSyncOn { settings.append(("sync.enabled", .boolean(true))) }
        // What can't be used is refused before anything is made.
        var values: [String: String] = [:]
        for (path, value) in settings { values[path] = value.text }
        _ = try global.configuration(values)
        return settings
    }

    /// Nil for the default.
    private func answer(_ question: String) throws -> String? {
        guard let line = Terminal.ask(question) else {
            throw CommandError(.failed, "The answers ended early: give --name and --port with --yes instead.")
        }
        let text = line.trimmed
        return text.isEmpty ? nil : text
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
