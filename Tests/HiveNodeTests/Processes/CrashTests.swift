import Foundation
import HiveModel
import HiveTestKit
import Testing

/// Two real instances under load, killed at random moments.
@Suite("Crashes", .serialized, .opensFiles)
struct CrashTests {
    @Test("Fifty kills under load lose nothing that was acknowledged, and both converge", .timeLimit(.minutes(8)))
    func killsLoseNothing() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "openhive-crash-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let a = try OpenHiveProcess("a", in: folder)
        let b = try OpenHiveProcess("b", in: folder)
        do {
            try await run(a, b)
        } catch {
            await a.kill()
            await b.kill()
            Issue.record("\(error); the instances' folders are kept in \(folder.path)")
            return
        }
        await a.stop()
        await b.stop()
        for instance in [a, b] {
            let verify = try OpenHiveProcess.command(["verify", "--data-dir", instance.folder.path, "--json"])
            #expect(verify.status == 0, "\(verify.output) \(verify.errors)")
        }
        try FileManager.default.removeItem(at: folder)
    }

    private func run(_ a: OpenHiveProcess, _ b: OpenHiveProcess) async throws {
        try await a.start()
        try await b.start()
        let keys = [try await register("ada", at: a), try await register("bob", at: b)]
        let hive = try await a.call("POST", "/api/v1/hives", .fields(["name": .string("crash")]), key: keys[0])
        #expect(hive.status == 201)
        try await joinHive("crash", from: a, at: b)

        let record = Acknowledged()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (instance, key) in zip([a, b], keys) {
                for writer in 0..<3 {
                    group.addTask { await write(to: instance, key: key, writer: writer, record: record) }
                }
            }
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<50 {
                let target = await record.count + Int.random(in: 1...12, using: &generator)
                try await waitUntil("\(target) acknowledged writes", seconds: 60) { await record.count >= target }
                let victim = Bool.random(using: &generator) ? a : b
                await victim.kill()
                try await victim.start()
            }
            await record.finish()
            try await group.waitForAll()
        }
        try await expectConvergence(a, b, of: await record.posts)
    }

    private func register(_ name: String, at instance: OpenHiveProcess) async throws -> String {
        let reply = try await instance.call("POST", "/api/v1/agents/register", .fields(["name": .string(name)]))
        return try #require(reply.json["api_key"]?.string, "\(reply)")
    }

    /// Writes until told to stop; a call that fails was not acknowledged and counts for nothing.
    private func write(to instance: OpenHiveProcess, key: String, writer: Int, record: Acknowledged) async {
        var number = 0
        while await !record.isFinished {
            number += 1
            let title = "\(instance.name) \(writer) \(number)"
            let post = JSONValue.fields([
                "hive": .string("crash"), "title": .string(title), "content": .string("text of \(title)"),
            ])
            guard let reply = try? await instance.call("POST", "/api/v1/posts", post, key: key), reply.status == 201,
                let id = reply.json["id"]?.string
            else {
                try? await Task.sleep(for: .milliseconds(10))
                continue
            }
            await record.add(post: id)
            if number % 3 == 0, let other = await record.anyPost(number) {
                let comment = JSONValue.fields(["content": .string("on \(other)")])
                _ = try? await instance.call("POST", "/api/v1/posts/\(other)/comments", comment, key: key)
            }
        }
    }

    private func expectConvergence(_ a: OpenHiveProcess, _ b: OpenHiveProcess, of posts: [String]) async throws {
        #expect(posts.count >= 50)
        try await waitUntil("equal heads", seconds: 90) {
            let (left, right) = (try await a.group(ofHive: "crash"), try await b.group(ofHive: "crash"))
            return left?["heads_digest"]?.string != nil && left?["heads_digest"] == right?["heads_digest"]
        }
        let (left, right) = (try await a.group(ofHive: "crash"), try await b.group(ofHive: "crash"))
        #expect(left?["state_root"]?.string != nil)
        #expect(left?["state_root"] == right?["state_root"])
        for instance in [a, b] {
            for id in posts {
                let reply = try await instance.call("GET", "/api/v1/posts/\(id)")
                #expect(reply.status == 200, "\(instance.name) lost the acknowledged post \(id)")
            }
        }
    }
}

/// Shares a hive of `a` and joins it at `b`; returns when `b` has it.
func joinHive(_ hive: String, from a: OpenHiveProcess, at b: OpenHiveProcess) async throws {
    let shared = try await a.call("POST", "/api/v1/sync/groups", .fields(["hive_name": .string(hive)]))
    #expect(shared.status == 201, "\(shared.json)")
    let created = try await a.call("POST", "/api/v1/sync/invites", .fields(["hive_name": .string(hive)]))
    let invite = try #require(created.json["invite"]?.string, "\(created)")
    let joined = try await b.call("POST", "/api/v1/sync/groups/join", .fields(["invite": .string(invite)]))
    #expect(joined.status == 202, "\(joined.json)")
    try await waitUntil("the backfill of \(hive)") {
        try await b.group(ofHive: hive)?["status"]?.string == "active"
    }
}

/// What was acknowledged to the clients so far.
actor Acknowledged {
    private(set) var posts: [String] = []
    private(set) var isFinished = false

    var count: Int { posts.count }

    func add(post: String) { posts.append(post) }

    func anyPost(_ number: Int) -> String? { posts.isEmpty ? nil : posts[number % posts.count] }

    func finish() { isFinished = true }
}
