import Foundation
import HiveModel
import HiveNode
import HivePorts

/// What the database, the clock and the port say: over REST of a running server, else from the data directory.
struct NodeChecks {
    let global: GlobalOptions

    func run() async -> [Finding] {
        do {
            if let client = try global.runningServer() { return await running(client) }
            guard global.directory.isInitialized else { return [] }
            return await offline()
        } catch {
            return [Finding("server", .fail, Self.text(error))]
        }
    }

    // MARK: A server runs

    private func running(_ client: NodeClient) async -> [Finding] {
        var findings = [Finding("server", .ok, "running at \(client.address)")]
        do {
            _ = try await client.get("/health", timeout: .seconds(5))
            findings.append(Finding("port", .ok, "\(client.address) answers"))
        } catch {
            findings.append(Finding("port", .fail, Self.text(error)))
            return findings
        }
        do {
            var groups: [JSONValue] = []
            for hive in try await client.hiveGroups() {
                groups.append(try await client.get("/api/v1/sync/groups/\(NodeClient.part(hive.group))"))
            }
            findings.append(database(groups))
            findings.append(Self.clock(newestMs: try await newestEvent(client, groups), nowMs: WallClock.nowMs))
        } catch {
            findings.append(Finding("database", .fail, Self.text(error)))
        }
        if let status = try? await client.get("/api/v1/sync/status"), status["enabled"]?.bool == true {
            findings.append(await endpoint(status.text("sync_endpoint")))
        }
        return findings
    }

    private func database(_ groups: [JSONValue]) -> Finding {
        let poison = groups.reduce(0) { $0 + ($1.number("poison") ?? 0) }
        let forks = groups.reduce(0) { $0 + ($1.number("forks") ?? 0) }
        guard poison == 0, forks == 0 else {
            return Finding(
                "database",
                .warn,
                "\(poison) events could not be applied, \(forks) logs are forked: see `openhive sync status`."
            )
        }
        return Finding("database", .ok, "answers; `openhive verify` folds it again and compares")
    }

    private func newestEvent(_ client: NodeClient, _ groups: [JSONValue]) async throws -> Int64? {
        var newest: Int64?
        for group in groups {
            guard let id = group.text("id"), let seq = group.number("local_seq"), seq > 0 else { continue }
            let page = try await client.get(
                "/api/v1/sync/groups/\(NodeClient.part(id))/events",
                query: [("since", String(seq - 1)), ("limit", "1")]
            )
            for event in page["events"]?.array ?? [] {
                newest = max(newest ?? 0, event.number("origin_ts") ?? 0)
            }
        }
        return newest
    }

    /// The endpoint peers are told, asked from here.
    private func endpoint(_ endpoint: String?) async -> Finding {
        guard let endpoint else {
            return Finding(
                "sync endpoint",
                .warn,
                "None: this instance only dials out. Set sync.sync_endpoint to be reachable."
            )
        }
        do {
            let client = try NodeClient(address: endpoint, adminKey: nil)
            let nonce = AdminCommand.CreateKey.randomKey()
            _ = try await client.get("/identity", query: [("nonce", nonce)], timeout: .seconds(5))
            return Finding("sync endpoint", .ok, "\(endpoint) answers")
        } catch let error as CommandError where error.code == .failed {
            return Finding("sync endpoint", .ok, "\(endpoint) answers")
        } catch {
            return Finding("sync endpoint", .warn, "\(endpoint) does not answer from here: \(Self.text(error))")
        }
    }

    // MARK: No server runs

    private func offline() async -> [Finding] {
        var findings = [Finding("server", .ok, "not running")]
        guard let configuration = try? global.configuration() else { return findings }
        findings.append(PortCheck.run(host: configuration.host, port: configuration.port))
        do {
            let node = try await OfflineNode.open(configuration: configuration)
            findings += try await node.use { node in
                let stats = try await node.stats()
                var newest: Int64?
                for hive in try await Verify.hiveGroups(node) {
                    let group = try await node.sync.group(id: hive.group)
                    guard group.localSeq > 0 else { continue }
                    let page = try await node.sync.events(
                        group: group.id.rawValue,
                        since: group.localSeq - 1,
                        limit: 1,
                        type: nil,
                        origin: nil
                    )
                    for line in page.lines.split(separator: 0x0A) {
                        let event = try? JSONValue(parsing: Array(line))
                        newest = max(newest ?? 0, event?.number("origin_ts") ?? 0)
                    }
                }
                return [
                    Finding(
                        "database",
                        .ok,
                        "\(Readable.count(stats.counts.events, "event", "events")), "
                            + "\(Readable.bytes(stats.databaseBytes)), schema version \(stats.schemaVersion); "
                            + "`openhive verify` folds it again and compares"
                    ),
                    Self.clock(newestMs: newest, nowMs: WallClock.nowMs),
                ]
            }
        } catch {
            findings.append(Finding("database", .fail, Self.text(error)))
        }
        return findings
    }

    // MARK: Verdicts

    /// The clock of this machine against the newest event: events are never from the future by more than the drift.
    static func clock(newestMs: Int64?, nowMs: Int64) -> Finding {
        let released: Int64 = 1_767_225_600_000
        guard nowMs >= released else {
            return Finding("clock", .fail, "It says \(Readable.time(ms: nowMs)), which is long past: set it.")
        }
        guard let newestMs else { return Finding("clock", .ok, Readable.time(ms: nowMs) + " UTC, no events yet") }
        let ahead = newestMs - nowMs
        guard ahead <= 60_000 else {
            return Finding(
                "clock",
                .fail,
                "It is \(Readable.duration(ms: ahead)) behind the newest event: set it, or peers will hold what is "
                    + "written here."
            )
        }
        return Finding(
            "clock",
            .ok,
            "\(Readable.time(ms: nowMs)) UTC, newest event \(Readable.age(ms: newestMs, now: nowMs))"
        )
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case let error as CommandError: error.message
        case let error as HiveError: error.message
        default: "\(error)"
        }
    }
}

/// Whether the port the server would listen on is free.
enum PortCheck {
    static func run(host: String, port: Int) -> Finding {
        guard port > 0 else { return Finding("port", .ok, "any free one will be taken") }
        guard let isFree = isFree(host: host, port: port) else {
            return Finding("port", .ok, "\(host):\(port), not tried")
        }
        return isFree
            ? Finding("port", .ok, "\(host):\(port) is free")
            : Finding("port", .fail, "\(host):\(port) is taken by another program: set another port.")
    }

    /// Nil where the host is no IPv4 address.
    static func isFree(host: String, port: Int) -> Bool? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port).bigEndian)
        let text = host == "localhost" ? "127.0.0.1" : host
        guard inet_pton(AF_INET, text, &address.sin_addr) == 1 else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0
    }
}
