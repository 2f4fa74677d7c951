import ArgumentParser
import HiveModel

struct SyncStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show each shared hive, its heads and how far its peers are."
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = try global.server()
        let status = try await client.get("/api/v1/sync/status")
        guard status["enabled"]?.bool == true else {
            if global.json { return Output.json(status) }
            return Terminal.out("Sync is off: start the server with --sync, or set sync.enabled.")
        }
        let groups = try await client.get("/api/v1/sync/groups").listed
        if global.json {
            let members = (status.members ?? []).filter { $0.key != "groups" }
            return Output.json(.object(unsorted: members + [JSONMember("groups", .array(groups))]))
        }
        Output.facts([
            ("Instance", status.text("instance_name")),
            ("Id", status.text("instance_id")),
            ("Endpoint", status.text("sync_endpoint") ?? "none: dials out only"),
        ])
        guard !groups.isEmpty else {
            Terminal.out("")
            return Terminal.out("No hive is shared yet: share one by `openhive sync create HIVE`.")
        }
        Terminal.out("")
        SyncTables.groups(groups).print()
        let peers = SyncTables.peers(groups, now: Self.nowMs)
        Terminal.out("")
        if peers.isEmpty {
            Terminal.out("No peers yet: `openhive sync invite HIVE` makes an invite.")
        } else {
            peers.print()
        }
        let alerts = try await client.get("/api/v1/sync/alerts").listed
        guard !alerts.isEmpty else { return }
        Terminal.out("")
        for alert in alerts { Terminal.out("! \(alert.text("message") ?? "An alert is open.")") }
        Terminal.out("See openhive sync alerts.")
    }
}

struct SyncGroups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "List the groups with their members and heads."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A hive or group id; all where left out.")
    var hive: String?

    func run() async throws {
        let reply = try await global.server().get("/api/v1/sync/groups")
        let groups = reply.listed.filter { group in
            hive.map { $0 == group.text("hive_name") || $0 == group.text("id") } ?? true
        }
        if global.json { return Output.json(.record(["data": .array(groups)])) }
        guard !groups.isEmpty else {
            return Terminal.out(hive.map { "No hive \($0) is shared." } ?? "No hive is shared yet.")
        }
        for (index, group) in groups.enumerated() {
            if index > 0 { Terminal.out("") }
            Output.facts([
                ("Hive", group.text("hive_name")),
                ("Group", group.text("id")),
                ("Role", group.text("role")),
                ("Status", group.text("status")),
                ("Because", group.text("status_reason")),
                ("Events", Readable.count(SyncTables.events(group))),
                ("Heads digest", group.text("heads_digest")),
                ("State root", group.text("state_root")),
            ])
            Terminal.out("")
            SyncTables.members(group).print()
        }
    }
}
