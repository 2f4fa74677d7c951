import Foundation
import HiveModel
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("The check of the database file", .opensFiles)
struct DoctorTests {
    private let folder = TemporaryDirectory()

    private func finding(_ name: String) throws -> (code: Int32, result: String?, says: String) {
        let outcome = try CommandExitTests.run(["doctor", "--json", "--data-dir", folder.path])
        // A check that fails is an error as well, which follows on a line of its own.
        let line = try #require(outcome.output.split(separator: "\n").first)
        let reply = try JSONValue(parsing: Array(line.utf8))
        let found = reply["checks"]?.array?.first { $0["check"]?.string == name }
        return (outcome.code, found?["result"]?.string, found?["message"]?.string ?? "")
    }

    @Test("A whole file passes, with the time it took, beside a running server too")
    func whole() async throws {
        let parts = try await TestNode.offline(folder)
        await parts.close()
        let alone = try finding("database file")
        #expect(alone.result == "ok")
        #expect(alone.says.contains("checked in"))
        #expect(alone.says.contains(" ms"))
        let node = try await TestNode.start(folder, name: "Alone")
        #expect(try finding("database file").result == "ok")
        await node.stop()
    }

    @Test("A damaged file fails and names the damage")
    func damaged() async throws {
        let parts = try await TestNode.offline(folder)
        let path = parts.configuration.databasePath
        await parts.close()
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 4_096 * 2)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4_096 * 12))
        try file.close()
        let found = try finding("database file")
        #expect(found.code == 1)
        #expect(found.result == "fail")
        #expect(found.says.contains("Damaged"))
    }
}
