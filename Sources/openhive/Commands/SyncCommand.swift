import ArgumentParser

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Share hives with other instances and see how they keep up.",
        subcommands: [
            SyncStatus.self, SyncGroups.self, SyncCreate.self, SyncInvite.self, SyncJoin.self,
        ],
        defaultSubcommand: SyncStatus.self
    )
}
