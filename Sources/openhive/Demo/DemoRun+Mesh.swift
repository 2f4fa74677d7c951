import HiveModel

/// The part of the story in which a chain of three becomes a mesh.
extension DemoRun {
    /// gamma starts and joins by an invite of beta; it knows nobody else then.
    func joinThird(through b: NodeClient, _ group: String) async throws -> NodeClient {
        try await initialize(gamma)
        let c = try await gamma.start()
        let invite = try await b.post("/api/v1/sync/invites", .record(["hive_name": .string(Self.hive)]))
        guard let text = invite.text("invite") else { throw CommandError(.failed, "beta's reply holds no invite.") }
        let total = SyncTables.events(try await b.get("/api/v1/sync/groups/\(NodeClient.part(group))"))
        _ = try await c.post(
            "/api/v1/sync/groups/join",
            .record(["invite": .string(text)]),
            timeout: .seconds(90)
        )
        log.say("gamma listens on \(c.address) and joined by beta's invite; nobody has told it of alpha.")
        try await watchBackfill("gamma", c, group, total: total)
        return c
    }

    /// Shows the links whenever they change, until everybody exchanges with everybody.
    func watchMesh(_ sides: [(String, NodeClient)], _ group: String) async throws {
        let end = ContinuousClock.now + Self.settleTimeout
        var shown: [String] = []
        while ContinuousClock.now < end {
            var states: [JSONValue] = []
            for (_, client) in sides {
                states.append(try await client.get("/api/v1/sync/groups/\(NodeClient.part(group))"))
            }
            let links = states.map { Self.links($0) }
            let names = zip(sides, links).map { "\($0.0): \($1.joined(separator: " "))" }
            if names != shown {
                shown = names
                log.plain(Self.table(sides.map(\.0), states, links).lines.map { "          " + $0 })
            }
            if links.allSatisfy({ $0.count == sides.count - 1 }) {
                return log.say("Everybody exchanges with everybody: a chain has become a mesh.")
            }
            try await Task.sleep(for: Self.pollInterval)
        }
        throw CommandError(.failed, "The instances did not all find each other in \(Self.settleTimeout).")
    }

    /// The names of the peers that events are exchanged with.
    private static func links(_ group: JSONValue) -> [String] {
        let active = (group["peers"]?.array ?? []).filter { $0.text("status") == "active" }
        return Set(active.compactMap { $0.text("name") }).sorted()
    }

    private static func table(_ names: [String], _ states: [JSONValue], _ links: [[String]]) -> TableWriter {
        var table = TableWriter([
            .init("INSTANCE"), .init("EVENTS", .right), .init("BEHIND IT", .right), .init("STATE ROOT"),
            .init("EXCHANGES WITH"),
        ])
        for (index, name) in names.enumerated() {
            let lag = (states[index]["peers"]?.array ?? []).compactMap { $0.number("lag") }.max()
            table.add(
                name,
                Readable.count(SyncTables.events(states[index])),
                lag.map(Readable.count),
                states[index].text("state_root").map { String($0.prefix(16)) },
                links[index].joined(separator: ", ")
            )
        }
        return table
    }

    /// beta, by which the two others met, stops: they go on without it.
    func writeWithoutMiddle(
        _ writers: [DemoWriter],
        _ ends: [(String, NodeClient)],
        _ group: String
    ) async throws {
        await beta.stop()
        log.say("beta is stopped; ada writes on alpha, linus on gamma.")
        try await writeOnAll([writers[0], writers[2]], 60)
        try await settle(ends, group, "alpha and gamma hold the same without beta")
    }
}
