import Foundation
import HiveNode
import HivePorts

/// How a command reaches the data: over REST from a server that runs, or from the data directory itself.
enum NodeAccess {
    case server(NodeClient)
    case offline(OfflineNode)
}

extension GlobalOptions {
    /// The server that runs on the data directory, or the one `--url` names; nil where none runs here.
    func runningServer() throws -> NodeClient? {
        if let url { return try NodeClient(address: url, adminKey: adminKey ?? environmentKey) }
        guard let server = RunningServer.find(in: directory) else { return nil }
        return try NodeClient(
            address: server.address,
            adminKey: adminKey ?? server.adminToken,
            isOnThisMachine: true
        )
    }

    /// For commands that need a server: exits 3 and says how to start one where none runs.
    func server() throws -> NodeClient {
        if let client = try runningServer() { return client }
        guard directory.isInitialized else { throw notInitialized() }
        throw CommandError(
            .unreachable,
            "No server runs on \(directory.root): start one with \(suggested("serve")), or name another with --url."
        )
    }

    /// For commands that can do without a server: takes the data directory's lock where none runs.
    func access(_ values: [String: String] = [:]) async throws -> NodeAccess {
        if let client = try runningServer() { return .server(client) }
        guard directory.isInitialized else { throw notInitialized() }
        let node = try await OfflineNode.open(configuration: configuration(values)) { Terminal.note($0) }
        return .offline(node)
    }

    /// The command to type, with the data directory where it is not the usual one.
    func suggested(_ command: String) -> String {
        let place = dataDirectory.map { " --data-dir \($0)" } ?? ""
        return "`openhive \(command)\(place)`"
    }

    func notInitialized() -> CommandError {
        CommandError(
            .unreachable,
            "Nothing is set up in \(directory.root): begin with \(suggested("init")), or name another place with "
                + "--data-dir."
        )
    }

    private var environmentKey: String? {
        ProcessInfo.processInfo.environment["OPENHIVE_ADMIN_KEY"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension OfflineNode {
    /// Runs `body` and lets go of the directory, whatever happens.
    func use<Result>(_ body: (OfflineNode) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }
}
