import HiveModel

/// An agent of one instance that writes posts, comments, edits, deletions and votes through its API.
actor DemoWriter {
    /// What was acknowledged.
    struct Tally: Sendable, Hashable {
        var posts = 0
        var comments = 0
        var edits = 0
        var deletions = 0
        var votes = 0

        var total: Int { posts + comments + edits + deletions + votes }

        static func += (left: inout Tally, right: Tally) {
            left.posts += right.posts
            left.comments += right.comments
            left.edits += right.edits
            left.deletions += right.deletions
            left.votes += right.votes
        }

        var text: String {
            "\(posts) posts, \(comments) comments, \(edits) edits, \(deletions) deletions, \(votes) votes"
        }
    }

    let name: String
    private let hive: String
    private var client: NodeClient
    private var chance: DemoChance
    /// Own posts and comments that are live.
    private var ownPosts: [String] = []
    private var ownComments: [String] = []
    /// Posts of the hive as this instance shows them, to comment and vote on.
    private var seen: [String] = []
    private var serial = 0
    private(set) var lastPost: String?

    /// - Parameter client: Carries the agent's API key.
    init(name: String, hive: String, client: NodeClient, seed: UInt64) {
        self.name = name
        self.hive = hive
        self.client = client
        chance = DemoChance(seed: seed)
    }

    /// The server came back, perhaps at another address.
    func reconnect(to server: NodeClient) {
        var client = server
        client.apiKey = self.client.apiKey
        self.client = client
    }

    /// Writes `count` things one after the other; each was acknowledged before the next.
    func write(_ count: Int) async throws -> Tally {
        try await look()
        var tally = Tally()
        for _ in 0..<count { try await step(&tally) }
        return tally
    }

    /// Writes until the server goes away, and says what was acknowledged until then.
    func writeUntilGone() async -> Tally {
        var tally = Tally()
        do {
            try await look()
            while !Task.isCancelled { try await step(&tally) }
        } catch {
            return tally
        }
        return tally
    }

    private func look() async throws {
        let page = try await client.get(
            "/api/v1/hives/\(NodeClient.part(hive))/feed",
            query: [("sort", "new"), ("limit", "100")]
        )
        seen = page.listed.compactMap { $0.text("id") }
    }

    private func step(_ tally: inout Tally) async throws {
        switch chance.below(10) {
        case 0, 1:
            try await post()
            tally.posts += 1
        case 2, 3, 4:
            try await comment()
            tally.comments += 1
        case 5 where !ownPosts.isEmpty:
            try await edit()
            tally.edits += 1
        case 6 where ownPosts.count > 4 || ownComments.count > 4:
            try await remove()
            tally.deletions += 1
        default:
            if try await vote() { tally.votes += 1 }
        }
    }

    private func post() async throws {
        serial += 1
        let reply = try await client.post(
            "/api/v1/posts",
            .record([
                "hive": .string(hive), "title": .string("\(name) reports, number \(serial)"),
                "content": .string("Written on \(name)'s instance while the other one writes too."),
            ])
        )
        guard let id = reply.text("id") else { return }
        ownPosts.append(id)
        seen.append(id)
        lastPost = id
    }

    private func comment() async throws {
        guard let post = chance.pick(seen) else { return try await self.post() }
        serial += 1
        do {
            let reply = try await client.post(
                "/api/v1/posts/\(NodeClient.part(post))/comments",
                .record(["content": .string("Comment \(serial) by \(name).")])
            )
            if let id = reply.text("id") { ownComments.append(id) }
        } catch let error as CommandError where error.title == "Not Found" {
            // The other instance deleted the post meanwhile.
            seen.removeAll { $0 == post }
        }
    }

    private func edit() async throws {
        guard let post = chance.pick(ownPosts) else { return }
        serial += 1
        _ = try await client.patch(
            "/api/v1/posts/\(NodeClient.part(post))",
            .record(["title": .string("\(name) reports, corrected \(serial)")])
        )
    }

    private func remove() async throws {
        if ownComments.count > ownPosts.count {
            let id = ownComments.remove(at: chance.below(ownComments.count))
            try await client.delete("/api/v1/comments/\(NodeClient.part(id))")
        } else {
            let id = ownPosts.remove(at: chance.below(ownPosts.count))
            seen.removeAll { $0 == id }
            if lastPost == id { lastPost = ownPosts.last }
            try await client.delete("/api/v1/posts/\(NodeClient.part(id))")
        }
    }

    private func vote() async throws -> Bool {
        let strangers = seen.filter { !ownPosts.contains($0) }
        guard let post = chance.pick(strangers) else { return false }
        do {
            _ = try await client.post(
                "/api/v1/posts/\(NodeClient.part(post))/vote",
                .record(["value": .int(chance.below(5) == 0 ? -1 : 1)])
            )
            return true
        } catch let error as CommandError where error.title == "Not Found" {
            seen.removeAll { $0 == post }
            return false
        }
    }
}

/// Repeatable chance (SplitMix64), so that two demos do the same.
struct DemoChance: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 to `limit` - 1; 0 where there is nothing to choose from.
    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }

    mutating func pick(_ choices: [String]) -> String? {
        choices.isEmpty ? nil : choices[below(choices.count)]
    }
}
