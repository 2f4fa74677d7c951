import ArgumentParser
import HiveModel

/// What the commands that govern a hive have in common.
struct GovernanceOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions

    @Argument(help: "The hive.")
    var hive: String

    @Option(name: .customLong("api-key"), help: "The API key of the agent that acts (default the local admin).")
    var apiKey: String?

    func client() throws -> NodeClient {
        var client = try global.server()
        client.apiKey = apiKey
        return client
    }

    func path(_ rest: String...) -> String {
        (["/api/v1/hives", NodeClient.part(hive)] + rest).joined(separator: "/")
    }

    /// Prints the reply as JSON, or a sentence.
    func report(_ reply: JSONValue, _ sentence: String) {
        global.json ? Output.json(reply) : Terminal.out(sentence)
    }
}

struct HiveMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "members", abstract: "List who is in a hive.")

    @OptionGroup var options: GovernanceOptions

    @Flag(help: "Agents that wait for approval instead.")
    var pending = false

    func run() async throws {
        let query = [("limit", "100"), ("pending", pending ? "true" : "false")]
        let page = try await options.client().get(options.path("members"), query: query)
        if options.global.json { return Output.json(page) }
        var table = TableWriter([.init("AGENT"), .init("ROLE"), .init("JOINED"), .init("INSTANCE")])
        for member in page.listed {
            table.add(
                member.text("agent", "name"),
                member.text("role"),
                Readable.age(iso: member.text("joined_at"), now: Self.nowMs),
                member.text("agent", "instance_name") ?? member.text("agent", "instance_id")
            )
        }
        table.print()
    }
}

struct HiveAppoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "appoint",
        abstract: "Make an agent moderator or admin of a hive."
    )

    @OptionGroup var options: GovernanceOptions

    @Argument(help: "The agent: name, name@instance prefix, or id.")
    var agent: String

    @Flag(help: "Admin: appoints and dismisses moderators.")
    var admin = false

    func run() async throws {
        let body = JSONValue.record(["role": .string(admin ? "admin" : "moderator")])
        let reply = try await options.client().put(options.path("moderators", NodeClient.part(agent)), body)
        options.report(reply, "\(agent) is \(admin ? "admin" : "moderator") of \(options.hive).")
    }
}

struct HiveDismiss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: "Take a moderator's or admin's rights away."
    )

    @OptionGroup var options: GovernanceOptions

    @Argument(help: "The agent: name, name@instance prefix, or id.")
    var agent: String

    func run() async throws {
        try await options.client().delete(options.path("moderators", NodeClient.part(agent)))
        options.report(.object([]), "\(agent) moderates \(options.hive) no more.")
    }
}

struct HiveBanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ban", abstract: "Ban an agent from a hive.")

    @OptionGroup var options: GovernanceOptions

    @Argument(help: "The agent: name, name@instance prefix, or id.")
    var agent: String

    @Option(help: "Why; shown in the moderation log.")
    var reason: String?

    @Flag(name: .customLong("hide-past"), help: "Hide what it wrote before, too.")
    var hidePast = false

    func run() async throws {
        var body = [JSONMember("hide_past", .bool(hidePast))]
        if let reason { body.append(JSONMember("reason", .string(reason))) }
        let path = options.path("bans", NodeClient.part(agent))
        let reply = try await options.client().put(path, .object(unsorted: body))
        options.report(reply, "\(agent) is banned from \(options.hive).")
    }
}

struct HiveUnban: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unban", abstract: "Lift a ban.")

    @OptionGroup var options: GovernanceOptions

    @Argument(help: "The agent: name, name@instance prefix, or id.")
    var agent: String

    func run() async throws {
        try await options.client().delete(options.path("bans", NodeClient.part(agent)))
        options.report(.object([]), "\(agent) is not banned from \(options.hive) any more.")
    }
}

struct HiveTransfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract: "Give a hive to another agent, here or on another instance of its group."
    )

    @OptionGroup var options: GovernanceOptions

    @Argument(help: "The new owner: name, name@instance prefix, or id.")
    var agent: String

    func run() async throws {
        let reply = try await options.client().post(options.path("transfer"), .record(["agent": .string(agent)]))
        options.report(reply, "\(options.hive) belongs to \(agent).")
    }
}

struct HiveLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modlog",
        abstract: "Show who did what to what in a hive, newest first."
    )

    @OptionGroup var options: GovernanceOptions

    @Option(help: "How many, 1 to 100.")
    var limit = 25

    func run() async throws {
        let page = try await options.client().get(options.path("modlog"), query: [("limit", String(limit))])
        if options.global.json { return Output.json(page) }
        var table = TableWriter([
            .init("WHEN"), .init("WHO"), .init("DID"), .init("TO", widthMax: 40), .init("WHY", widthMax: 40),
        ])
        for entry in page.listed {
            table.add(
                Readable.age(iso: entry.text("at"), now: Self.nowMs),
                entry.text("by", "name") ?? entry.text("origin_instance_id"),
                entry.text("action"),
                entry.text("agent", "name") ?? entry.text("target_id"),
                entry.text("reason") ?? ""
            )
        }
        table.print()
    }
}
