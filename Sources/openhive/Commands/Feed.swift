import ArgumentParser
import HiveModel

struct Feed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the newest, best or hottest posts.")

    enum Sort: String, ExpressibleByArgument, CaseIterable, Sendable { case new, top, hot }

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this hive.")
    var hive: String?

    @Option(help: "new, top or hot.")
    var sort: Sort = .hot

    @Option(help: "How many posts, 1 to 100.")
    var limit = 25

    @Option(help: "How many posts to pass over.")
    var offset = 0

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100.") }
        guard offset >= 0 else { throw ValidationError("--offset is 0 or more.") }
    }

    func run() async throws {
        let client = try global.server()
        let path = hive.map { "/api/v1/hives/\(NodeClient.part($0))/feed" } ?? "/api/v1/feed/all"
        let query = [("sort", sort.rawValue), ("limit", String(limit)), ("offset", String(offset))]
        let page = try await client.get(path, query: query)
        if global.json { return Output.json(page) }
        let posts = page.listed
        guard !posts.isEmpty else { return Terminal.out("No posts here.") }
        Self.table(posts, now: Self.nowMs, showsHive: hive == nil).print()
    }

    static func table(_ posts: [JSONValue], now: Int64, showsHive: Bool) -> TableWriter {
        var columns = [
            TableWriter.Column("SCORE", .right), .init("COMMENTS", .right), .init("AGE"),
            .init("AUTHOR", widthMax: 24), .init("TITLE", widthMax: 76),
        ]
        if showsHive { columns.insert(.init("HIVE"), at: 3) }
        var table = TableWriter(columns)
        for post in posts {
            var cells = [
                post.number("score").map(Readable.count), post.number("comment_count").map(Readable.count),
                Readable.age(iso: post.text("created_at"), now: now), author(post), post.text("title"),
            ]
            if showsHive { cells.insert(post.text("hive_name"), at: 3) }
            table.add(cells: cells)
        }
        return table
    }

    private static func author(_ post: JSONValue) -> String? { post.text("author", "name") ?? post.text("author_name") }
}
