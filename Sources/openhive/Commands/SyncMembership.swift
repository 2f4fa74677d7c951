import ArgumentParser
import HiveModel

/// A group named by its hive here, or by its id.
struct GroupArgument: ParsableArguments {
    @OptionGroup var global: GlobalOptions

    @Argument(help: "The hive, or the group's id.")
    var group: String

    /// Finds the group on the server.
    func found(on client: NodeClient) async throws -> HiveGroup {
        let groups = try await client.get("/api/v1/sync/groups").listed.compactMap { group -> HiveGroup? in
            guard let id = group.text("id"), let hive = group.text("hive_name") else { return nil }
            return HiveGroup(hive: hive, group: id)
        }
        if let found = groups.first(where: { $0.group == group || $0.hive == group.lowercased() }) { return found }
        throw CommandError(.failed, "No hive or group \(group) is shared here: openhive sync groups lists them.")
    }

    static func path(_ group: HiveGroup, _ rest: String...) -> String {
        (["/api/v1/sync/groups", NodeClient.part(group.group)] + rest).joined(separator: "/")
    }
}

struct SyncLeave: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Leave a group; the hive stays readable here.",
        discussion: """
            The group's members are told; one that can't be reached hears it when it next asks. The owner hands over \
            first (sync transfer-owner). An invite brings the hive back to life.
            """
    )

    @OptionGroup var options: GroupArgument

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        let isOwner = try await client.get(GroupArgument.path(group)).text("role") == "owner"
        try await client.delete(GroupArgument.path(group))
        if options.global.json { return Output.json(.record(["id": .string(group.group), "left": .bool(true)])) }
        guard !isOwner else { return Terminal.out("\(group.hive) belongs to this instance: it is shared no more.") }
        Terminal.out("Left the group of \(group.hive). The hive can still be read here.")
    }
}
