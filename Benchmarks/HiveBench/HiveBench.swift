import Foundation

/// Prints one JSON object with the measured figures; called by `scripts/bench.py`.
@main
struct HiveBench {
    static let usage = """
        usage: hive-bench ed25519
               hive-bench fsync FOLDER
               hive-bench raw-inserts SOURCE.db TARGET.db
               hive-bench generate FOLDER HIVE STORIES.json COUNT          (10 % posts, 30 % comments, 60 % votes)
               hive-bench generate-posts FOLDER HIVE STORIES.json COUNT
               hive-bench commits FOLDER SUBMITTERS COUNT

        """

    static func main() async {
        do {
            try await run()
        } catch {
            FileHandle.standardError.write(Data("hive-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first ?? "", arguments.count) {
        case ("ed25519", 1):
            let rates = try Yardsticks.ed25519()
            print(#"{"verifies": \#(rates.verifies), "signs": \#(rates.signs)}"#)
        case ("fsync", 2):
            let times = try Yardsticks.fsyncMs(folder: URL(filePath: arguments[1]))
            print(#"{"extending_ms": \#(times.extending), "overwriting_ms": \#(times.overwriting)}"#)
        case ("raw-inserts", 3):
            let copy = try RawSQLite.copy(source: arguments[1], target: arguments[2])
            print(#"{"rows": \#(copy.rows), "seconds": \#(copy.seconds)}"#)
        case ("generate", 5):
            try await generate(arguments, .mixed)
        case ("generate-posts", 5):
            try await generate(arguments, .onlyPosts)
        case ("commits", 4):
            let result = try await Commits.measure(
                folder: arguments[1],
                submitters: Int(arguments[2]) ?? 32,
                count: Int(arguments[3]) ?? 20_000
            )
            print(#"{"per_second": \#(result.perSecond), "p99_ms": \#(result.p99Ms)}"#)
        default:
            FileHandle.standardError.write(Data(usage.utf8))
            exit(2)
        }
    }

    private static func generate(_ arguments: [String], _ mix: Generator.Mix) async throws {
        var generator = try await Generator(folder: arguments[1], hive: arguments[2], stories: arguments[3])
        let word = try await generator.write(Int(arguments[4]) ?? 0, mix)
        print(#"{"last_word": "\#(word)"}"#)
    }
}
