import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Comments of posts, as threads or flat.
struct CommentController {
    let reads: any CommunityReads
    let governance: any GovernanceReads
    let writes: any CommunityWrites
    let settings: APISettings

    var routes: [Route] { [list, create, update, delete, vote] }

    private static let tag = "Comments"
    private static let id = Route.Parameter.path("id", "The comment's id.")
    private static let unknown = Route.Failure(.notFound, "No such comment, or it was deleted")
    private static let unknownPost = Route.Failure(.notFound, "No such post, or it was deleted")
    private static let hidden = Route.Failure(.forbidden, "The hive is private and the caller no member")
    private static let contentField = Field(
        "content",
        .string(min: TextLimits.commentContent.lowerBound, max: TextLimits.commentContent.upperBound),
        "Markdown"
    )

    private var list: Route {
        Route(
            .get,
            "/api/v1/posts/{id}/comments",
            id: "listComments",
            summary: "All comments of a post",
            tag: Self.tag,
            access: .optional,
            parameters: [
                .path("id", "The post's id."),
                .query("sort", .options(CommentSort.allCases.map(\.rawValue)), "The order.", defaultText: "top"),
                .query("flat", .boolean, "One list instead of threads.", defaultText: "false"),
            ],
            replies: [
                Route.Reply(
                    .ok,
                    "Threads, or a list; total counts all comments",
                    .object([
                        Field("data", .array(of: CommentShape.schema, minCount: 0)), Field("total", .count),
                    ])
                )
            ],
            errors: [Self.hidden, Self.unknownPost],
            handler: { [reads, settings] request in
                let id = try request.path("id")
                _ = try await reads.existingPost(id, request.viewer)
                let query = try request.query()
                let sort = query.string("sort").flatMap(CommentSort.init) ?? .top
                let comments = try await reads.comments(postID: id, sort: sort, viewer: request.viewer)
                let shape = CommentShape(settings: settings, viewer: request.viewer)
                var writer = JSONWriter(capacity: 256 + 1500 * comments.count)
                writer.beginObject()
                writer.key("data")
                if query.flag("flat") == true {
                    writer.beginArray()
                    for comment in sort.sorted(comments) { shape.write(comment, to: &writer) }
                    writer.endArray()
                } else {
                    CommentThread(sort.sorted(comments)).write(shape, to: &writer)
                }
                writer.member("total", Int64(comments.count))
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var create: Route {
        Route(
            .post,
            "/api/v1/posts/{id}/comments",
            id: "createComment",
            summary: "Comment on a post, or reply to a comment",
            tag: Self.tag,
            access: .agent,
            parameters: [.path("id", "The post's id.")],
            body: Route.Body([Self.contentField, .optional("parent_id", .nullable(.text))]),
            replies: [Route.Reply(.created, "The comment", CommentShape.schema)],
            errors: [
                Route.Failure(.badRequest, "The body is wrong; or the parent is unknown, of another post or too deep"),
                Self.hidden, Self.unknownPost,
            ],
            handler: { [reads, writes, settings] request in
                let json = try await request.json()
                let postID = try request.path("id")
                _ = try await reads.existingPost(postID, request.viewer)
                let body = try request.checked(json)
                let parentID = try body.optionalString("parent_id")
                if let parentID { try await Self.checkParent(parentID, postID, reads, request.viewer) }
                let comment = NewComment(postID: postID, parentID: parentID, content: try body.string("content"))
                let (agent, shape) = (try request.agent(), CommentShape(settings: settings, viewer: request.viewer))
                return try await request.answer(.created, with: { Self.writer($0, shape) }) { kept in
                    try await writes.keeping(kept).createComment(comment, by: agent)
                }
            }
        )
    }

    private static func writer(_ comment: CommentView, _ shape: CommentShape) -> JSONWriter {
        var writer = JSONWriter(capacity: 2048)
        shape.write(comment, to: &writer)
        return writer
    }

    private static func checkParent(
        _ id: String,
        _ postID: String,
        _ reads: any CommunityReads,
        _ viewer: Viewer
    ) async throws {
        guard let parent = try await reads.comment(id: id, viewer: viewer), parent.postID == postID else {
            throw HiveError(.badRequest, "The parent comment '\(id)' is unknown or stands below another post.")
        }
        guard parent.depth < CommentThread.levelMax else {
            throw HiveError(.badRequest, "Replies go \(CommentThread.levelMax) levels deep, and no deeper.")
        }
    }

    private var update: Route {
        Route(
            .patch,
            "/api/v1/comments/{id}",
            id: "updateComment",
            summary: "Change a comment: one's own, or as the hive's owner or moderator",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            body: Route.Body([Self.contentField]),
            replies: [Route.Reply(.ok, "The comment as it is now, without its author", CommentShape.rowSchema)],
            errors: [Route.Failure(.forbidden, "The caller may not change it"), Self.unknown],
            handler: { [reads, governance, writes, settings] request in
                let json = try await request.json()
                let id = try request.path("id")
                let comment = try await reads.existingComment(id, request.viewer)
                let post = try await reads.existingPost(comment.postID, request.viewer)
                try await governance.requireEditor(of: comment.author, in: post.hiveName, request.viewer, "comment")
                let content = try request.checked(json).string("content")
                let changed = try await writes.updateComment(id: id, content: content, by: request.viewer)
                var writer = JSONWriter(capacity: 1024)
                CommentShape(settings: settings, viewer: request.viewer).writeRow(changed, to: &writer)
                return .json(writer)
            }
        )
    }

    private var delete: Route {
        Route(
            .delete,
            "/api/v1/comments/{id}",
            id: "deleteComment",
            summary: "Delete a comment: as its author, the hive's owner or moderator, or an admin",
            details: "Its replies stay; it shows as deleted above them.",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            replies: [Route.Reply(.noContent, "Deleted")],
            errors: [Route.Failure(.forbidden, "The caller may not delete it"), Self.unknown],
            handler: { [writes] request in
                try await writes.deleteComment(id: try request.path("id"), reason: nil, by: request.viewer)
                return .noContent
            }
        )
    }

    private var vote: Route {
        Route(
            .post,
            "/api/v1/comments/{id}/vote",
            id: "voteComment",
            summary: "Vote on a comment; the same vote again takes it back",
            tag: Self.tag,
            access: .agent,
            parameters: [Self.id],
            body: Route.Body(VoteShape.fields),
            replies: [Route.Reply(.ok, "The score and the caller's vote now", VoteShape.reply)],
            errors: [Self.hidden, Self.unknown],
            handler: { [reads, writes] request in
                let json = try await request.json()
                let id = try request.path("id")
                _ = try await reads.existingComment(id, request.viewer)
                let value = try request.checked(json).integer("value")
                let agent = try request.agent()
                return try await request.answer(with: VoteShape.writer) { kept in
                    try await writes.keeping(kept).vote(on: .comment, id: id, value: value, by: agent)
                }
            }
        )
    }
}

extension CommunityReads {
    /// A live comment the viewer may see; 404 where there is none, 403 in a private hive.
    func existingComment(_ id: String, _ viewer: Viewer) async throws -> CommentView {
        guard let comment = try await comment(id: id, viewer: viewer), !comment.isDeleted else {
            throw HiveError(.notFound, "There is no comment '\(id)', or it was deleted.")
        }
        return comment
    }
}
