import AsyncHTTPClient
import Foundation
import HiveModel
import NIOCore
import NIOHTTP1
import Testing

/// A real `openhive serve` with a data directory and a port of its own, which can be killed and started again.
actor OpenHiveProcess {
    /// What a call was answered with.
    struct Reply: Sendable {
        var status: Int
        var json: JSONValue
    }

    struct Failure: Error {
        var message: String
    }

    nonisolated let folder: URL
    nonisolated let name: String
    private var process: Process?
    private var address = ""
    private var adminToken = ""
    /// 0 = any free one at the first start, kept afterwards, because peers know it.
    private var port = 0

    /// Runs `openhive init` in a new folder below `parent`.
    init(_ name: String, in parent: URL) throws {
        self.name = name
        self.folder = parent.appending(path: name)
        let run = try Self.command(["init", "--data-dir", folder.path, "--name", name, "--yes"])
        guard run.status == 0 else { throw Failure(message: "init: \(run.errors)") }
    }

    /// The built command, beside the test bundle.
    static var executable: URL {
        let here = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        return here.appending(path: "openhive")
    }

    /// Runs a command to its end.
    static func command(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, complaints)
    }

    /// Starts the server and waits until it answers.
    func start(_ extra: [String] = []) async throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments =
            ["serve", "--data-dir", folder.path, "--port", String(port), "--sync", "--log-level", "warning"] + extra
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["OPENHIVE_RATE_LIMIT_ENABLED": "false"]
        ) { $1 }
        let log = folder.appending(path: "serve.log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process = process
        try await waitUntil("\(name) answers", seconds: 60) {
            guard process.isRunning else {
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                throw Failure(message: "\(self.name) stopped at its start: \(text.suffix(2_000))")
            }
            return await self.isReady(pid: process.processIdentifier)
        }
    }

    private func isReady(pid: Int32) async -> Bool {
        guard let data = try? Data(contentsOf: folder.appending(path: "run.json")),
            let run = try? JSONValue(parsing: Array(data)), run["pid"]?.int == Int64(pid),
            let address = run["address"]?.string, let token = run["admin_token"]?.string
        else { return false }
        self.address = address.hasPrefix("http") ? address : "http://\(address)"
        adminToken = token
        port = URL(string: self.address)?.port ?? 0
        return (try? await call("GET", "/health"))?.status == 200
    }

    /// Ends the process at once, as a power cut would.
    func kill() {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop and waits until it has.
    func stop() {
        guard let process, process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Calls the API: as the agent with `key`, or with the local admin token.
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil, key: String? = nil) async throws -> Reply {
        var request = HTTPClientRequest(url: address + path)
        request.method = .init(rawValue: method)
        if let key {
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
        } else {
            request.headers.add(name: "X-Admin-Key", value: adminToken)
        }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.canonicalBytes()))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        let json = (try? JSONValue(parsing: Array(bytes.readableBytesView))) ?? .null
        return Reply(status: Int(response.status.code), json: json)
    }

    /// The group of a hive as `/sync/groups` shows it.
    func group(ofHive hive: String) async throws -> JSONValue? {
        try await call("GET", "/api/v1/sync/groups").json["data"]?.array?.first { $0["hive_name"]?.string == hive }
    }
}

/// Waits for a condition; records an issue and throws where it does not come about.
func waitUntil(
    _ what: String,
    seconds: Int64 = 30,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw OpenHiveProcess.Failure(message: "not within \(seconds) s: \(what)")
}

extension JSONValue {
    /// An object of these members, for requests.
    static func fields(_ members: [String: JSONValue]) -> JSONValue {
        .object(unsorted: members.map { JSONMember($0.key, $0.value) })
    }
}
