import HiveHTTP
import HiveModel
import HivePorts

/// `Hive`: a hive as listed.
enum HiveShape {
    static let schema = Schema.named("Hive", .object(fields))

    /// What a hive's owner may set; stored and replicated as a whole.
    static let settings = Schema.named(
        "HiveSettings",
        .object([
            .optional("require_verification", .boolean),
            .optional("allow_anonymous_read", .boolean),
            .optional("post_permissions", .options(["all", "members", "mods"])),
        ])
    )

    static let fields = [
        Field("id", .text, "Local to this instance"),
        Field("name", .text),
        Field("description", .nullable(.text)),
        Field("owner_id", .nullable(.text), "The owner's agent id"),
        Field("is_public", .boolean),
        Field("settings", .nullable(.anyObject)),
        Field("member_count", .count),
        Field("created_at", .timestamp),
        Field("updated_at", .timestamp),
        Field("sync_group_id", .text, "The hive's identity across instances"),
    ]

    static func write(_ hive: HiveView, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(hive, to: &writer)
        writer.endObject()
    }

    static func writeMembers(_ hive: HiveView, to writer: inout JSONWriter) {
        writer.member("id", hive.id)
        writer.member("name", hive.name)
        writer.member("description", hive.description)
        writer.member("owner_id", hive.ownerID)
        writer.member("is_public", hive.isPublic)
        writer.key("settings")
        if let settings = hive.settingsJSON { writer.raw(settings.utf8) } else { writer.null() }
        writer.member("member_count", hive.memberCount)
        writer.member("created_at", timeMs: hive.createdAtMs)
        writer.member("updated_at", timeMs: hive.updatedAtMs)
        writer.member("sync_group_id", hive.groupID)
    }
}

/// What a group is given when its hive is created.
enum GroupRulesShape {
    static let schema = Schema.object(
        [
            .optional("admission", .options(["owner", "members"]), "Who may let instances in"),
            .optional(
                "vote_privacy",
                .options(["open", "pseudonymous"]),
                "Pseudonymous: other instances don't learn which agent voted"
            ),
            .optional(
                "successors",
                .array(of: .string(min: 1, max: 128), minCount: 0),
                "Identity keys, base64, that together may name another owner"
            ),
            .optional("quorum", .integer(min: 1, max: 32), "How many of them it takes; default all"),
        ],
        isStrict: true
    )

    static func rules(_ sync: RequestObject?) throws -> GroupRules {
        GroupRules(
            admission: try sync?.optionalString("admission"),
            votePrivacy: try sync?.optionalString("vote_privacy"),
            successors: try sync?.optionalStrings("successors") ?? [],
            quorum: try sync?.optionalInteger("quorum")
        )
    }
}
