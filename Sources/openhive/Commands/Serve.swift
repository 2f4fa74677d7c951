import ArgumentParser
import Foundation
import HiveModel
import HiveNode

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server until it is told to stop.",
        discussion: "Settings come from flags, OPENHIVE_ variables, the settings file and defaults, in this order."
    )

    @OptionGroup var global: GlobalOptions

    @Option(name: [.customShort("H"), .long], help: "The address to listen on (default 127.0.0.1).")
    var host: String?

    @Option(name: .shortAndLong, help: "The port to listen on (default 3000); 0 takes any free one and prints it.")
    var port: String?

    @Option(name: .shortAndLong, help: "The SQLite file (default data/openhive.db in the data directory).")
    var database: String?

    @Flag(name: .customLong("sync"), help: "Switch sync with other instances on.")
    var isSyncOn = false

    @Option(name: .customLong("sync-endpoint"), help: "The address peers reach this instance at.")
    var syncEndpoint: String?

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Flag(
        name: .customLong("stop-with-input"),
        help: ArgumentHelp("Stop when standard input ends.", visibility: .hidden)
    )
    var stopsWithInput = false

    func run() async throws {
        guard global.url == nil else {
            throw CommandError(.usage, "--url names a server to talk to; `serve` listens on --host and --port.")
        }
        let configuration = try global.configuration(values)
        if stopsWithInput { Self.watchInput() }
        let isJSON = global.json
        OpenFileLimit.raise()
        try await Node.run(configuration: configuration, onProgress: { Terminal.note($0) }) { node in
            Self.announce(node, configuration, isJSON: isJSON)
        }
    }

    private var values: [String: String] {
        var values: [String: String] = [:]
        values["host"] = host
        values["port"] = port
        values["database"] = database
        values["admin.key"] = global.adminKey
        values["sync.sync_endpoint"] = syncEndpoint
        values["log.level"] = logLevel
        if isSyncOn { values["sync.enabled"] = "true" }
        return values
    }

    private static func announce(_ node: ReadyNode, _ configuration: NodeConfiguration, isJSON: Bool) {
        if isJSON {
            Output.json(
                .record([
                    "address": .string(node.address), "port": .int(Int64(node.port)),
                    "instance_id": .string(node.instance.rawValue),
                    "sync_endpoint": node.syncEndpoint.map(JSONValue.string),
                    "first_admin_key": node.firstAdminKey.map(JSONValue.string),
                    "data_dir": .string(configuration.dataDirectory.root),
                ])
            )
            return
        }
        if node.isDirectoryNew { Terminal.out("Made a new instance in \(configuration.dataDirectory.root).") }
        Terminal.out("OpenHive listens on \(node.address)")
        Output.facts([
            ("  Instance", node.instance.rawValue),
            ("  Data", configuration.dataDirectory.root),
            ("  Sync", syncLine(node, configuration)),
        ])
        if let key = node.firstAdminKey {
            Terminal.out("  Admin key, shown this once: \(key)")
        }
        Terminal.out("Ctrl-C stops it.")
    }

    private static func syncLine(_ node: ReadyNode, _ configuration: NodeConfiguration) -> String {
        guard configuration.sync.isEnabled else { return "off (--sync switches it on)" }
        return node.syncEndpoint ?? "dials out only: give --sync-endpoint so that others can reach it"
    }

    /// Whoever started this process holds the other end of its input: when that ends, the starter is gone.
    private static func watchInput() {
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            kill(getpid(), SIGTERM)
        }
        thread.start()
    }
}
