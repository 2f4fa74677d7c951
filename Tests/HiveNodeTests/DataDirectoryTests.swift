import Foundation
import HivePorts
import Testing

@testable import HiveNode

@Suite struct DataDirectoryTests {
    private let temporary = TemporaryDirectory()

    private var directory: DataDirectory { DataDirectory(root: temporary.path) }

    @Test("The flag wins over OPENHIVE_HOME, that over the home directory")
    func order() {
        let environment = ["OPENHIVE_HOME": "/srv/hive", "HOME": "/home/someone"]
        #expect(DataDirectory.locate(flag: "/a/b", environment: environment).root == "/a/b")
        #expect(DataDirectory.locate(flag: nil, environment: environment).root == "/srv/hive")
        #expect(
            DataDirectory.locate(flag: nil, environment: ["HOME": "/home/someone"]).root == "/home/someone/.openhive"
        )
    }

    @Test("A second holder is refused, and let in once the first has gone")
    func lock() throws {
        let first = try DirectoryLock(directory)
        let error = #expect(throws: HiveError.self) { try DirectoryLock(directory) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("process \(getpid())") == true)
        first.release()
        _ = try DirectoryLock(directory)
    }

    @Test("A running server is found only while it holds the lock")
    func runFile() throws {
        let server = RunningServer(
            address: "http://127.0.0.1:3000",
            pid: getpid(),
            adminToken: "secret",
            instanceID: "inst_x",
            startedAtMs: 5
        )
        #expect(RunningServer.find(in: directory) == nil)
        let lock = try DirectoryLock(directory)
        try server.write(to: directory)
        #expect(RunningServer.find(in: directory) == server)
        let mode = try FileManager.default.attributesOfItem(atPath: directory.runFile)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        lock.release()
        #expect(RunningServer.find(in: directory) == nil)
    }

    @Test("A file left by another process is not taken for the holder's")
    func staleRunFile() throws {
        let stale = RunningServer(
            address: "http://127.0.0.1:3000",
            pid: 1,
            adminToken: "secret",
            instanceID: "inst_x",
            startedAtMs: 5
        )
        let lock = try DirectoryLock(directory)
        try stale.write(to: directory)
        #expect(RunningServer.find(in: directory) == nil)
        lock.release()
    }
}
