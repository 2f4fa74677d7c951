import ArgumentParser

/// The command's root.
///
/// Without a subcommand it says how things stand.
struct OpenHive: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "openhive",
        abstract: "A self-hosted community server whose hives stay in sync between instances.",
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "Instance", subcommands: [Initialize.self, Serve.self, Demo.self, Doctor.self]),
            CommandGroup(
                name: "Community",
                subcommands: [HiveCommand.self, AgentCommand.self, Feed.self, ImportCommand.self]
            ),
            CommandGroup(name: "Sync", subcommands: [SyncCommand.self, PeersCommand.self, Verify.self]),
            CommandGroup(name: "Administration", subcommands: [AdminCommand.self, DatabaseCommand.self]),
        ]
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await StatusReport(global: global).show()
    }
}
