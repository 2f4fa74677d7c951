import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import Hummingbird

/// Instances that asked to be let into a group: an admin decides.
struct SyncRequestController {
    let sync: (any SyncAdmin)?

    var routes: [Route] { [list, approve, deny] }

    private static let id = Route.Parameter.path("id", "The request's id.")
    private static let unknown = Route.Failure(.notFound, "No such request, or it has expired")

    private var list: Route {
        Route(
            .get,
            "/api/v1/sync/requests",
            id: "listJoinRequests",
            summary: "Instances that wait to be let in, oldest first; denied ones until they are forgotten",
            details: """
                Whoever asks without an invite or secret is refused and noted here, once for each group; a request \
                goes seven days after the last try.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [.query("group_id", .string(min: 1, max: 64), "Only to this group.")],
            replies: [
                Route.Reply(
                    .ok,
                    "Requests",
                    .object([Field("data", .array(of: JoinRequestShape.schema, minCount: 0))])
                )
            ],
            errors: [SyncRoutes.unknownGroup, SyncRoutes.off],
            handler: { [sync] request in
                let group = try request.query().string("group_id")
                let requests = try await sync.required().joinRequests(group: group)
                var writer = JSONWriter(capacity: 512 * (requests.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for request in requests { JoinRequestShape.write(request, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var approve: Route {
        Route(
            .post,
            "/api/v1/sync/requests/{id}/approve",
            id: "approveJoinRequest",
            summary: "Let the instance in; its next try succeeds",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            body: Route.Body(
                .object(
                    [.optional("role", .options(["admin", "member", "readonly"]), "Default: member")],
                    isStrict: true
                ),
                isRequired: false
            ),
            replies: [Route.Reply(.ok, "Approved", JoinRequestShape.schema)],
            errors: [
                Self.unknown, Route.Failure(.forbidden, "This instance may not let in others, or not with that role"),
                Route.Failure(.conflict, "The group is not shared from here any more"), SyncRoutes.off,
            ],
            handler: { [sync] request in
                let id = try request.path("id")
                let role = try await request.body().optionalString("role").flatMap(MemberRole.init) ?? .member
                let sync = try sync.required()
                return try await request.answer(.ok, with: JoinRequestShape.writer) { kept in
                    try await sync.keeping(kept).approveRequest(id: id, role: role)
                }
            }
        )
    }

    private var deny: Route {
        Route(
            .post,
            "/api/v1/sync/requests/{id}/deny",
            id: "denyJoinRequest",
            summary: "Refuse the instance; it may ask on, and is not listed as waiting for seven days",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            replies: [Route.Reply(.ok, "Denied", JoinRequestShape.schema)],
            errors: [Self.unknown, SyncRoutes.off],
            handler: { [sync] request in
                let id = try request.path("id")
                let sync = try sync.required()
                return try await request.answer(.ok, with: JoinRequestShape.writer) { kept in
                    try await sync.keeping(kept).denyRequest(id: id)
                }
            }
        )
    }
}

/// A request to be let in.
enum JoinRequestShape {
    static let schema = Schema.named(
        "JoinRequest",
        .object([
            Field("id", .text),
            Field("group_id", .text),
            Field("hive_name", .text),
            Field("instance_id", .text, "It proved to hold this identity"),
            Field("name", .text, "What it calls itself"),
            Field("sync_endpoint", .nullable(.text), "Where it says it answers"),
            Field("address", .nullable(.text), "Whence it called last"),
            Field("status", .options(["pending", "denied", "approved"])),
            Field("tries", .count),
            Field("created_at", .timestamp),
            Field("last_try_at", .timestamp),
            Field("expires_at", .timestamp),
        ])
    )

    static func writer(_ request: PendingJoin) -> JSONWriter {
        var writer = JSONWriter(capacity: 512)
        write(request, to: &writer)
        return writer
    }

    static func write(_ request: PendingJoin, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", request.id)
        writer.member("group_id", request.group.rawValue)
        writer.member("hive_name", request.hiveName)
        writer.member("instance_id", request.instance.rawValue)
        writer.member("name", request.name)
        writer.member("sync_endpoint", request.syncEndpoint)
        writer.member("address", request.address)
        writer.member("status", request.state.rawValue)
        writer.member("tries", request.tries)
        writer.member("created_at", timeMs: request.firstAtMs)
        writer.member("last_try_at", timeMs: request.lastAtMs)
        writer.member("expires_at", timeMs: request.expiresAtMs)
        writer.endObject()
    }
}
