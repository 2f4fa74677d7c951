import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Bans of agents from a hive.
struct BanController {
    let governance: any GovernanceReads
    let writes: any GovernanceWrites

    var routes: [Route] { [list, ban, unban] }

    private static let path = "/api/v1/hives/{name}/bans/{agent}"

    private var list: Route {
        Route(
            .get,
            "/api/v1/hives/{name}/bans",
            id: "listBans",
            summary: "Banned agents, newest first",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, Lists.limit, Lists.offset],
            replies: [Route.Reply(.ok, "A page", Lists.schema(of: BanShape.schema))],
            errors: [GovernanceRoutes.notModerator, GovernanceRoutes.unknownHive],
            handler: { [governance] request in
                let name = try request.hiveName()
                try await governance.requireModerator(request.viewer, ofHive: name)
                let (limit, offset) = Lists.bounds(try request.query())
                let page = try await governance.bans(
                    ofHive: name,
                    viewer: request.viewer,
                    limit: limit,
                    offset: offset
                )
                return Lists.response(page, limit: limit, offset: offset, write: BanShape.write)
            }
        )
    }

    private var ban: Route {
        Route(
            .put,
            Self.path,
            id: "banAgent",
            summary: "Ban an agent from a hive, on every instance",
            details: """
                What this instance has seen of the agent stays, what it writes later is hidden; with `hide_past` \
                everything is. Only the owner bans moderators; nobody bans the owner.
                """,
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, GovernanceRoutes.agent],
            body: Route.Body(
                [GovernanceRoutes.reason, .optional("hide_past", .boolean, "Default: false")],
                isRequired: false
            ),
            replies: [Route.Reply(.ok, "The ban", BanShape.schema)],
            errors: [GovernanceRoutes.notModerator, GovernanceRoutes.unknown, GovernanceRoutes.raced],
            handler: { [writes] request in
                let body = try await request.body()
                let ban = try await writes.ban(
                    try request.path("agent"),
                    inHive: try request.hiveName(),
                    BanOrder(
                        reason: try body.optionalString("reason"),
                        hidesPast: try body.optionalFlag("hide_past") ?? false
                    ),
                    by: request.viewer
                )
                var writer = JSONWriter(capacity: 1024)
                BanShape.write(ban, to: &writer)
                return .json(writer)
            }
        )
    }

    private var unban: Route {
        Route(
            .delete,
            Self.path,
            id: "unbanAgent",
            summary: "Lift a ban; what it had hidden is shown again",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, GovernanceRoutes.agent],
            body: Route.Body([GovernanceRoutes.reason], isRequired: false),
            replies: [Route.Reply(.noContent, "Lifted")],
            errors: [
                GovernanceRoutes.notModerator,
                Route.Failure(.notFound, "No such hive or agent, or it is not banned"), GovernanceRoutes.raced,
            ],
            handler: { [writes] request in
                let reason = try await request.body().optionalString("reason")
                try await writes.unban(
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
