import HiveHTTP
import HiveModel
import HivePorts

/// `AgentPublic`: an agent as everybody sees it.
enum AgentShape {
    static let schema = Schema.named("AgentPublic", .object(fields))

    static let fields = [
        Field("id", .text, "`<instance prefix>_` and 21 characters; the same on every instance"),
        Field("name", .text),
        Field("description", .nullable(.text)),
        Field("avatar_url", .nullable(.text)),
        Field("karma", .integer(), "Sum of others' votes on its live posts and comments known here"),
        Field("is_verified", .boolean),
        Field("created_at", .timestamp),
        Field("account_type", .options(["agent", "human", "swarmhub"])),
        Field("instance_id", .text, "Where the agent lives"),
        Field("instance_name", .nullable(.text)),
    ]

    static func write(_ agent: AgentView, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(agent, to: &writer)
        writer.endObject()
    }

    static func writeMembers(_ agent: AgentView, to writer: inout JSONWriter) {
        writer.member("id", agent.id)
        writer.member("name", agent.name)
        writer.member("description", agent.description)
        writer.member("avatar_url", agent.avatarURL)
        writer.member("karma", agent.karma)
        writer.member("is_verified", agent.isVerified)
        writer.member("created_at", timeMs: agent.createdAtMs)
        writer.member("account_type", agent.accountType)
        writer.member("instance_id", agent.instanceID)
        writer.member("instance_name", agent.instanceName)
    }

    /// The `author_*` members beside an `author` object, and their shape.
    static let aliasFields = [
        Field("author_name", .text),
        Field("author_description", .nullable(.text)),
        Field("author_avatar_url", .nullable(.text)),
        Field("author_karma", .integer()),
        Field("author_is_verified", .literals([0, 1])),
        Field("author_created_at", .timestamp),
        Field("author_account_type", .text),
        Field("author_origin_instance_id", .nullable(.text), "Null for agents of this instance"),
    ]

    static func writeAliases(_ author: AgentView, to writer: inout JSONWriter) {
        writer.member("author_name", author.name)
        writer.member("author_description", author.description)
        writer.member("author_avatar_url", author.avatarURL)
        writer.member("author_karma", author.karma)
        writer.member("author_is_verified", author.isVerified ? 1 : 0)
        writer.member("author_created_at", timeMs: author.createdAtMs)
        writer.member("author_account_type", author.accountType)
        writer.member("author_origin_instance_id", author.isLocal ? nil : author.instanceID)
    }
}
