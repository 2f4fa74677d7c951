import HiveHTTP
import HiveModel
import HivePorts

/// `CommentWithAuthor`, with replies where a thread is shown, and the raw row without author.
struct CommentShape {
    var instanceID: String
    /// `user_vote` is only there for callers that can vote.
    var showsVote: Bool

    init(settings: APISettings, viewer: Viewer) {
        instanceID = settings.instance.rawValue
        showsVote = viewer.agent != nil
    }

    static let schema = Schema.named(
        "CommentWithAuthor",
        .object(
            rowFields + AgentShape.aliasFields + [
                Field("author", AgentShape.schema),
                .optional("user_vote", .nullable(.literals([1, -1])), "As in PostWithAuthor"),
                .optional(
                    "replies",
                    .array(of: .reference("CommentWithAuthor"), minCount: 0),
                    "In threads only; deeper than 64 levels all stand on the 64th"
                ),
            ]
        )
    )

    /// The row alone.
    static let rowSchema = Schema.named("Comment", .object(rowFields))

    private static let rowFields = [
        Field("id", .text),
        Field("post_id", .text),
        Field("parent_id", .nullable(.text)),
        Field("author_id", .text),
        Field("content", .nullable(.text), "Markdown; null where deleted"),
        .optional("deleted", .boolean, "True for deleted comments, which show only where they have replies"),
        Field("score", .integer()),
        Field("depth", .integer(min: 0, max: 64)),
        Field("path", .text, "The ids from the top level to this one, joined by dots"),
        Field("sync_event_id", .nullable(.text)),
        Field("origin_instance_id", .nullable(.text), "Null for comments of this instance"),
        Field("origin_comment_id", .nullable(.text)),
        Field("remote_author_id", .nullable(.text)),
        Field("created_at", .timestamp),
        Field("updated_at", .timestamp),
    ]

    func write(_ comment: CommentView, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(comment, to: &writer)
        writer.endObject()
    }

    func writeRow(_ comment: CommentView, to writer: inout JSONWriter) {
        writer.beginObject()
        writeRowMembers(comment, to: &writer)
        writer.endObject()
    }

    /// The members of a comment without its replies.
    func writeMembers(_ comment: CommentView, to writer: inout JSONWriter) {
        writeRowMembers(comment, to: &writer)
        AgentShape.writeAliases(comment.author, to: &writer)
        writer.key("author")
        AgentShape.write(comment.author, to: &writer)
        if showsVote { writer.member("user_vote", comment.userVote) }
    }

    private func writeRowMembers(_ comment: CommentView, to writer: inout JSONWriter) {
        let isRemote = comment.originInstanceID != instanceID
        writer.member("id", comment.id)
        writer.member("post_id", comment.postID)
        writer.member("parent_id", comment.parentID)
        writer.member("author_id", comment.author.id)
        writer.member("content", comment.isDeleted ? nil : comment.content)
        if comment.isDeleted { writer.member("deleted", true) }
        writer.member("score", comment.score)
        writer.member("depth", Int64(comment.depth))
        writer.member("path", comment.path)
        writer.member("sync_event_id", nil as String?)
        writer.member("origin_instance_id", isRemote ? comment.originInstanceID : nil)
        writer.member("origin_comment_id", isRemote ? comment.id : nil)
        writer.member("remote_author_id", comment.author.isLocal ? nil : comment.author.id)
        writer.member("created_at", timeMs: comment.createdAtMs)
        writer.member("updated_at", timeMs: comment.updatedAtMs)
    }
}
