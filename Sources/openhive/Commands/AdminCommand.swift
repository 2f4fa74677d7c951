import ArgumentParser
import HiveModel
import HiveNode
import HivePorts

struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin",
        abstract: "Make an admin key, an agent, or a code with which agents register.",
        subcommands: [CreateKey.self, CreateAgent.self, CreateInvite.self]
    )

    struct CreateInvite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-invite",
            abstract: "Print a code with which agents register while registration needs an invitation."
        )

        @OptionGroup var global: GlobalOptions

        @Option(help: "How many agents may use it.")
        var uses: Int64 = 1

        @Option(name: .customLong("expires-in-days"), help: "How many days it is good (default for ever).")
        var expiresInDays: Int64?

        func run() async throws {
            var body = [JSONMember("uses", .int(uses))]
            if let expiresInDays { body.append(JSONMember("expires_in_days", .int(expiresInDays))) }
            let reply = try await global.server().post("/api/v1/admin/invites", .object(unsorted: body))
            if global.json { return Output.json(reply) }
            // The code alone goes to standard output, so that a script can take it as it is.
            Terminal.out(reply.text("code") ?? "")
            Terminal.note("Shown this once. An agent registers with it as invite_code.")
        }
    }

    struct CreateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-key",
            abstract: "Print a random key for the setting admin.key."
        )

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let key = Self.randomKey()
            if global.json { return Output.json(.record(["key": .string(key)])) }
            Terminal.out(key)
            if Terminal.isOutputTerminal {
                Terminal.note("Set it as admin.key in openhive.yaml, as OPENHIVE_ADMIN_KEY or with serve --admin-key.")
            }
        }

        /// 32 letters and digits of the system's random source.
        static func randomKey() -> String {
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
            var generator = SystemRandomNumberGenerator()
            return String((0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
        }
    }

    struct CreateAgent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-agent",
            abstract: "Register an agent, with admin rights where asked, and print its API key."
        )

        @OptionGroup var global: GlobalOptions

        @Option(name: .shortAndLong, help: "Its name: 2 to 32 of letters, digits, - and _.")
        var name: String

        @Option(help: "What it does.")
        var description: String?

        @Flag(help: "Give it admin rights.")
        var admin = false

        func run() async throws {
            let reply: JSONValue
            switch try await global.access() {
            case .server(let client):
                guard client.adminKey != nil else {
                    throw CommandError(.usage, "\(client.address) makes agents for its admin only: give --admin-key.")
                }
                reply = try await AgentRegistration.register(name, description, isAdmin: admin, by: client)
            case .offline(let node):
                reply = try await node.use { node in
                    let made = try await node.writes.registerAgent(
                        NewAgent(name: name, description: description, isAdmin: admin)
                    )
                    return .record([
                        "agent": .record(["id": .string(made.agent.id), "name": .string(made.agent.name)]),
                        "api_key": .string(made.apiKey),
                    ])
                }
            }
            if global.json { return Output.json(reply) }
            AgentRegistration.show(reply)
            if admin { Terminal.out("It has admin rights.") }
        }
    }
}
