import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// A stored state against one folded from nothing.
enum VerifyShape {
    static let schema = Schema.object([
        Field("group_id", .text),
        Field("events", .count),
        Field("entities", .count),
        Field("stored_root", .text),
        Field("folded_root", .text),
        Field("equal", .boolean),
        Field("differences", .array(of: .text, minCount: 0), "Sentences, at most 20"),
    ])

    static func response(_ result: VerifyResult) -> Response {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("group_id", result.group.rawValue)
        writer.member("events", result.events)
        writer.member("entities", result.entities)
        writer.key("stored_root")
        writer.hex(result.storedRoot)
        writer.key("folded_root")
        writer.hex(result.foldedRoot)
        writer.member("equal", result.isEqual)
        writer.member("differences", result.differences)
        writer.endObject()
        return .json(writer)
    }
}

/// A page of a log.
enum EventPageShape {
    static let schema = Schema.object([
        Field("events", .array(of: .anyObject, minCount: 0), "In wire form"),
        Field("next_seq", .count, "What to send as `since` next"),
        Field("has_more", .boolean),
        Field("incarnation", .text, "Arrival numbers of another incarnation mean nothing"),
    ])

    /// The page's lines are JSON already: newlines become commas.
    static func response(_ page: EventPage) -> Response {
        var writer = JSONWriter(capacity: page.lines.count + 128)
        writer.beginObject()
        writer.key("events")
        writer.beginArray()
        for line in page.lines.split(separator: UInt8(ascii: "\n")) { writer.raw(line) }
        writer.endArray()
        writer.member("next_seq", page.nextSeq)
        writer.member("has_more", page.hasMore)
        writer.member("incarnation", page.incarnation)
        writer.endObject()
        return .json(writer)
    }
}

/// How sync fares, in short.
enum SyncStatusShape {
    static let schema = Schema.object([
        Field("enabled", .boolean),
        .optional("instance_id", .text),
        .optional("instance_name", .text),
        .optional("sync_endpoint", .nullable(.text), "Null where this instance only dials out"),
        Field(
            "groups",
            .array(
                of: .object([
                    Field("group_name", .text),
                    Field("hive_name", .text),
                    Field("local_seq", .count),
                    Field(
                        "peers",
                        .array(
                            of: .object([
                                Field("name", .text), Field("status", .text), Field("lag", .nullable(.count)),
                                Field("last_sync", .nullable(.timestamp)),
                            ]),
                            minCount: 0
                        )
                    ),
                ]),
                minCount: 0
            )
        ),
    ])

    static func response(_ overview: SyncOverview?) -> Response {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        let isEnabled = overview?.isEnabled ?? false
        writer.member("enabled", isEnabled)
        if let overview, isEnabled {
            writer.member("instance_id", overview.instance.rawValue)
            writer.member("instance_name", overview.instanceName)
            writer.member("sync_endpoint", overview.syncEndpoint)
        }
        writer.key("groups")
        writer.beginArray()
        if isEnabled {
            for group in overview?.groups ?? [] { write(group, to: &writer) }
        }
        writer.endArray()
        writer.endObject()
        return .json(writer)
    }

    private static func write(_ group: GroupStatus, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("group_name", group.groupName)
        writer.member("hive_name", group.hiveName)
        writer.member("local_seq", group.localSeq)
        writer.key("peers")
        writer.beginArray()
        for peer in group.peers {
            writer.beginObject()
            writer.member("name", peer.record.name)
            writer.member("status", peer.record.status)
            writer.member("lag", peer.lag)
            writer.member("last_sync", timeMs: peer.record.lastSyncAtMs)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
