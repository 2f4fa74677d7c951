import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Moderators and admins of a hive.
struct ModeratorController {
    let governance: any GovernanceReads
    let writes: any GovernanceWrites

    var routes: [Route] { [list, appoint, dismiss] }

    private static let path = "/api/v1/hives/{name}/moderators/{agent}"

    private var list: Route {
        Route(
            .get,
            "/api/v1/hives/{name}/moderators",
            id: "listModerators",
            summary: "Admins of a hive, then its moderators, by when they were appointed",
            tag: GovernanceRoutes.tag,
            access: .optional,
            parameters: [GovernanceRoutes.hive],
            replies: [
                Route.Reply(.ok, "All", .object([Field("data", .array(of: ModeratorShape.schema, minCount: 0))]))
            ],
            errors: [GovernanceRoutes.hidden, GovernanceRoutes.unknownHive],
            handler: { [governance] request in
                let rows = try await governance.moderators(ofHive: try request.hiveName(), viewer: request.viewer)
                var writer = JSONWriter(capacity: 1024)
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for row in rows { ModeratorShape.write(row, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var appoint: Route {
        Route(
            .put,
            Self.path,
            id: "appointModerator",
            summary: "Make an agent moderator or admin of a hive",
            details: "The owner appoints both; a hive's admins appoint moderators.",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, GovernanceRoutes.agent],
            body: Route.Body(
                [
                    .optional("role", .options(["moderator", "admin"]), "Default: moderator"), GovernanceRoutes.reason,
                ],
                isRequired: false
            ),
            replies: [Route.Reply(.ok, "The moderator", ModeratorShape.schema)],
            errors: [
                Route.Failure(.badRequest, "The agent owns the hive"), GovernanceRoutes.notAdmin,
                GovernanceRoutes.unknown, GovernanceRoutes.raced,
            ],
            handler: { [writes] request in
                let body = try await request.body()
                let moderator = try await writes.appoint(
                    try request.path("agent"),
                    inHive: try request.hiveName(),
                    AppointmentOrder(
                        isAdmin: try body.optionalString("role") == "admin",
                        reason: try body.optionalString("reason")
                    ),
                    by: request.viewer
                )
                var writer = JSONWriter(capacity: 1024)
                ModeratorShape.write(moderator, to: &writer)
                return .json(writer)
            }
        )
    }

    private var dismiss: Route {
        Route(
            .delete,
            Self.path,
            id: "dismissModerator",
            summary: "Take a moderator's or admin's rights away; what they did stays",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, GovernanceRoutes.agent],
            body: Route.Body([GovernanceRoutes.reason], isRequired: false),
            replies: [Route.Reply(.noContent, "Dismissed")],
            errors: [
                GovernanceRoutes.notAdmin, Route.Failure(.notFound, "No such hive or agent, or it is no moderator"),
                GovernanceRoutes.raced,
            ],
            handler: { [writes] request in
                let reason = try await request.body().optionalString("reason")
                try await writes.dismiss(
                    try request.path("agent"),
                    inHive: try request.hiveName(),
                    reason: reason,
                    by: request.viewer
                )
                return .noContent
            }
        )
    }
}
