import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Feeds: posts without a count of all, with a cursor to walk on by.
struct FeedController {
    let reads: any CommunityReads
    let settings: APISettings

    var routes: [Route] { [all, hive] }

    private static let tag = "Feeds"

    private static let schema = Schema.object([
        Field("data", .array(of: PostShape.schema, minCount: 0)),
        Field("limit", .count),
        Field("offset", .count),
        Field("next_cursor", .nullable(.text), "Null on the last page and where the order is not `new`"),
    ])

    private static let errors = [
        Route.Failure(.forbidden, "The hive is private and the caller no member"),
        Route.Failure(.notFound, "No such hive"),
    ]

    private var all: Route {
        Route(
            .get,
            "/api/v1/feed/all",
            id: "getFeedAll",
            summary: "Posts of all hives the caller may see, or of one",
            details: """
                To follow an instance, walk `sort=new` by `cursor` back to what is known already, or ask with `since`; \
                what was created at that moment comes again.
                """,
            tag: Self.tag,
            access: .optional,
            parameters: [PostQueryShape.hive] + PostQueryShape.paging + PostQueryShape.walking,
            replies: [Route.Reply(.ok, "A page", Self.schema)],
            errors: Self.errors,
            handler: { [reads, settings] request in
                let query = try PostQueryShape.query(try request.query(), wantsTotal: false)
                return try await Self.response(query, reads, settings, request.viewer)
            }
        )
    }

    private var hive: Route {
        Route(
            .get,
            "/api/v1/hives/{name}/feed",
            id: "getHiveFeed",
            summary: "Posts of a hive",
            tag: Self.tag,
            access: .optional,
            parameters: [.path("name", "The hive's name, in any case.")] + PostQueryShape.paging
                + PostQueryShape.walking,
            replies: [Route.Reply(.ok, "A page", Self.schema)],
            errors: Self.errors,
            handler: { [reads, settings] request in
                let name = try request.path("name")
                let query = try PostQueryShape.query(try request.query(), hive: name, wantsTotal: false)
                return try await Self.response(query, reads, settings, request.viewer)
            }
        )
    }

    private static func response(
        _ query: PostQuery,
        _ reads: any CommunityReads,
        _ settings: APISettings,
        _ viewer: Viewer
    ) async throws -> Response {
        let page = try await reads.posts(query, viewer: viewer)
        let shape = PostShape(settings: settings, viewer: viewer)
        var writer = JSONWriter(capacity: PostShape.capacity(of: page.posts))
        writer.beginObject()
        shape.writeData(page.posts, to: &writer)
        writer.member("limit", Int64(query.limit))
        writer.member("offset", Int64(query.offset))
        writer.member("next_cursor", page.nextCursor)
        writer.endObject()
        return .json(writer)
    }
}
