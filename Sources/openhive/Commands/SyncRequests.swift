import ArgumentParser
import HiveModel

struct SyncRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "See which instances ask to be let in, and decide.",
        discussion: "Whoever asks without an invite or secret waits here for seven days after its last try.",
        subcommands: [SyncRequestsList.self, SyncRequestsApprove.self, SyncRequestsDeny.self],
        defaultSubcommand: SyncRequestsList.self
    )
}

struct SyncRequestsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the requests, oldest first.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only to this hive, or to the group of this id.")
    var group: String?

    func run() async throws {
        let reply = try await global.server().get("/api/v1/sync/requests")
        let requests = reply.listed.filter { request in
            group.map { $0.lowercased() == request.text("hive_name") || $0 == request.text("group_id") } ?? true
        }
        if global.json { return Output.json(.record(["data": .array(requests)])) }
        guard !requests.isEmpty else { return Terminal.out("No instance asks to be let in.") }
        var table = TableWriter([
            .init("ID"), .init("HIVE"), .init("WHO"), .init("INSTANCE"), .init("FROM"), .init("STATUS"),
            .init("TRIES", .right), .init("LAST TRY"),
        ])
        for request in requests {
            table.add(
                request.text("id"),
                request.text("hive_name"),
                request.text("name"),
                request.text("instance_id"),
                request.text("sync_endpoint") ?? request.text("address"),
                request.text("status"),
                request.number("tries").map(Readable.count),
                Readable.age(iso: request.text("last_try_at"), now: Self.nowMs)
            )
        }
        table.print()
    }
}

struct SyncRequestsApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "approve", abstract: "Let an instance in.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The request's id, as openhive sync requests shows it.")
    var id: String

    @Option(help: "admin, member or readonly.")
    var role: SyncInvite.Role = .member

    func run() async throws {
        let reply = try await global.server().post(
            "/api/v1/sync/requests/\(NodeClient.part(id))/approve",
            .record(["role": .string(role.rawValue)])
        )
        if global.json { return Output.json(reply) }
        let (name, hive) = (reply.text("name") ?? "The instance", reply.text("hive_name") ?? "?")
        Terminal.out("\(name) is \(role.rawValue) of \(hive): its next try is let in.")
    }
}

struct SyncRequestsDeny: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "deny", abstract: "Refuse an instance.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The request's id, as openhive sync requests shows it.")
    var id: String

    func run() async throws {
        let reply = try await global.server().post("/api/v1/sync/requests/\(NodeClient.part(id))/deny")
        if global.json { return Output.json(reply) }
        Terminal.out("\(reply.text("name") ?? "The instance") is not let into \(reply.text("hive_name") ?? "?").")
    }
}
