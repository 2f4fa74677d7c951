import ArgumentParser

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Share hives with other instances and see how they keep up.",
        subcommands: [
            SyncStatus.self, SyncGroups.self, SyncCreate.self, SyncInvite.self, SyncJoin.self,
            SyncLeave.self, SyncRequests.self, SyncMembers.self, SyncRemove.self, SyncRole.self, SyncNewEpoch.self,
            SyncTransferOwner.self, SyncEvents.self, SyncConflicts.self, SyncWatch.self, SyncAlerts.self,
        ],
        defaultSubcommand: SyncStatus.self
    )
}
