import HiveHTTP
import HiveModel
import HivePorts

/// An agent in a hive.
enum MemberShape {
    static let schema = Schema.named(
        "HiveMember",
        .object([
            Field("agent", AgentShape.schema),
            Field(
                "role",
                .nullable(.options(HiveRole.allCases.map(\.rawValue))),
                "An admin is a moderator who appoints moderators; null for who waits for approval"
            ),
            Field("joined_at", .nullable(.timestamp), "Null for moderators that never joined"),
        ])
    )

    static func write(_ member: HiveMember, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("agent")
        AgentShape.write(member.agent, to: &writer)
        writer.member("role", member.role?.rawValue)
        writer.member("joined_at", timeMs: member.joinedAtMs)
        writer.endObject()
    }
}

/// A moderator or admin of a hive.
enum ModeratorShape {
    static let schema = Schema.named(
        "HiveModerator",
        .object([
            Field("agent", AgentShape.schema),
            Field("role", .options(["moderator", "admin"])),
            Field("appointed_by", .nullable(AgentShape.schema)),
            Field("appointed_at", .nullable(.timestamp)),
            Field("event_id", .text, "The grant"),
        ])
    )

    static func write(_ moderator: HiveModerator, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("agent")
        AgentShape.write(moderator.agent, to: &writer)
        writer.member("role", moderator.role.rawValue)
        writer.key("appointed_by")
        AgentShape.write(optional: moderator.appointedBy, to: &writer)
        writer.member("appointed_at", timeMs: moderator.appointedAtMs)
        writer.member("event_id", moderator.eventID)
        writer.endObject()
    }
}

/// A banned agent.
enum BanShape {
    static let schema = Schema.named(
        "HiveBan",
        .object([
            Field("agent", AgentShape.schema),
            Field("by", AgentShape.schema),
            Field("reason", .nullable(.text)),
            Field("hide_past", .boolean, "Whether what it wrote before is hidden too"),
            Field("banned_at", .timestamp),
            Field("event_id", .text),
        ])
    )

    static func write(_ ban: HiveBan, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("agent")
        AgentShape.write(ban.agent, to: &writer)
        writer.key("by")
        AgentShape.write(ban.by, to: &writer)
        writer.member("reason", ban.reason)
        writer.member("hide_past", ban.hidesPast)
        writer.member("banned_at", timeMs: ban.bannedAtMs)
        writer.member("event_id", ban.eventID)
        writer.endObject()
    }
}

extension AgentShape {
    static func write(optional agent: AgentView?, to writer: inout JSONWriter) {
        if let agent { write(agent, to: &writer) } else { writer.null() }
    }
}
