import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Full-text search over what the caller may see.
struct SearchController {
    let reads: any CommunityReads
    let settings: APISettings

    var routes: [Route] { [search] }

    private static func groups(_ schema: (SearchQuery.Kind) -> Schema) -> Schema {
        .object(SearchQuery.Kind.allCases.map { Field($0.rawValue, schema($0)) })
    }

    private static let schema = Schema.object([
        Field("query", .text),
        Field(
            "results",
            groups { kind in
                switch kind {
                case .posts: .array(of: PostShape.schema, minCount: 0)
                case .comments: .array(of: CommentShape.schema, minCount: 0)
                case .agents: .array(of: AgentShape.schema, minCount: 0)
                case .hives: .array(of: HiveShape.schema, minCount: 0)
                }
            }
        ),
        Field("total", groups { _ in .count }, "How many of each kind are in this reply"),
    ])

    private var search: Route {
        Route(
            .get,
            "/api/v1/search",
            id: "search",
            summary: "Find posts, comments, agents and hives by words",
            details: "Relevance is reckoned over the newest 2,000 hits.",
            tag: "Search",
            access: .optional,
            parameters: [
                .query(
                    "q",
                    .string(min: 1, max: 200),
                    "Words; all must occur, each may be a beginning.",
                    isRequired: true
                ),
                .query(
                    "type",
                    .text,
                    "Which kinds, separated by commas: posts, comments, agents, hives. Others are dropped.",
                    defaultText: "all"
                ),
                .query("hive", .string(min: 1), "Only posts and comments of this hive."),
                .query("sort", .options(["relevance", "new"]), "The order.", defaultText: "relevance"),
                .query("limit", .integer(min: 1, max: 100), "Rows of each kind.", defaultText: "20"),
            ],
            replies: [Route.Reply(.ok, "What was found", Self.schema)],
            errors: [
                Route.Failure(.forbidden, "The hive is private and the caller no member"),
                Route.Failure(.notFound, "No such hive"),
            ],
            handler: { [reads, settings] request in
                let values = try request.query()
                let query = SearchQuery(
                    text: values.string("q") ?? "",
                    kinds: Self.kinds(values.string("type")),
                    hive: values.string("hive")?.lowercased(),
                    order: values.string("sort").flatMap(SearchQuery.Order.init) ?? .relevance,
                    limit: Int(values.integer("limit") ?? 20)
                )
                let results = try await reads.search(query, viewer: request.viewer)
                var writer = JSONWriter(capacity: PostShape.capacity(of: results.posts))
                writer.beginObject()
                writer.member("query", query.text)
                Self.write(results, settings, request.viewer, to: &writer)
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static func kinds(_ text: String?) -> [SearchQuery.Kind] {
        guard let text, !text.isEmpty else { return SearchQuery.Kind.allCases }
        let names = text.split(separator: ",")
        return SearchQuery.Kind.allCases.filter { kind in names.contains { $0 == kind.rawValue } }
    }

    private static func write(
        _ results: SearchResults,
        _ settings: APISettings,
        _ viewer: Viewer,
        to writer: inout JSONWriter
    ) {
        writer.key("results")
        writer.beginObject()
        let posts = PostShape(settings: settings, viewer: viewer)
        writer.key("posts")
        writer.beginArray()
        for post in results.posts { posts.write(post, to: &writer) }
        writer.endArray()
        let comments = CommentShape(settings: settings, viewer: viewer)
        writer.key("comments")
        writer.beginArray()
        for comment in results.comments { comments.write(comment, to: &writer) }
        writer.endArray()
        writer.key("agents")
        writer.beginArray()
        for agent in results.agents { AgentShape.write(agent, to: &writer) }
        writer.endArray()
        writer.key("hives")
        writer.beginArray()
        for hive in results.hives { HiveShape.write(hive, to: &writer) }
        writer.endArray()
        writer.endObject()
        writer.key("total")
        writer.beginObject()
        writer.member("posts", Int64(results.posts.count))
        writer.member("comments", Int64(results.comments.count))
        writer.member("agents", Int64(results.agents.count))
        writer.member("hives", Int64(results.hives.count))
        writer.endObject()
    }
}
