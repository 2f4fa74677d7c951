import HiveImport
import HiveModel
import HivePorts
import Testing

@Suite("The plan of an import")
struct ImportPlanTests {
    private func story(
        _ id: Int64,
        by author: String = "alice",
        score: Int64 = 1,
        url: String? = "https://x.y/"
    )
        -> HackerNewsItem
    {
        HackerNewsItem(
            id: id,
            kind: .story(title: "Title \(id)", url: url, score: score),
            author: author,
            timeMs: id * 1_000,
            text: nil
        )
    }

    private func plan(_ items: [HackerNewsItem], withVotes: Bool = false) -> ImportPlan {
        ImportPlan(HackerNewsFile(items.map(HackerNewsReading.item)), withVotes: withVotes)
    }

    private func all(_ plan: ImportPlan, count: Int = 100) -> [ImportItem] {
        var plan = plan
        var writes: [ImportItem] = []
        while let batch = plan.nextBatch(count: count, bytes: 1 << 20) { writes += batch }
        return writes
    }

    @Test("Agents come before they act, votes behind their story")
    func order() {
        let writes = all(plan([story(1, score: 1)], withVotes: true))
        #expect(
            writes == [
                .agent(name: "alice"),
                .post(
                    key: "hackernews:1",
                    author: "alice",
                    title: "Title 1",
                    content: nil,
                    url: "https://x.y/",
                    createdAtMs: 1_000
                ),
                .agent(name: "hn-voter-002"),
                .vote(kind: .post, key: "hackernews:1", voter: "hn-voter-002", value: 1),
            ]
        )
    }

    @Test("A story gets min(score, 200) votes of different voters, at most 200 voters in all", arguments: [0, 7, 900])
    func votes(score: Int64) {
        let writes = all(plan([story(150, score: score), story(151, score: score)], withVotes: true))
        var voters: [String: Set<String>] = [:]
        var votes = 0
        for case .vote(_, let key, let voter, let value) in writes {
            #expect(value == 1)
            voters[key, default: []].insert(voter)
            votes += 1
        }
        let expected = Int(min(score, 200))
        #expect(votes == 2 * expected)
        #expect((voters["hackernews:150"] ?? []).count == expected)
        #expect(Set(voters.values.flatMap { $0 }).count <= 200)
    }

    @Test("Batches are cut by count and by bytes and lose nothing")
    func batches() {
        let plan = plan((1...50).map { story($0, by: "author\($0)", score: 5) }, withVotes: true)
        #expect(plan.total == 50 + 250)
        var cut = plan
        var writes: [ImportItem] = []
        while let batch = cut.nextBatch(count: 1_000, bytes: 700) {
            #expect(!batch.isEmpty)
            writes += batch
        }
        #expect(writes == all(plan, count: 7))
        #expect(writes.filter(\.counts).count == plan.total)
    }

    @Test("Texts over the limits are cut with an ellipsis and counted")
    func cuts() {
        let long = HackerNewsItem(
            id: 1,
            kind: .story(title: String(repeating: "t", count: 400), url: nil, score: 0),
            author: "alice",
            timeMs: 0,
            text: String(repeating: "é ", count: 30_000)
        )
        var plan = plan([long])
        let batch = plan.nextBatch(count: 10, bytes: 1 << 20)
        guard case .post(_, _, let title, let content, _, _) = batch?.last else {
            Issue.record("The last write is no post.")
            return
        }
        #expect(title.utf16.count == 300)
        #expect(title.hasSuffix("t…"))
        #expect((content ?? "").utf16.count <= 40_000)
        #expect((content ?? "").hasSuffix("é…"))
        #expect(plan.changes.titlesCut == 1)
        #expect(plan.changes.textsCut == 1)
    }

    @Test("A cut never splits a character")
    func cutsWholeCharacters() {
        #expect(TextLimit.cut("ab😀cd", to: 4).text == "ab…")
        #expect(TextLimit.cut("ab😀", to: 4).wasCut == false)
    }

    @Test("A story with neither address nor text gets the address of its page; a bad address is dropped")
    func addresses() {
        var plan = plan([story(5, url: nil), story(6, url: "javascript:alert(1)"), story(7, url: "https://")])
        let writes = plan.nextBatch(count: 10, bytes: 1 << 20) ?? []
        var urls: [String?] = []
        for case .post(_, _, _, _, let url, _) in writes { urls.append(url) }
        #expect(urls == [5, 6, 7].map { "https://news.ycombinator.com/item?id=\($0)" })
        #expect(plan.changes.urlsDropped == 2)
        #expect(plan.changes.urlsAdded == 3)
    }

    @Test("Comments name their story, and their parent where it is a comment")
    func comments() {
        let top = HackerNewsItem(id: 2, kind: .comment(parent: 1), author: "bob", timeMs: 2_000, text: "<i>hi</i>")
        let reply = HackerNewsItem(id: 3, kind: .comment(parent: 2), author: "alice", timeMs: 3_000, text: "yes")
        let writes = all(plan([story(1), top, reply]))
        #expect(
            writes.suffix(3) == [
                .agent(name: "bob"),
                .comment(
                    key: "hackernews:2",
                    post: "hackernews:1",
                    parent: nil,
                    author: "bob",
                    content: "*hi*",
                    createdAtMs: 2_000
                ),
                .comment(
                    key: "hackernews:3",
                    post: "hackernews:1",
                    parent: "hackernews:2",
                    author: "alice",
                    content: "yes",
                    createdAtMs: 3_000
                ),
            ]
        )
    }

    @Test("Names that do not fit are mapped, always alike and never onto another")
    func names() {
        var names = AgentNames()
        #expect(names.name(for: "Good_name-1") == "Good_name-1")
        let odd = ["x", "a b", "a.b", "ü", "local", "hn-voter-001", String(repeating: "n", count: 40), "a_b"]
        let mapped = odd.map { names.name(for: $0) }
        #expect(Set(mapped).count == odd.count)
        for name in mapped {
            #expect((2...32).contains(name.utf8.count))
            #expect(name.wholeMatch(of: /[a-zA-Z0-9_-]+/) != nil)
        }
        #expect(mapped[4] != "local")
        var again = AgentNames()
        #expect(odd.reversed().map { again.name(for: $0) } == mapped.reversed())
    }

    @Test("The body of a bulk request carries every write")
    func body() throws {
        let bytes = ImportWire.body(hive: "eng", items: all(plan([story(1, score: 1)], withVotes: true)))
        let value = try JSONValue(parsing: bytes)
        #expect(value["hive"]?.string == "eng")
        #expect(value["items"]?.array?.map { $0["type"]?.string } == ["agent", "post", "agent", "vote"])
        #expect(value["items"]?.array?[1]["created_at_ms"]?.int == 1_000)
    }
}
