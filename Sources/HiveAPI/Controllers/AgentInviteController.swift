import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Codes with which agents register where registration needs an invitation.
struct AgentInviteController {
    let invites: any AgentInvites

    var routes: [Route] { [create, list, remove] }

    private static let tag = "Admin"

    private static let fields = [
        Field("id", .text),
        Field("created_by", .nullable(.text), "The admin agent that made it"),
        Field("used_by", .nullable(.text), "The agent that used it last"),
        Field("uses_left", .count),
        Field("expires_at", .nullable(.timestamp)),
        Field("created_at", .timestamp),
    ]

    private static func writeMembers(_ invite: AgentInvite, to writer: inout JSONWriter) {
        writer.member("id", invite.id)
        writer.member("created_by", invite.createdBy)
        writer.member("used_by", invite.usedBy)
        writer.member("uses_left", invite.usesLeft)
        writer.member("expires_at", timeMs: invite.expiresAtMs)
        writer.member("created_at", timeMs: invite.createdAtMs)
    }

    private var create: Route {
        Route(
            .post,
            "/api/v1/admin/invites",
            id: "createAgentInvite",
            summary: "Make a code with which agents register",
            tag: Self.tag,
            access: .admin,
            body: Route.Body(
                .object(
                    [
                        .optional("uses", .integer(min: 1, max: 10_000), "How many agents may use it; default: 1"),
                        .optional("expires_in_days", .integer(min: 1, max: 3_650), "Default: never"),
                    ],
                    isStrict: true
                ),
                isRequired: false
            ),
            replies: [
                Route.Reply(
                    .created,
                    "The code; it is shown this once",
                    .object(Self.fields + [Field("code", .text)])
                )
            ],
            handler: { [invites] request in
                let body = try await request.body()
                let new = NewAgentInvite(
                    uses: try body.optionalInteger("uses") ?? 1,
                    expiresInDays: try body.optionalInteger("expires_in_days"),
                    createdBy: request.viewer.agent?.id
                )
                return try await request.answer(.created, with: Self.writer) { kept in
                    try await invites.createAgentInvite(new, keeping: kept)
                }
            }
        )
    }

    private static func writer(_ created: CreatedAgentInvite) -> JSONWriter {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writeMembers(created.invite, to: &writer)
        writer.member("code", created.code)
        writer.endObject()
        return writer
    }

    private var list: Route {
        Route(
            .get,
            "/api/v1/admin/invites",
            id: "listAgentInvites",
            summary: "Codes for agents, newest first, without the codes themselves",
            tag: Self.tag,
            access: .admin,
            parameters: [
                .query("active_only", .boolean, "Only those that still let somebody in.", defaultText: "false"),
                .query("limit", .integer(min: 1, max: 100), "Rows of a page.", defaultText: "50"),
                .query("offset", .integer(min: 0), "Rows to pass over.", defaultText: "0"),
            ],
            replies: [
                Route.Reply(.ok, "Codes", .object([Field("data", .array(of: .object(Self.fields), minCount: 0))]))
            ],
            handler: { [invites] request in
                let query = try request.query()
                let page = try await invites.agentInvites(
                    isActive: query.flag("active_only") ?? false,
                    limit: Int(query.integer("limit") ?? 50),
                    offset: Int(query.integer("offset") ?? 0)
                )
                var writer = JSONWriter(capacity: 256 * (page.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for invite in page {
                    writer.beginObject()
                    Self.writeMembers(invite, to: &writer)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var remove: Route {
        Route(
            .delete,
            "/api/v1/admin/invites/{id}",
            id: "removeAgentInvite",
            summary: "Withdraw a code",
            tag: Self.tag,
            access: .admin,
            parameters: [Route.Parameter.path("id", "The invite's id.")],
            replies: [Route.Reply(.noContent, "Withdrawn")],
            errors: [Route.Failure(.notFound, "No such invite")],
            handler: { [invites] request in
                try await invites.removeAgentInvite(id: try request.path("id"))
                return .noContent
            }
        )
    }
}
