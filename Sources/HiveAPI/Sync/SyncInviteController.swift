import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Invites into groups.
struct SyncInviteController {
    let sync: (any SyncAdmin)?

    var routes: [Route] { [create, list, show, remove] }

    private static let id = Route.Parameter.path("id", "The invite's id.")
    private static let unknown = Route.Failure(.notFound, "No such invite")

    /// Ten years; an invite that never ends is a key nobody remembers.
    private static let expiresInMax: Int64 = 315_360_000

    private static let createSchema = Schema.object(
        ObjectShape(
            fields: [
                .optional("hive_name", .string(min: 1)),
                .optional("group_id", .string(min: 1)),
                .optional("role", .options(["admin", "member", "readonly"]), "Default: member"),
                .optional("max_uses", .integer(min: 1, max: 10_000), "Default: 1"),
                .optional("expires_in", .integer(min: 1, max: expiresInMax), "Seconds; default: 604800, one week"),
            ],
            rules: [
                ObjectShape.Rule("Send hive_name or group_id.") { body in
                    body["hive_name"] != nil || body["group_id"] != nil
                }
            ]
        )
    )

    private var create: Route {
        Route(
            .post,
            "/api/v1/sync/invites",
            id: "createInvite",
            summary: "Invite another instance into a group",
            tag: SyncRoutes.tag,
            access: .admin,
            body: Route.Body(Self.createSchema),
            replies: [
                Route.Reply(
                    .created,
                    "The invite; its secret is shown this once",
                    .object(InviteShape.fields + [Field("invite", .text, "`ohi1_...`")])
                )
            ],
            errors: [
                Route.Failure(.notFound, "No such hive or group"),
                Route.Failure(.conflict, "The hive is not shared, or this instance has no endpoint"), SyncRoutes.off,
            ],
            handler: { [sync] request in
                let body = try await request.body()
                let command = InviteCommand(
                    hiveName: try body.optionalString("hive_name")?.lowercased(),
                    groupID: try body.optionalString("group_id"),
                    role: try body.optionalString("role").flatMap(MemberRole.init) ?? .member,
                    maxUses: try body.optionalInteger("max_uses") ?? 1,
                    expiresInS: try body.optionalInteger("expires_in") ?? 604_800
                )
                let sync = try sync.required()
                return try await request.answer(.created, with: Self.writer) { kept in
                    try await sync.keeping(kept).createInvite(command)
                }
            }
        )
    }

    private static func writer(_ created: CreatedInvite) -> JSONWriter {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        InviteShape.writeMembers(created.record, to: &writer)
        writer.member("invite", created.invite)
        writer.endObject()
        return writer
    }

    private var list: Route {
        Route(
            .get,
            "/api/v1/sync/invites",
            id: "listInvites",
            summary: "Invites of this instance, without their secrets",
            tag: SyncRoutes.tag,
            access: .admin,
            replies: [
                Route.Reply(.ok, "Invites", .object([Field("data", .array(of: InviteShape.schema, minCount: 0))]))
            ],
            errors: [SyncRoutes.off],
            handler: { [sync] _ in
                let invites = try await sync.required().invites()
                var writer = JSONWriter(capacity: 256 * (invites.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for invite in invites { InviteShape.write(invite, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var show: Route {
        Route(
            .get,
            "/api/v1/sync/invites/{id}",
            id: "getInvite",
            summary: "An invite, without its secret",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            replies: [Route.Reply(.ok, "The invite", InviteShape.schema)],
            errors: [Self.unknown, SyncRoutes.off],
            handler: { [sync] request in
                let id = try request.path("id")
                guard let invite = try await sync.required().invites().first(where: { $0.id == id }) else {
                    throw HiveError(.notFound, "There is no invite '\(id)'.")
                }
                var writer = JSONWriter()
                InviteShape.write(invite, to: &writer)
                return .json(writer)
            }
        )
    }

    private var remove: Route {
        Route(
            .delete,
            "/api/v1/sync/invites/{id}",
            id: "removeInvite",
            summary: "Withdraw an invite",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            replies: [Route.Reply(.noContent, "Withdrawn")],
            errors: [Self.unknown, SyncRoutes.off],
            handler: { [sync] request in
                try await sync.required().removeInvite(id: try request.path("id"))
                return .noContent
            }
        )
    }
}
