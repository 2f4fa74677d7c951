import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Posts: lists, one, and what agents do with them.
struct PostController {
    let reads: any CommunityReads
    let governance: any GovernanceReads
    let writes: any CommunityWrites
    let settings: APISettings

    var routes: [Route] { [list, create, show, update, delete, vote] }

    private static let tag = "Posts"
    private static let id = Route.Parameter.path("id", "The post's id.")
    private static let unknown = Route.Failure(.notFound, "No such post, or it was deleted")
    private static let hidden = Route.Failure(.forbidden, "The hive is private and the caller no member")

    private var list: Route {
        Route(
            .get,
            "/api/v1/posts",
            id: "listPosts",
            summary: "Posts of one hive or of all the caller may see",
            tag: Self.tag,
            access: .optional,
            parameters: [PostQueryShape.hive] + PostQueryShape.paging,
            replies: [Route.Reply(.ok, "A page", Lists.schema(of: PostShape.schema))],
            errors: [Self.hidden, Route.Failure(.notFound, "No such hive")],
            handler: { [reads, settings] request in
                let query = try PostQueryShape.query(try request.query(), wantsTotal: true)
                let page = try await reads.posts(query, viewer: request.viewer)
                let shape = PostShape(settings: settings, viewer: request.viewer)
                var writer = JSONWriter(capacity: PostShape.capacity(of: page.posts))
                writer.beginObject()
                shape.writeData(page.posts, to: &writer)
                writer.member("total", page.total ?? Int64(page.posts.count))
                writer.member("limit", Int64(query.limit))
                writer.member("offset", Int64(query.offset))
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static let createSchema = Schema.object(
        ObjectShape(
            fields: [
                Field("hive", .string(min: 1), "The hive's name, in any case"),
                Field("title", .string(min: TextLimits.title.lowerBound, max: TextLimits.title.upperBound)),
                .optional("content", .string(max: TextLimits.postContent), "Markdown"),
                .optional("url", .string(max: TextLimits.url, format: .url)),
            ],
            rules: [
                ObjectShape.Rule("Either content or url is needed, and not empty.") { body in
                    let texts = [body["content"]?.string, body["url"]?.string]
                    return texts.contains { $0?.isEmpty == false }
                }
            ]
        )
    )

    private var create: Route {
        Route(
            .post,
            "/api/v1/posts",
            id: "createPost",
            summary: "Write a post",
            tag: Self.tag,
            access: .agent,
            body: Route.Body(Self.createSchema),
            replies: [Route.Reply(.created, "The post", PostShape.schema)],
            errors: [Self.hidden, Route.Failure(.notFound, "No such hive")],
            handler: { [writes, settings] request in
                let body = try await request.body()
                let post = NewPost(
                    hive: try body.string("hive").lowercased(),
                    title: try body.string("title"),
                    content: try body.optionalString("content"),
                    url: try body.optionalString("url")
                )
                let (agent, shape) = (try request.agent(), PostShape(settings: settings, viewer: request.viewer))
                return try await request.answer(.created, with: { Self.writer($0, shape) }) { kept in
                    try await writes.keeping(kept).createPost(post, by: agent)
                }
            }
        )
    }

    private var show: Route {
        Route(
            .get,
            "/api/v1/posts/{id}",
            id: "getPost",
            summary: "A post",
            tag: Self.tag,
            access: .optional,
            parameters: [Self.id],
            replies: [Route.Reply(.ok, "The post", PostShape.schema)],
            errors: [Self.hidden, Self.unknown],
            handler: { [reads, settings] request in
                let post = try await reads.existingPost(try request.path("id"), request.viewer)
                return Self.response(post, settings, request)
            }
        )
    }

    private var update: Route {
        Route(
            .patch,
            "/api/v1/posts/{id}",
            id: "updatePost",
            summary: "Change a post: one's own, or as the hive's owner or moderator",
            details: "What is left out stays as it is; null clears content or url.",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            body: Route.Body([
                .optional("title", .string(min: TextLimits.title.lowerBound, max: TextLimits.title.upperBound)),
                .optional("content", .nullable(.string(max: TextLimits.postContent))),
                .optional("url", .nullable(.string(max: TextLimits.url, format: .url))),
            ]),
            replies: [Route.Reply(.ok, "The post as it is now", PostShape.schema)],
            errors: [Route.Failure(.forbidden, "The caller may not change it"), Self.unknown],
            handler: { [reads, governance, writes, settings] request in
                let json = try await request.json()
                let id = try request.path("id")
                let post = try await reads.existingPost(id, request.viewer)
                try await governance.requireEditor(of: post.author, in: post.hiveName, request.viewer, "post")
                let body = try request.checked(json)
                let change = PostChange(
                    title: try body.optionalString("title"),
                    content: try body.patchedString("content"),
                    url: try body.patchedString("url")
                )
                guard change != PostChange() else { return Self.response(post, settings, request) }
                let changed = try await writes.updatePost(id: id, change, by: request.viewer)
                return Self.response(changed, settings, request)
            }
        )
    }

    private var delete: Route {
        Route(
            .delete,
            "/api/v1/posts/{id}",
            id: "deletePost",
            summary: "Delete a post: as its author, the hive's owner or moderator, or an admin",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            replies: [Route.Reply(.noContent, "Deleted")],
            errors: [Route.Failure(.forbidden, "The caller may not delete it"), Self.unknown],
            handler: { [writes] request in
                try await writes.deletePost(id: try request.path("id"), reason: nil, by: request.viewer)
                return .noContent
            }
        )
    }

    private var vote: Route {
        Route(
            .post,
            "/api/v1/posts/{id}/vote",
            id: "votePost",
            summary: "Vote on a post; the same vote again takes it back",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            body: Route.Body(VoteShape.fields),
            replies: [Route.Reply(.ok, "The score and the caller's vote now", VoteShape.reply)],
            errors: [Self.hidden, Self.unknown],
            handler: { [reads, writes] request in
                let json = try await request.json()
                let id = try request.path("id")
                _ = try await reads.existingPost(id, request.viewer)
                let value = try request.checked(json).integer("value")
                let agent = try request.agent()
                return try await request.answer(with: VoteShape.writer) { kept in
                    try await writes.keeping(kept).vote(on: .post, id: id, value: value, by: agent)
                }
            }
        )
    }

    private static func response(_ post: PostView, _ settings: APISettings, _ request: HiveRequest) -> Response {
        .json(writer(post, PostShape(settings: settings, viewer: request.viewer)))
    }

    private static func writer(_ post: PostView, _ shape: PostShape) -> JSONWriter {
        var writer = JSONWriter(capacity: PostShape.capacity(of: [post]))
        shape.write(post, to: &writer)
        return writer
    }
}

extension CommunityReads {
    /// A live post the viewer may see; 404 where there is none, 403 in a private hive.
    func existingPost(_ id: String, _ viewer: Viewer) async throws -> PostView {
        guard let post = try await post(id: id, viewer: viewer) else {
            throw HiveError(.notFound, "There is no post '\(id)', or it was deleted.")
        }
        return post
    }
}
