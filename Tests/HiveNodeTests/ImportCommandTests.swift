import Foundation
import HiveModel
import Testing

@testable import openhive

/// Imports into a real data directory with the real command, no server running.
@Suite("Importing with the command")
struct ImportCommandTests {
    private func run(_ arguments: [String]) throws -> (code: Int32, json: JSONValue) {
        let outcome = try CommandExitTests.run(arguments + ["--json"])
        return (outcome.code, (try? JSONValue(parsing: Array(outcome.output.utf8.dropLast()))) ?? .null)
    }

    @Test("A second import of the same file changes nothing and says so")
    func repeats() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "openhive-import-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let file = place.appending(path: "items.json").path
        let items = """
            [{"by":"ann","id":1,"score":3,"time":100,"title":"T","type":"story","text":"a <i>b</i>"},
            {"by":"b","id":2,"parent":1,"time":101,"text":"reply","type":"comment"},
            {"id":3,"deleted":true,"type":"story","time":1}]
            """
        try Data(items.utf8).write(to: URL(fileURLWithPath: file))
        let directory = ["--data-dir", place.path + "/hive"]
        #expect(try run(["init", "--name", "Test", "--yes"] + directory).code == 0)

        let first = try run(["import", "hackernews", file, "--hive", "general", "--votes"] + directory)
        #expect(first.code == 0)
        #expect(first.json.number("posts") == 1)
        #expect(first.json.number("comments") == 1)
        #expect(first.json.number("votes") == 3)
        #expect(first.json.number("agents") == 5)
        #expect(first.json.number("skipped", "deleted") == 1)
        #expect(first.json.number("changed", "authors_renamed") == 1)

        let stats = try run(["db", "stats"] + directory)
        let second = try run(["import", "hackernews", file, "--hive", "general", "--votes"] + directory)
        #expect(second.code == 0)
        #expect(second.json.number("posts") == 0)
        #expect(second.json.number("votes") == 0)
        #expect(second.json.number("existing") == 5)
        #expect(
            try run(["db", "stats"] + directory).json.number("events", "total") == stats.json.number("events", "total")
        )

        let unknown = try run(["import", "hackernews", file, "--hive", "nowhere"] + directory)
        #expect(unknown.code == 1)
        #expect(unknown.json.text("error") == "Not Found")
        #expect(try run(["feed"] + directory).code == 3)
        #expect(try run(["doctor"] + directory).json["ok"]?.bool == true)
    }
}
