import ArgumentParser
import HiveModel

struct SyncAlerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "See what needs an operator, and say that it was seen.",
        discussion: "An alert goes by itself once what it tells of is over.",
        subcommands: [SyncAlertsList.self, SyncAlertsAcknowledge.self],
        defaultSubcommand: SyncAlertsList.self
    )
}

struct SyncAlertsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List open alerts, oldest first.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let reply = try await global.server().get("/api/v1/sync/alerts")
        if global.json { return Output.json(reply) }
        guard !reply.listed.isEmpty else { return Terminal.out("No alert is open.") }
        for alert in reply.listed {
            let age = Readable.age(iso: alert.text("since"), now: Self.nowMs) ?? "?"
            let seen = alert.text("acknowledged_at") == nil ? "" : ", seen"
            Terminal.out("\(alert.text("id") ?? "?")  \(alert.text("kind") ?? "?")  \(age)\(seen)")
            Terminal.out("  \(alert.text("message") ?? "")")
        }
    }
}

struct SyncAlertsAcknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ack", abstract: "Say that an alert has been seen.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The alert's id, as openhive sync alerts shows it.")
    var id: String

    func run() async throws {
        let reply = try await global.server().post("/api/v1/sync/alerts/\(NodeClient.part(id))/ack")
        if global.json { return Output.json(reply) }
        Terminal.out("Noted. The alert goes once what it tells of is over.")
    }
}
