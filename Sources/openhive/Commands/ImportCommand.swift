import ArgumentParser
import Foundation
import HiveImport
import HiveModel
import HiveNode
import HivePorts

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring in content from elsewhere.",
        subcommands: [HackerNews.self]
    )

    struct HackerNews: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hackernews",
            abstract: "Bring in stories and comments in the item format of Hacker News' API.",
            discussion: """
                FILE is a JSON array of items or one item a line, gzip or not; - reads standard input. HTML becomes \
                Markdown and times are kept. Running it again brings in only what is not here yet.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The file.")
        var file: String

        @Option(help: "The hive to bring it into.")
        var hive: String

        @Flag(help: "Make up to 200 voters and give each story min(score, 200) votes.")
        var votes = false

        func run() async throws {
            let file = try ImportFile.read(file)
            let outcome: ImportOutcome
            switch try await global.access() {
            case .server(let client):
                _ = try await client.get("/api/v1/hives/\(NodeClient.part(hive))")
                outcome = try await importer(.server(client)).run(file, withVotes: votes)
            case .offline(let node):
                outcome = try await node.use { node in
                    guard try await node.reads.hive(named: hive, viewer: .admin(nil)) != nil else {
                        throw CommandError(.failed, "There is no hive \(hive): make it first.", title: "Not Found")
                    }
                    return try await importer(.writes(node.writes)).run(file, withVotes: votes)
                }
            }
            if global.json { return Output.json(outcome.json) }
            for line in outcome.lines { Terminal.out(line) }
        }

        private func importer(_ target: ImportTarget) -> Importer {
            Importer(target: target, hive: hive, isSilent: global.json)
        }
    }
}
