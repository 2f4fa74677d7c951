import HiveHTTP
import HiveModel
import HivePorts
import HiveSync

/// `group` of the sync administration.
enum GroupShape {
    static let schema = Schema.named(
        "Group",
        .object([
            Field("id", .text),
            Field("sync_group_name", .text),
            Field("hive_name", .text),
            Field("role", .nullable(.options(["owner", "admin", "member", "readonly"])), "This instance's"),
            Field("status", .options(["active", "backfilling", "stopped", "error"])),
            Field("status_reason", .nullable(.text), "A sentence: why it stopped"),
            Field("owner_instance_id", .nullable(.text)),
            Field("members", .array(of: memberSchema, minCount: 0)),
            Field("heads", .map(of: headSchema), "By instance id: how far each log is held"),
            Field("heads_digest", .text),
            Field("state_root", .nullable(.text), "Null while the state is folded again"),
            Field("local_seq", .count, "The arrival number of the newest event"),
            Field("pending", .count, "Events accepted and not yet applied; always 0, for both happen at once"),
            Field("held", .count, "Events held back until a clock allows them"),
            Field("poison", .count),
            Field("forks", .count),
            Field("peers", .array(of: GroupPeerShape.schema, minCount: 0)),
            Field("created_at", .timestamp),
        ])
    )

    private static let memberSchema = Schema.object([
        Field("instance_id", .text), Field("name", .text),
        Field("role", .options(["owner", "admin", "member", "readonly"])), Field("head_seq", .count),
    ])

    private static let headSchema = Schema.object([
        Field("epoch", .count), Field("seq", .count), Field("hash", .text),
    ])

    static func write(_ group: GroupStatus, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", group.id.rawValue)
        writer.member("sync_group_name", group.groupName)
        writer.member("hive_name", group.hiveName)
        writer.member("role", group.role?.rawValue)
        writer.member("status", group.status)
        writer.member("status_reason", group.statusReason)
        writer.member("owner_instance_id", group.owner?.rawValue)
        writer.key("members")
        writer.beginArray()
        for member in group.members { write(member, to: &writer) }
        writer.endArray()
        writer.key("heads")
        writer.beginObject()
        for head in group.heads.heads {
            writer.key(text: head.origin.rawValue)
            writer.beginObject()
            writer.member("epoch", head.place.epoch)
            writer.member("seq", head.place.seq)
            writer.key("hash")
            writer.hex(head.hash)
            writer.endObject()
        }
        writer.endObject()
        writer.key("heads_digest")
        writer.hex(group.heads.digest)
        writer.key("state_root")
        if let root = group.heads.stateRoot { writer.hex(root) } else { writer.null() }
        writer.member("local_seq", group.localSeq)
        writer.member("pending", 0)
        writer.member("held", group.held)
        writer.member("poison", group.poison)
        writer.member("forks", group.forks)
        writer.key("peers")
        writer.beginArray()
        for peer in group.peers { GroupPeerShape.write(peer, to: &writer) }
        writer.endArray()
        writer.member("created_at", timeMs: group.createdAtMs)
        writer.endObject()
    }

    private static func write(_ member: GroupStatus.Member, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("instance_id", member.instance.rawValue)
        writer.member("name", member.name)
        writer.member("role", member.role.rawValue)
        writer.member("head_seq", member.headSeq)
        writer.endObject()
    }
}
