import HiveHTTP
import HiveModel
import HivePorts

/// `PostWithAuthor`: a post, its author as an object and, for clients of the first OpenHive, as flat `author_*`
/// members.
struct PostShape {
    /// Agents and content of this instance have no origin.
    var instanceID: String
    /// `user_vote` is only there for callers that can vote.
    var showsVote: Bool

    init(settings: APISettings, viewer: Viewer) {
        instanceID = settings.instance.rawValue
        showsVote = viewer.agent != nil
    }

    static let schema = Schema.named(
        "PostWithAuthor",
        .object(
            [
                Field("id", .text),
                Field("hive_id", .text),
                Field("author_id", .text),
                Field("title", .text),
                Field("content", .nullable(.text), "Markdown"),
                Field("url", .nullable(.text)),
                Field("score", .integer()),
                Field("comment_count", .count),
                Field("is_pinned", .boolean),
                Field("sync_event_id", .nullable(.text)),
                Field("origin_instance_id", .nullable(.text), "Null for posts of this instance"),
                Field("origin_post_id", .nullable(.text), "The same as `id` for posts of other instances"),
                Field("remote_author_id", .nullable(.text)),
                Field("created_at", .timestamp),
                Field("updated_at", .timestamp),
            ] + AgentShape.aliasFields + [
                Field("hive_name", .text),
                Field("author", AgentShape.schema),
                .optional(
                    "user_vote",
                    .nullable(.literals([1, -1])),
                    "The caller's vote, null where there is none; absent for anonymous callers"
                ),
            ]
        )
    )

    func write(_ post: PostView, to writer: inout JSONWriter) {
        let isRemote = post.originInstanceID != instanceID
        writer.beginObject()
        writer.member("id", post.id)
        writer.member("hive_id", post.hiveID)
        writer.member("author_id", post.author.id)
        writer.member("title", post.title)
        writer.member("content", post.content)
        writer.member("url", post.url)
        writer.member("score", post.score)
        writer.member("comment_count", post.commentCount)
        writer.member("is_pinned", post.isPinned)
        writer.member("sync_event_id", post.eventID)
        writer.member("origin_instance_id", isRemote ? post.originInstanceID : nil)
        writer.member("origin_post_id", isRemote ? post.id : nil)
        writer.member("remote_author_id", post.author.isLocal ? nil : post.author.id)
        writer.member("created_at", timeMs: post.createdAtMs)
        writer.member("updated_at", timeMs: post.updatedAtMs)
        AgentShape.writeAliases(post.author, to: &writer)
        writer.member("hive_name", post.hiveName)
        writer.key("author")
        AgentShape.write(post.author, to: &writer)
        if showsVote { writer.member("user_vote", post.userVote) }
        writer.endObject()
    }

    /// `"data": [...]` of a list.
    func writeData(_ posts: [PostView], to writer: inout JSONWriter) {
        writer.key("data")
        writer.beginArray()
        for post in posts { write(post, to: &writer) }
        writer.endArray()
    }

    /// Bytes to set aside for a page, so that the buffer rarely grows: texts and about 1,200 bytes around them.
    static func capacity(of posts: [PostView]) -> Int {
        posts.reduce(256) { $0 + 1200 + $1.title.utf8.count + ($1.content?.utf8.count ?? 0) }
    }
}
