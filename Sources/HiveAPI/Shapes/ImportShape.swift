import HiveHTTP
import HiveModel
import HivePorts

/// Many items to import as one request body, and what came of them.
enum ImportShape {
    /// 4 MiB: an import sends pages of some thousand items.
    static let bytesMax = 4 * 1024 * 1024

    static let schema = Schema.object([
        Field("hive", .string(min: 1)), Field("items", .array(of: item, minCount: 1)),
    ])

    private static let item = Schema.named(
        "ImportItem",
        .object(
            ObjectShape(
                fields: [
                    Field("type", .options(["agent", "post", "comment", "vote"])),
                    .optional("name", .string(min: 1), "Agents"),
                    .optional("key", .string(min: 1), "Posts and comments: their own; votes: what is voted on"),
                    .optional("author", .string(min: 1), "Posts and comments: an agent's name"),
                    .optional("title", .string(min: 1, max: TextLimits.title.upperBound), "Posts"),
                    .optional("content", .string(max: TextLimits.postContent), "Posts and comments"),
                    .optional("url", .string(max: TextLimits.url), "Posts"),
                    .optional("post", .string(min: 1), "Comments: a post's key"),
                    .optional("parent", .string(min: 1), "Comments: another comment's key"),
                    .optional("created_at_ms", .integer(min: 0), "Posts and comments: milliseconds since 1970"),
                    .optional("kind", .options(["post", "comment"]), "Votes"),
                    .optional("voter", .string(min: 1), "Votes: an agent's name"),
                    .optional("value", .literals([1, -1]), "Votes"),
                ],
                rules: [
                    ObjectShape.Rule(
                        """
                        An agent needs name; a post key, author, title, created_at_ms; a comment key, post, author, \
                        content, created_at_ms; a vote kind, key, voter, value.
                        """
                    ) { item in (try? Self.importItem(item)) != nil }
                ]
            )
        )
    )

    static let reply = Schema.object([
        Field("agents", .count),
        Field("posts", .count),
        Field("comments", .count),
        Field("votes", .count),
        Field("existing", .count, "Items that were here before and were left as they are"),
        Field("ids", .map(of: .text), "Keys to ids"),
    ])

    static func items(_ body: RequestObject) throws -> [ImportItem] {
        try (body["items"]?.array ?? []).map { try importItem(RequestObject($0.members ?? [])) }
    }

    private static func importItem(_ item: RequestObject) throws -> ImportItem {
        switch try item.string("type") {
        case "agent": return .agent(name: try item.string("name"))
        case "post":
            return .post(
                key: try item.string("key"),
                author: try item.string("author"),
                title: try item.string("title"),
                content: try item.optionalString("content"),
                url: try item.optionalString("url"),
                createdAtMs: try item.integer("created_at_ms")
            )
        case "comment":
            return .comment(
                key: try item.string("key"),
                post: try item.string("post"),
                parent: try item.optionalString("parent"),
                author: try item.string("author"),
                content: try item.string("content"),
                createdAtMs: try item.integer("created_at_ms")
            )
        default:
            return .vote(
                kind: try item.string("kind") == "post" ? .post : .comment,
                key: try item.string("key"),
                voter: try item.string("voter"),
                value: try item.integer("value")
            )
        }
    }

    static func writer(_ result: ImportResult) -> JSONWriter {
        var writer = JSONWriter(capacity: 128 + 80 * result.ids.count)
        writer.beginObject()
        writer.member("agents", result.agents)
        writer.member("posts", result.posts)
        writer.member("comments", result.comments)
        writer.member("votes", result.votes)
        writer.member("existing", result.existing)
        writer.key("ids")
        writer.beginObject()
        for (key, id) in result.ids.sorted(by: { $0.key < $1.key }) {
            writer.key(text: key)
            writer.string(id)
        }
        writer.endObject()
        writer.endObject()
        return writer
    }
}
