import Foundation
import HiveNode
import Synchronization

/// One `openhive serve` of this same program as a child, with its own data directory and log file.
///
/// The child stops by itself when this process ends, however it ends: it watches its standard input.
final class ServerProcess: Sendable {
    let name: String
    let directory: DataDirectory
    let logFile: String

    private struct State {
        var process: Process?
        /// Held open: its end tells the child to stop.
        var input: Pipe?
        var port = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    private static let startTimeout = Duration.seconds(30)
    private static let stopTimeout = Duration.seconds(20)
    private static let pollInterval = Duration.milliseconds(25)

    init(name: String, directory: DataDirectory, logFile: String) {
        self.name = name
        self.directory = directory
        self.logFile = logFile
    }

    /// Runs another command of this program to its end; throws with the end of its output where it fails.
    static func run(_ arguments: [String], logFile: String) async throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        let log = try handle(logFile)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        try process.run()
        while process.isRunning { try await Task.sleep(for: pollInterval) }
        try? log.close()
        guard process.terminationStatus == 0 else {
            throw CommandError(.failed, "`openhive \(arguments.joined(separator: " "))` failed: see \(logFile).")
        }
    }

    /// Starts the server, on the port it had before where it ran already, and waits until it answers.
    func start() async throws -> NodeClient {
        let log = try Self.handle(logFile)
        defer { try? log.close() }
        let process = Process()
        let input = Pipe()
        process.executableURL = Self.executable
        process.arguments = [
            "serve", "--data-dir", directory.root, "--host", "127.0.0.1", "--port", String(port), "--sync",
            "--stop-with-input",
        ]
        process.environment = Self.environment
        process.standardInput = input
        process.standardOutput = log
        process.standardError = log
        let isClosed = try state.withLock { state in
            guard !state.isClosed else { return true }
            try process.run()
            state.process = process
            state.input = input
            return false
        }
        if isClosed { throw CancellationError() }
        return try await waitUntilReady(process)
    }

    private var port: Int { state.withLock { $0.port } }

    private func waitUntilReady(_ process: Process) async throws -> NodeClient {
        let end = ContinuousClock.now + Self.startTimeout
        while ContinuousClock.now < end {
            guard process.isRunning else {
                throw CommandError(.failed, "Server \(name) stopped while starting: see \(logFile).")
            }
            if let server = RunningServer.find(in: directory), server.pid == process.processIdentifier {
                let client = try NodeClient(
                    address: server.address,
                    adminKey: server.adminToken,
                    isOnThisMachine: true
                )
                if (try? await client.get("/health", timeout: .seconds(2))) != nil {
                    let port = URL(string: server.address)?.port ?? 0
                    state.withLock { $0.port = port }
                    return client
                }
            }
            try await Task.sleep(for: Self.pollInterval)
        }
        throw CommandError(.failed, "Server \(name) is not ready after \(Self.startTimeout): see \(logFile).")
    }

    /// Asks the server to stop and waits; one that does not is killed.
    func stop() async {
        guard let process = state.withLock({ $0.process }) else { return }
        process.terminate()
        await waitForExit(process, within: Self.stopTimeout)
        if process.isRunning { await kill() }
        state.withLock { state in
            state.process = nil
            state.input = nil
        }
    }

    /// SIGKILL: no chance to write anything more.
    func kill() async {
        guard let process = state.withLock({ $0.process }) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        await waitForExit(process, within: Self.stopTimeout)
        state.withLock { state in
            state.process = nil
            state.input = nil
        }
    }

    /// Stops for good: a start that is under way or comes later fails.
    func close() async {
        state.withLock { $0.isClosed = true }
        await stop()
    }

    /// Waits even in a cancelled task: a child must not outlive the demo.
    private func waitForExit(_ process: Process, within timeout: Duration) async {
        let end = ContinuousClock.now + timeout
        await Task.detached {
            while process.isRunning, ContinuousClock.now < end { try? await Task.sleep(for: Self.pollInterval) }
        }.value
    }

    /// Without what the caller has set for an instance of theirs: it must not reach these two.
    private static var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("OPENHIVE_") }
        environment["OPENHIVE_RATE_LIMIT_ENABLED"] = "false"
        // Nobody wants to wait half a minute to see that servers have found each other.
        environment["OPENHIVE_SYNC_HEARTBEAT_INTERVAL"] = "1000"
        environment["OPENHIVE_SYNC_GOSSIP_EXCHANGE_INTERVAL"] = "1000"
        return environment
    }

    /// Whether a server was started and not stopped since.
    var isStarted: Bool { state.withLock { $0.process != nil } }

    private static var executable: URL {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: path ?? CommandLine.arguments[0])
    }

    private static func handle(_ path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }
}
