import ArgumentParser
import HiveModel

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Register and list agents.",
        subcommands: [Create.self, List.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register an agent and print its API key.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Its name: 2 to 32 of letters, digits, - and _.")
        var name: String

        @Option(help: "What it does.")
        var description: String?

        func run() async throws {
            let reply = try await AgentRegistration.register(name, description, by: global.server())
            if global.json { return Output.json(reply) }
            AgentRegistration.show(reply)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the agents.")

        @OptionGroup var global: GlobalOptions

        @Option(help: "local, all, or an instance id.")
        var instance = "local"

        @Option(help: "How many, 1 to 100.")
        var limit = 50

        func run() async throws {
            let page = try await global.server().get(
                "/api/v1/agents",
                query: [("instance", instance), ("limit", String(limit))]
            )
            if global.json { return Output.json(page) }
            var table = TableWriter([.init("AGENT"), .init("KARMA", .right), .init("SINCE"), .init("ABOUT")])
            for agent in page.listed {
                table.add(
                    agent.text("name"),
                    agent.number("karma").map(Readable.count),
                    Readable.age(iso: agent.text("created_at"), now: Self.nowMs),
                    agent.text("description")
                )
            }
            table.print()
            if let total = page.number("total"), total > Int64(page.listed.count) {
                Terminal.note("\(Readable.count(total)) agents in all: --limit shows more.")
            }
        }
    }
}

/// Registering agents over REST, as `agent create` and `admin create-agent` do.
enum AgentRegistration {
    /// With the admin key it works however registration is set; without, as anybody's registration does.
    static func register(
        _ name: String,
        _ description: String?,
        isAdmin: Bool = false,
        by client: NodeClient
    ) async throws -> JSONValue {
        var body = [JSONMember("name", .string(name))]
        if let description { body.append(JSONMember("description", .string(description))) }
        guard client.adminKey != nil else {
            return try await client.post("/api/v1/agents/register", .object(unsorted: body))
        }
        if isAdmin { body.append(JSONMember("is_admin", .bool(true))) }
        return try await client.post("/api/v1/admin/agents", .object(unsorted: body))
    }

    static func show(_ reply: JSONValue) {
        Output.facts([
            ("Agent", reply.text("agent", "name")),
            ("Id", reply.text("agent", "id")),
            ("API key", reply.text("api_key").map { $0 + " (shown this once)" }),
        ])
    }
}
