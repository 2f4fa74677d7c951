import Foundation

/// Prints one JSON object with the measured figures; called by `scripts/bench.py`.
@main
struct HiveBench {
    static func main() async throws {
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
        default:
            FileHandle.standardError.write(
                Data("usage: hive-bench ed25519 | fsync FOLDER | raw-inserts SOURCE.db TARGET.db\n".utf8)
            )
            exit(2)
        }
    }
}
