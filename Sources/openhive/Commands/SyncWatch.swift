import ArgumentParser
import HiveModel

struct SyncWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the shared hives and peers again and again, until it is stopped.",
        discussion: "With --json one line for each look, so that a program can follow it."
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "Seconds between two looks, 1 to 3600.")
    var every: Int64 = 2

    @Option(help: "Stop after so many looks (default never).")
    var times: Int?

    func validate() throws {
        guard (1...3_600).contains(every) else { throw ValidationError("--every is 1 to 3600 seconds.") }
        guard times ?? 1 > 0 else { throw ValidationError("--times is 1 or more.") }
    }

    func run() async throws {
        let client = try global.server()
        var looks = 0
        while true {
            let groups = try await client.get("/api/v1/sync/groups").listed
            looks += 1
            if global.json {
                Output.json(.record(["at": .string(ISOTime.text(Self.nowMs)), "groups": .array(groups)]))
            } else {
                // Home, and everything below goes: the tables stay in place while they change.
                let clear = Terminal.isOutputTerminal ? "\u{1B}[H\u{1B}[J" : ""
                Terminal.out(clear + Readable.time(ms: Self.nowMs) + " UTC")
                if groups.isEmpty { Terminal.out("No hive is shared yet.") } else { Self.show(groups) }
            }
            if let times, looks >= times { return }
            try await Task.sleep(for: .seconds(every))
        }
    }

    private static func show(_ groups: [JSONValue]) {
        SyncTables.groups(groups).print()
        Terminal.out("")
        SyncTables.peers(groups, now: nowMs).print()
    }
}
