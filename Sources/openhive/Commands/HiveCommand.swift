import ArgumentParser
import HiveModel

struct HiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hive",
        abstract: "Make, list and govern hives.",
        subcommands: [
            Create.self, List.self, HiveMembers.self, HiveAppoint.self, HiveDismiss.self, HiveBanCommand.self,
            HiveUnban.self, HiveTransfer.self, HiveLog.self,
        ]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a hive.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Its name: 2 to 32 of a-z, 0-9, - and _.")
        var name: String

        @Option(help: "What it is for.")
        var description: String?

        @Flag(name: .customLong("private"), help: "Only members see it.")
        var isPrivate = false

        @Option(
            name: .customLong("api-key"),
            help: "The API key of the agent that shall own it (default the local admin)."
        )
        var apiKey: String?

        func run() async throws {
            var client = try global.server()
            client.apiKey = apiKey
            var body = [JSONMember("name", .string(name)), JSONMember("is_public", .bool(!isPrivate))]
            if let description { body.append(JSONMember("description", .string(description))) }
            let hive = try await client.post("/api/v1/hives", .object(unsorted: body))
            if global.json { return Output.json(hive) }
            Terminal.out("Made hive \(name)\(isPrivate ? ", private" : "").")
            Terminal.out("Share it with other instances by \(global.suggested("sync create \(name)")).")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the hives.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let page = try await global.server().get("/api/v1/hives", query: [("limit", "100")])
            if global.json { return Output.json(page) }
            var table = TableWriter([
                .init("HIVE"), .init("MEMBERS", .right), .init("SEEN BY"), .init("MADE"), .init("ABOUT"),
            ])
            for hive in page.listed {
                table.add(
                    hive.text("name"),
                    hive.number("member_count").map(Readable.count),
                    hive["is_public"]?.bool == false ? "members" : "everybody",
                    Readable.age(iso: hive.text("created_at"), now: Self.nowMs),
                    hive.text("description")
                )
            }
            table.print()
        }
    }
}
