import ArgumentParser
import Testing

@testable import openhive

@Suite("Arguments of the command line")
struct CommandArgumentTests {
    private func parse<Command>(_ line: String, as type: Command.Type) throws -> Command {
        let arguments = ArgumentOrder.globalsLast(line.split(separator: " ").map(String.init))
        let command = try OpenHive.parseAsRoot(arguments)
        return try #require(command as? Command)
    }

    @Test("Serve takes its flags as typed")
    func serve() throws {
        let serve = try parse(
            "serve --host 127.0.0.1 --port 0 --data-dir d --config c --database b --admin-key k --sync "
                + "--sync-endpoint http://x --log-level debug",
            as: Serve.self
        )
        #expect(serve.host == "127.0.0.1")
        #expect(serve.port == "0")
        #expect(serve.global.dataDirectory == "d")
        #expect(serve.global.config == "c")
        #expect(serve.database == "b")
        #expect(serve.global.adminKey == "k")
        #expect(serve.isSyncOn)
        #expect(serve.syncEndpoint == "http://x")
        #expect(serve.logLevel == "debug")
    }

    @Test("Global options may stand before the command and behind it")
    func globals() throws {
        let before = try parse("--data-dir d --json --url=http://x feed --hive h", as: Feed.self)
        #expect(before.global.dataDirectory == "d")
        #expect(before.global.json)
        #expect(before.global.url == "http://x")
        #expect(before.hive == "h")
        let behind = try parse("feed --hive h --data-dir d", as: Feed.self)
        #expect(behind.global.dataDirectory == "d")
        let alone = try parse("--data-dir d --json", as: OpenHive.self)
        #expect(alone.global.dataDirectory == "d")
    }

    @Test(
        "Every command of the list is there",
        arguments: [
            "init", "serve", "demo", "doctor", "verify", "feed", "import hackernews f --hive h --votes", "sync status",
            "sync groups", "sync create h", "sync invite h", "sync join ohi1_x", "peers list",
            "peers add n e --hives h",
            "peers remove p", "peers test p", "agent create a", "hive create h", "admin create-key",
            "admin create-agent --name a --admin", "db migrate", "db stats", "sync", "peers",
            "sync join --endpoint e --group sg_x", "sync join ohi1_x --group sg_x", "sync leave h", "sync requests",
            "sync alerts", "sync alerts ack a",
            "sync requests h", "sync requests approve r --role readonly", "sync requests deny r", "sync members h",
            "sync remove h i --reason r --invited", "sync role h i admin", "sync new-epoch h",
            "sync new-epoch h --stolen-key --last-own 1:20", "sync transfer-owner h --instance i --agent a",
            "sync events h --since 1 --limit 2 --type t", "sync conflicts h", "sync watch --every 1 --times 1",
            "admin create-invite --uses 2 --expires-in-days 3",
        ]
    )
    func commandsExist(line: String) throws {
        #expect(throws: Never.self) { try OpenHive.parseAsRoot(line.split(separator: " ").map(String.init)) }
    }

    @Test(
        "What does not fit is refused",
        arguments: [
            "nonsense", "serve extra", "feed --limit 0", "feed --limit 101", "feed --sort best", "feed --offset -1",
            "sync join", "sync join nonsense", "sync join ohi1_x --endpoint e --hive h", "sync join --endpoint e",
            "sync invite h --role owner", "sync invite h --max-uses 0", "sync invite h --expires-in soon",
            "import hackernews f", "demo --once --keep-running", "peers add n e", "sync join ohi1_x --merge",
            "sync leave", "sync requests approve", "sync role h i owner", "sync new-epoch h --last-own 1:2",
            "sync new-epoch h --stolen-key --last-own 1", "sync watch --every 0",
        ]
    )
    func refuses(line: String) {
        #expect(throws: (any Error).self) { try OpenHive.parseAsRoot(line.split(separator: " ").map(String.init)) }
    }

    @Test(
        "Spans of time are typed with a unit",
        arguments: [
            ("90", 90), ("30m", 1_800), ("12h", 43_200), ("7d", 604_800), ("5s", 5),
        ]
    )
    func spans(text: String, seconds: Int64) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test("Spans that are none are refused", arguments: ["", "0", "-5", "d", "7w", "99999999999d", "1.5h"])
    func noSpans(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test("The command a line names is found for the hint")
    func commandPath() {
        #expect(ArgumentOrder.commandPath(["sync", "join", "--x"]) == "openhive sync join")
        #expect(ArgumentOrder.commandPath(["what"]) == "openhive")
    }
}
