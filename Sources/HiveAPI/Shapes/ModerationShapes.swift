import HiveHTTP
import HiveModel
import HivePorts

/// One state of a post.
enum RevisionShape {
    static let schema = Schema.object([
        Field("kind", .options(["created", "updated", "pinned", "unpinned"])),
        Field("event_id", .text),
        Field("at", .timestamp),
        Field("by", AgentShape.schema),
        .optional("title", .text, "Absent where it was left as it was, as are content and url"),
        .optional("content", .nullable(.text)),
        .optional("url", .nullable(.text)),
    ])

    static func write(_ revision: PostRevision, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("kind", revision.kind.rawValue)
        writer.member("event_id", revision.eventID)
        writer.member("at", timeMs: revision.atMs)
        writer.key("by")
        AgentShape.write(revision.by, to: &writer)
        if let title = revision.title { writer.member("title", title) }
        if let content = revision.content { writer.member("content", content) }
        if let url = revision.url { writer.member("url", url) }
        writer.endObject()
    }
}

/// One act of an owner or moderator.
enum ModerationEntryShape {
    static let schema = Schema.object([
        Field("action", .text, "ban, unban, approve, moderator_added, setting_changed, post_deleted, ..."),
        Field("target_type", .options(["agent", "instance", "setting", "content"])),
        Field("target_id", .text, "Of the agent, instance, post or comment; of a setting its key"),
        Field("agent", .nullable(AgentShape.schema), "Where it was done to an agent"),
        Field("value", .any, "The new value of a setting; null otherwise"),
        Field("by", .nullable(AgentShape.schema), "Null where an instance and no agent did it"),
        Field("origin_instance_id", .text),
        Field("reason", .nullable(.text)),
        Field("at", .timestamp),
        Field("event_id", .text),
        Field("in_force", .boolean, "Whether it is what decides now"),
    ])

    static func write(_ entry: ModerationEntry, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("action", entry.action.rawValue)
        var (agent, value): (AgentView?, String?)
        switch entry.subject {
        case .agent(let view):
            agent = view
            writer.member("target_type", "agent")
            writer.member("target_id", view.id)
        case .instance(let id):
            writer.member("target_type", "instance")
            writer.member("target_id", id)
        case .setting(let key, let valueJSON):
            value = valueJSON
            writer.member("target_type", "setting")
            writer.member("target_id", key)
        case .content(let id):
            writer.member("target_type", "content")
            writer.member("target_id", id)
        }
        writer.key("agent")
        AgentShape.write(optional: agent, to: &writer)
        writer.key("value")
        if let value { writer.raw(value.utf8) } else { writer.null() }
        writer.key("by")
        AgentShape.write(optional: entry.by, to: &writer)
        writer.member("origin_instance_id", entry.originInstanceID)
        writer.member("reason", entry.reason)
        writer.member("at", timeMs: entry.atMs)
        writer.member("event_id", entry.eventID)
        writer.member("in_force", entry.isInForce)
        writer.endObject()
    }
}

/// A setting that several decided at the same time.
enum ConflictShape {
    private static let headSchema = Schema.named(
        "SettingHead",
        .object([
            Field("event_id", .text), Field("value", .any), Field("by", AgentShape.schema), Field("at", .timestamp),
        ])
    )

    static let schema = Schema.object([
        Field("key", .text),
        Field("winner", headSchema),
        Field("losers", .array(of: headSchema, minCount: 0)),
        Field("resolved_by", .nullable(headSchema), "What replaced them all, knowing of them; null: the winner counts"),
    ])

    static func write(_ conflict: SettingConflict, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("key", conflict.key)
        writer.key("winner")
        write(conflict.winner, to: &writer)
        writer.key("losers")
        writer.beginArray()
        for loser in conflict.losers { write(loser, to: &writer) }
        writer.endArray()
        writer.key("resolved_by")
        if let later = conflict.resolvedBy { write(later, to: &writer) } else { writer.null() }
        writer.endObject()
    }

    private static func write(_ head: SettingConflict.Head, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event_id", head.eventID)
        writer.key("value")
        writer.raw(head.valueJSON.utf8)
        writer.key("by")
        AgentShape.write(head.by, to: &writer)
        writer.member("at", timeMs: head.atMs)
        writer.endObject()
    }
}
