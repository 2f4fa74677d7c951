import HiveModel
import HiveNode
import Synchronization

/// The story the demo tells, step by step.
///
/// All servers are stopped by `close`, wherever the story ended.
final class DemoRun: Sendable {
    let log: DemoLog
    let alpha: ServerProcess
    let beta: ServerProcess
    let gamma: ServerProcess
    private let folder: DemoFolder
    private let played = Mutex(false)

    static let hive = "engineering"
    static let settleTimeout = Duration.seconds(180)
    static let pollInterval = Duration.milliseconds(50)

    init(folder: DemoFolder, log: DemoLog) {
        self.folder = folder
        self.log = log
        func server(_ name: String) -> ServerProcess {
            ServerProcess(name: name, directory: folder.instance(name), logFile: folder.log(name))
        }
        (alpha, beta, gamma) = (server("alpha"), server("beta"), server("gamma"))
    }

    private var servers: [ServerProcess] { [alpha, beta, gamma] }

    var logFiles: [String] { servers.map(\.logFile) }

    /// Whether the comparison was reached.
    var hasPlayed: Bool { played.withLock { $0 } }

    func close() async {
        if servers.contains(where: \.isStarted) { log.say("Stopping all instances.") }
        for server in servers.reversed() { await server.close() }
    }

    /// Until the task is cancelled.
    func stayUp() async throws {
        log.plain(["", "All stay up until Ctrl-C."])
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
    }

    /// Plays the whole story and returns what all of them hold at its end.
    func play() async throws -> DemoComparison {
        log.heading("Two instances")
        try folder.replace(names: servers.map(\.name))
        do {
            return try await story()
        } catch let error as CommandError {
            throw CommandError(
                error.code,
                error.message + " (Logs: \(logFiles.joined(separator: ", ")))",
                title: error.title
            )
        }
    }

    private func story() async throws -> DemoComparison {
        var (a, b) = try await begin()

        log.heading("A hive with \(Self.hive) news on alpha, shared with beta")
        try await fill(a)
        let group = try await share(from: a, to: b)
        try await settle([("alpha", a), ("beta", b)], group, "beta has everything")

        log.heading("Both write at once")
        var writers = [try await writer("ada", on: a), try await writer("grace", on: b)]
        log.say("ada writes on alpha, grace on beta.")
        try await writeOnAll(writers, 120)
        try await settle([("alpha", a), ("beta", b)], group, "both hold the same")

        log.heading("beta goes away for a while, both go on writing")
        b = try await leaveAndReturn(writers, a)
        try await settle([("alpha", a), ("beta", b)], group, "beta has caught up")

        log.heading("beta is killed while it writes")
        b = try await killAndReturn(writers, group, a)
        try await settle([("alpha", a), ("beta", b)], group, "nothing acknowledged was lost, both hold the same")

        log.heading("A third instance joins through beta, and meets alpha by what beta tells")
        let c = try await joinThird(through: b, group)
        try await watchMesh([("alpha", a), ("beta", b), ("gamma", c)], group)
        writers.append(try await writer("linus", on: c))
        try await writeWithoutMiddle(writers, [("alpha", a), ("gamma", c)], group)
        b = try await beta.start()
        await writers[1].reconnect(to: b)
        try await writeOnAll(writers, 60)
        let all = [("alpha", a), ("beta", b), ("gamma", c)]
        let comparison = try await settle(all, group, "all three hold the same")
        show(comparison, all)
        played.withLock { $0 = true }
        return comparison
    }

    // MARK: Steps

    private func begin() async throws -> (NodeClient, NodeClient) {
        for server in [alpha, beta] { try await initialize(server) }
        async let first = alpha.start()
        async let second = beta.start()
        let (a, b) = try await (first, second)
        log.say("alpha listens on \(a.address), beta on \(b.address).")
        return (a, b)
    }

    func initialize(_ server: ServerProcess) async throws {
        try await ServerProcess.run(
            ["init", "--data-dir", server.directory.root, "--name", server.name, "--yes"],
            logFile: server.logFile
        )
    }

    private func fill(_ a: NodeClient) async throws {
        _ = try await a.post(
            "/api/v1/hives",
            .record(["name": .string(Self.hive), "description": .string("News for people who build things.")])
        )
        log.say("Made hive \(Self.hive) on alpha; importing the stories that ship with this program, with votes.")
        let outcome = try await Importer(target: .server(a), hive: Self.hive)
            .run(SampleStories.load(), withVotes: true)
        for line in outcome.lines { log.say(line) }
    }

    private func share(from a: NodeClient, to b: NodeClient) async throws -> String {
        let group = try await a.post("/api/v1/sync/groups", .record(["hive_name": .string(Self.hive)]))
        guard let id = group.text("id") else { throw CommandError(.failed, "alpha's reply names no group.") }
        let invite = try await a.post("/api/v1/sync/invites", .record(["hive_name": .string(Self.hive)]))
        guard let text = invite.text("invite") else { throw CommandError(.failed, "alpha's reply holds no invite.") }
        log.say("alpha shares it as group \(id) and makes an invite: \(text.prefix(24))…")
        let start = ContinuousClock.now
        let joined = try await b.post(
            "/api/v1/sync/groups/join",
            .record(["invite": .string(text)]),
            timeout: .seconds(90)
        )
        log.say("beta joined by the invite; \(joined.text("status") ?? "?").")
        let total = SyncTables.events(try await a.get("/api/v1/sync/groups/\(NodeClient.part(id))"))
        try await watchBackfill("beta", b, id, total: total)
        let ms = max(1, Int64((ContinuousClock.now - start) / .milliseconds(1)))
        log.say(
            "beta received and checked \(Readable.count(total)) events in \(Readable.duration(ms: ms)), "
                + "\(Readable.count(total * 1_000 / ms)) a second."
        )
        return id
    }

    func watchBackfill(_ name: String, _ client: NodeClient, _ group: String, total: Int64) async throws {
        var bar = ProgressBar("Receiving", total: total, unit: "events")
        let end = ContinuousClock.now + Self.settleTimeout
        while ContinuousClock.now < end {
            let state = try await client.get("/api/v1/sync/groups/\(NodeClient.part(group))")
            let held = SyncTables.events(state)
            bar.update(to: held)
            // Active = everything is here and its own log is open, so that it can write.
            if held >= total, state.text("status") == "active" { return bar.finish() }
            try await Task.sleep(for: Self.pollInterval)
        }
        bar.finish()
        throw CommandError(.failed, "\(name) did not receive everything in \(Self.settleTimeout).")
    }

    private func writer(_ name: String, on server: NodeClient) async throws -> DemoWriter {
        let reply = try await server.post("/api/v1/agents/register", .record(["name": .string(name)]))
        var client = server
        client.apiKey = reply.text("api_key")
        let seed = name.utf8.reduce(0) { $0 * 31 + UInt64($1) }
        return DemoWriter(name: name, hive: Self.hive, client: client, seed: seed)
    }

    func writeOnAll(_ writers: [DemoWriter], _ count: Int) async throws {
        let tally = try await withThrowingTaskGroup(of: DemoWriter.Tally.self) { group in
            for writer in writers { group.addTask { try await writer.write(count) } }
            return try await group.reduce(into: DemoWriter.Tally()) { $0 += $1 }
        }
        log.say("\(writers.count == 2 ? "Both" : "All") at once: \(tally.text).")
    }

    /// beta stops; ada goes on alone; beta starts again and both write while it catches up.
    private func leaveAndReturn(_ writers: [DemoWriter], _ a: NodeClient) async throws -> NodeClient {
        await beta.stop()
        let alone = try await writers[0].write(150)
        log.say("beta is stopped (SIGTERM). Meanwhile on alpha: \(alone.text).")
        let b = try await beta.start()
        await writers[1].reconnect(to: b)
        log.say("beta is back; both write while it catches up.")
        try await writeOnAll(writers, 60)
        return b
    }

    /// grace writes until her server is killed; what she was told is written must be there afterwards.
    private func killAndReturn(_ writers: [DemoWriter], _ group: String, _ a: NodeClient) async throws -> NodeClient {
        async let interrupted = writers[1].writeUntilGone()
        let meanwhile = try await writers[0].write(60)
        await beta.kill()
        let tally = await interrupted
        log.say(
            "beta is killed (SIGKILL) after \(tally.total) acknowledged writes of grace; ada wrote \(meanwhile.total)."
        )
        let b = try await beta.start()
        await writers[1].reconnect(to: b)
        if let last = await writers[1].lastPost {
            let post = try await b.get("/api/v1/posts/\(NodeClient.part(last))")
            log.say("beta is back; grace's last acknowledged post is there: \"\(post.text("title") ?? "?")\".")
        }
        return b
    }

    /// Waits until all report equal heads, then compares everything.
    @discardableResult
    func settle(_ sides: [(String, NodeClient)], _ group: String, _ text: String) async throws -> DemoComparison {
        let start = ContinuousClock.now
        var last: DemoComparison?
        while ContinuousClock.now - start < Self.settleTimeout {
            var views: [DemoComparison.Side] = []
            for (name, client) in sides {
                views.append(try await DemoComparison.side(name, client: client, group: group, hive: Self.hive))
            }
            let comparison = DemoComparison(sides: views)
            last = comparison
            if comparison.isEqual {
                let ms = Int64((ContinuousClock.now - start) / .milliseconds(1))
                log.say("\(text): equal heads and state roots after \(Readable.duration(ms: ms)).")
                return comparison
            }
            try await Task.sleep(for: Self.pollInterval)
        }
        guard let last else { throw CommandError(.failed, "The instances could not be compared.") }
        log.plain(last.lines)
        let names = sides.map(\.0).joined(separator: " and ")
        throw CommandError(.failed, "\(names) still differ after \(Self.settleTimeout).")
    }

    private func show(_ comparison: DemoComparison, _ sides: [(String, NodeClient)]) {
        log.heading("Heads and state roots")
        log.plain(comparison.lines)
        if let first = comparison.sides.first {
            log.heading("The feed's first page, the same on all: newest, then best")
            log.plain(comparison.feedLines(of: first, now: WallClock.nowMs))
        }
        log.heading("To look at")
        for (name, client) in sides {
            log.plain(["  \(name)  \(client.address)/api/v1/hives/\(Self.hive)/feed"])
        }
        log.plain(["  openhive sync status --data-dir \(alpha.directory.root)"])
    }
}
