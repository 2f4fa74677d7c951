import HiveModel
import HiveNode
import Synchronization

/// The story the demo tells, step by step.
///
/// Both servers are stopped by `close`, wherever the story ended.
final class DemoRun: Sendable {
    private let folder: DemoFolder
    private let log: DemoLog
    private let alpha: ServerProcess
    private let beta: ServerProcess
    private let played = Mutex(false)

    private static let hive = "engineering"
    private static let names = ["alpha", "beta"]
    private static let settleTimeout = Duration.seconds(180)
    private static let pollInterval = Duration.milliseconds(50)

    init(folder: DemoFolder, log: DemoLog) {
        self.folder = folder
        self.log = log
        alpha = ServerProcess(
            name: "alpha",
            directory: folder.instance("alpha"),
            logFile: folder.log("alpha")
        )
        beta = ServerProcess(name: "beta", directory: folder.instance("beta"), logFile: folder.log("beta"))
    }

    var logFiles: [String] { [alpha.logFile, beta.logFile] }

    /// Whether the comparison was reached.
    var hasPlayed: Bool { played.withLock { $0 } }

    func close() async {
        if alpha.isStarted || beta.isStarted { log.say("Stopping both instances.") }
        await beta.close()
        await alpha.close()
    }

    /// Until the task is cancelled.
    func stayUp() async throws {
        log.plain(["", "Both stay up until Ctrl-C."])
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
    }

    /// Plays the whole story and returns what both sides hold at its end.
    func play() async throws -> DemoComparison {
        log.heading("Two instances")
        try folder.replace(names: Self.names)
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
        try await settle(a, b, group, "beta has everything")

        log.heading("Both write at once")
        let writers = try await writers(a, b)
        try await writeOnBoth(writers, 120)
        try await settle(a, b, group, "both hold the same")

        log.heading("beta goes away for a while, both go on writing")
        b = try await leaveAndReturn(writers, a)
        try await settle(a, b, group, "beta has caught up")

        log.heading("beta is killed while it writes")
        b = try await killAndReturn(writers, group, a)
        let comparison = try await settle(a, b, group, "nothing acknowledged was lost, both hold the same")
        show(comparison, a, b)
        played.withLock { $0 = true }
        return comparison
    }

    // MARK: Steps

    private func begin() async throws -> (NodeClient, NodeClient) {
        for server in [alpha, beta] {
            try await ServerProcess.run(
                ["init", "--data-dir", server.directory.root, "--name", server.name, "--yes"],
                logFile: server.logFile
            )
        }
        async let first = alpha.start()
        async let second = beta.start()
        let (a, b) = try await (first, second)
        log.say("alpha listens on \(a.address), beta on \(b.address).")
        return (a, b)
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
        try await watchBackfill(b, id, total: total)
        let ms = max(1, Int64((ContinuousClock.now - start) / .milliseconds(1)))
        log.say(
            "beta received and checked \(Readable.count(total)) events in \(Readable.duration(ms: ms)), "
                + "\(Readable.count(total * 1_000 / ms)) a second."
        )
        return id
    }

    private func watchBackfill(_ b: NodeClient, _ group: String, total: Int64) async throws {
        var bar = ProgressBar("Receiving", total: total, unit: "events")
        let end = ContinuousClock.now + Self.settleTimeout
        while ContinuousClock.now < end {
            let state = try await b.get("/api/v1/sync/groups/\(NodeClient.part(group))")
            let held = SyncTables.events(state)
            bar.update(to: held)
            // Active = everything is here and beta has opened its own log, so that it can write.
            if held >= total, state.text("status") == "active" { return bar.finish() }
            try await Task.sleep(for: Self.pollInterval)
        }
        bar.finish()
        throw CommandError(.failed, "beta did not receive everything in \(Self.settleTimeout).")
    }

    private func writers(_ a: NodeClient, _ b: NodeClient) async throws -> [DemoWriter] {
        var writers: [DemoWriter] = []
        for (index, (name, server)) in [("ada", a), ("grace", b)].enumerated() {
            let reply = try await server.post("/api/v1/agents/register", .record(["name": .string(name)]))
            var client = server
            client.apiKey = reply.text("api_key")
            writers.append(DemoWriter(name: name, hive: Self.hive, client: client, seed: UInt64(index) + 1))
        }
        log.say("ada writes on alpha, grace on beta.")
        return writers
    }

    private func writeOnBoth(_ writers: [DemoWriter], _ count: Int) async throws {
        let tally = try await withThrowingTaskGroup(of: DemoWriter.Tally.self) { group in
            for writer in writers { group.addTask { try await writer.write(count) } }
            return try await group.reduce(into: DemoWriter.Tally()) { $0 += $1 }
        }
        log.say("Both at once: \(tally.text).")
    }

    /// beta stops; ada goes on alone; beta starts again and both write while it catches up.
    private func leaveAndReturn(_ writers: [DemoWriter], _ a: NodeClient) async throws -> NodeClient {
        await beta.stop()
        let alone = try await writers[0].write(150)
        log.say("beta is stopped (SIGTERM). Meanwhile on alpha: \(alone.text).")
        let b = try await beta.start()
        await writers[1].reconnect(to: b)
        log.say("beta is back; both write while it catches up.")
        try await writeOnBoth(writers, 60)
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

    /// Waits until both sides report equal heads, then compares everything.
    @discardableResult
    private func settle(
        _ a: NodeClient,
        _ b: NodeClient,
        _ group: String,
        _ text: String
    ) async throws -> DemoComparison {
        let start = ContinuousClock.now
        var last: DemoComparison?
        while ContinuousClock.now - start < Self.settleTimeout {
            let comparison = DemoComparison(
                left: try await DemoComparison.side("alpha", client: a, group: group, hive: Self.hive),
                right: try await DemoComparison.side("beta", client: b, group: group, hive: Self.hive)
            )
            last = comparison
            if comparison.isEqual {
                let ms = Int64((ContinuousClock.now - start) / .milliseconds(1))
                log.say("\(text): equal heads and state roots after \(Readable.duration(ms: ms)).")
                return comparison
            }
            try await Task.sleep(for: Self.pollInterval)
        }
        guard let last else { throw CommandError(.failed, "The two instances could not be compared.") }
        log.plain(last.lines)
        throw CommandError(.failed, "alpha and beta still differ after \(Self.settleTimeout).")
    }

    private func show(_ comparison: DemoComparison, _ a: NodeClient, _ b: NodeClient) {
        log.heading("Heads and state roots")
        log.plain(comparison.lines)
        for side in [comparison.left, comparison.right] {
            log.heading("The feed's first page on \(side.name): newest, then best")
            log.plain(comparison.feedLines(of: side, now: WallClock.nowMs))
        }
        log.plain(["", "The pages are identical."])
        log.heading("To look at")
        for (name, client) in [("alpha", a), ("beta", b)] {
            log.plain(["  \(name)  \(client.address)/api/v1/hives/\(Self.hive)/feed"])
        }
        log.plain(["  openhive sync status --data-dir \(alpha.directory.root)"])
    }
}
