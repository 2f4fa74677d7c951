import ArgumentParser
import HiveModel
import HiveNode
import HivePorts
import Synchronization

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fold every log again from nothing and compare with what is stored."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A hive or group id; all where left out.")
    var hive: String?

    func run() async throws {
        let results: [JSONValue]
        switch try await global.access() {
        case .server(let client): results = try await verify(client)
        case .offline(let node):
            results = try await node.use { node in
                let groups = try await Self.hiveGroups(node).filter(isMeant)
                try check(found: groups.count)
                var results: [JSONValue] = []
                for group in groups {
                    for result in try await verify(group, on: node) {
                        results.append(Self.value(result, hive: group.hive))
                    }
                }
                return results
            }
        }
        try show(results)
    }

    private func verify(_ group: HiveGroup, on node: OfflineNode) async throws -> [VerifyResult] {
        let bar = Mutex<ProgressBar?>(nil)
        let isSilent = global.json
        defer { bar.withLock { $0?.finish() } }
        return try await node.verify(group: group.group) { done, total in
            bar.withLock { bar in
                var shown =
                    bar ?? ProgressBar("Checking \(group.hive)", total: total, unit: "events", isSilent: isSilent)
                shown.update(to: done)
                bar = shown
            }
        }
    }

    private func verify(_ client: NodeClient) async throws -> [JSONValue] {
        let groups = try await client.hiveGroups().filter(isMeant)
        try check(found: groups.count)
        var results: [JSONValue] = []
        for group in groups {
            let path = "/api/v1/sync/groups/\(NodeClient.part(group.group))/verify"
            let reply = try await client.post(path, timeout: .seconds(3_600))
            let members = (reply.members ?? []) + [JSONMember("hive_name", .string(group.hive))]
            results.append(.object(unsorted: members))
        }
        return results
    }

    private func isMeant(_ group: HiveGroup) -> Bool { hive.map { $0 == group.hive || $0 == group.group } ?? true }

    static func hiveGroups(_ node: OfflineNode) async throws -> [HiveGroup] {
        let pageSize = 100
        var groups: [HiveGroup] = []
        while true {
            let page = try await node.reads.hives(viewer: .admin(nil), limit: pageSize, offset: groups.count)
            groups += page.rows.map { HiveGroup(hive: $0.name, group: $0.groupID) }
            guard page.rows.count == pageSize else { return groups }
        }
    }

    private func check(found: Int) throws {
        guard found == 0, let hive else { return }
        throw CommandError(.failed, "There is no hive or group \(hive) here.", title: "Not Found")
    }

    private static func value(_ result: VerifyResult, hive: String) -> JSONValue {
        .record([
            "group_id": .string(result.group.rawValue), "hive_name": .string(hive), "events": .int(result.events),
            "entities": .int(result.entities), "stored_root": .string(result.storedRoot.hex),
            "folded_root": .string(result.foldedRoot.hex), "equal": .bool(result.isEqual),
            "differences": .array(result.differences.map(JSONValue.string)),
        ])
    }

    private func show(_ results: [JSONValue]) throws {
        let unequal = results.filter { $0["equal"]?.bool != true }
        if global.json {
            Output.json(.record(["equal": .bool(unequal.isEmpty), "groups": .array(results)]))
        } else {
            var table = TableWriter([
                .init("HIVE"), .init("EVENTS", .right), .init("ROWS", .right), .init("RESULT"), .init("STATE ROOT"),
            ])
            for result in results {
                table.add(
                    result.text("hive_name"),
                    result.number("events").map(Readable.count),
                    result.number("entities").map(Readable.count),
                    result["equal"]?.bool == true ? "equal" : "DIFFERENT",
                    result.text("stored_root").map { String($0.prefix(16)) }
                )
            }
            table.print()
            for difference in unequal.flatMap({ $0["differences"]?.array ?? [] }) {
                Terminal.out("  " + Readable.oneLine(difference.string ?? ""))
            }
        }
        guard !unequal.isEmpty else { return }
        throw CommandError(
            .failed,
            "The stored state of \(Readable.count(unequal.count, "group", "groups")) is not what the log says: "
                + "keep a copy of the data directory and report it."
        )
    }
}
