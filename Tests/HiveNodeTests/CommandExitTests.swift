import Foundation
import HiveModel
import Testing

@testable import openhive

/// Runs the real command, as a script would.
@Suite("Exit codes and error lines of the command")
struct CommandExitTests {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    /// The command that was built beside these tests.
    private static var executable: URL {
        Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "openhive")
            ?? URL(fileURLWithPath: ".build/debug/openhive")
    }

    static func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorText = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errorText, as: UTF8.self)
        )
    }

    @Test("Usage errors exit 2 with one sentence that points to the help")
    func usage() throws {
        let outcome = try Self.run(["sync", "join"])
        #expect(outcome.code == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("openhive sync join --help"))
    }

    @Test("Help and version exit 0 on standard output")
    func help() throws {
        #expect(try Self.run(["--version"]).output == OpenHive.version + "\n")
        let outcome = try Self.run(["serve", "--help"])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("--sync-endpoint"))
        #expect(!outcome.output.contains("--stop-with-input"))
        #expect(outcome.errors.isEmpty)
    }

    @Test(
        "Without an instance, commands exit 3 and say how to begin",
        arguments: [
            "feed", "sync status", "verify", "peers list", "db stats",
        ]
    )
    func notInitialized(line: String) throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "openhive-none-\(UUID().uuidString)").path
        let outcome = try Self.run(line.split(separator: " ").map(String.init) + ["--data-dir", place])
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("openhive init --data-dir \(place)"))
        #expect(!FileManager.default.fileExists(atPath: place))
    }

    @Test("With --json an error is an object on standard output as well")
    func jsonError() throws {
        let outcome = try Self.run(["--json", "feed", "--url", "http://127.0.0.1:1"])
        #expect(outcome.code == 3)
        let value = try JSONValue(parsing: Array(outcome.output.utf8.dropLast()))
        #expect(value["error"]?.string == "Unreachable")
        #expect(value["message"]?.string?.contains("nothing listens there") == true)
        #expect(outcome.errors.hasPrefix("openhive: "))
    }

    @Test("Without arguments it says how to begin")
    func alone() throws {
        let outcome = try Self.run(["--data-dir", "/nonexistent/hive"])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("openhive init --data-dir /nonexistent/hive"))
        #expect(outcome.output.contains("doctor"))
    }

    @Test("A file that is no import exits 1 and changes nothing")
    func badImport() throws {
        let outcome = try Self.run(["import", "hackernews", "/dev/null", "--hive", "general"])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("neither a JSON array"))
    }

    @Test("A random admin key has 32 letters and digits")
    func adminKey() throws {
        let key = try Self.run(["admin", "create-key"]).output
        #expect(key.wholeMatch(of: /[A-Za-z0-9]{32}\n/) != nil)
    }
}
