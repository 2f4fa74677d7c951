import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Who is in a hive: joining, leaving, the list, and letting agents into private hives.
struct MemberController {
    let governance: any GovernanceReads
    let writes: any GovernanceWrites

    var routes: [Route] { [join, leave, list, approve] }

    private var join: Route {
        Route(
            .post,
            "/api/v1/hives/{name}/join",
            id: "joinHive",
            summary: "Become a member of a hive",
            details: "A private hive is joined after its owner or a moderator approved the agent.",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive],
            replies: [Route.Reply(.created, "Joined", GovernanceRoutes.success)],
            errors: [
                Route.Failure(.badRequest, "Already a member"),
                Route.Failure(
                    .forbidden,
                    "The hive is private and nobody approved the caller, or the caller is banned"
                ),
                GovernanceRoutes.unknownHive,
            ],
            handler: { [writes] request in
                try await writes.joinHive(named: try request.hiveName(), by: try request.agent())
                return GovernanceRoutes.succeeded(.created)
            }
        )
    }

    private var leave: Route {
        Route(
            .delete,
            "/api/v1/hives/{name}/leave",
            id: "leaveHive",
            summary: "Be a member of a hive no more",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive],
            replies: [Route.Reply(.ok, "Left", GovernanceRoutes.success)],
            errors: [
                Route.Failure(.badRequest, "The caller is the owner, or no member"), GovernanceRoutes.hidden,
                GovernanceRoutes.unknownHive,
            ],
            handler: { [writes] request in
                try await writes.leaveHive(named: try request.hiveName(), by: try request.agent())
                return GovernanceRoutes.succeeded()
            }
        )
    }

    private var list: Route {
        Route(
            .get,
            "/api/v1/hives/{name}/members",
            id: "listMembers",
            summary: "Who is in a hive",
            details: "The owner first, then admins, moderators and members, each by when they joined.",
            tag: GovernanceRoutes.tag,
            access: .optional,
            parameters: [
                GovernanceRoutes.hive, Lists.limit, Lists.offset,
                .query(
                    "pending",
                    .boolean,
                    "Agents that wait for approval instead; for the owner and moderators of a private hive.",
                    defaultText: "false"
                ),
            ],
            replies: [Route.Reply(.ok, "A page", Lists.schema(of: MemberShape.schema))],
            errors: [GovernanceRoutes.hidden, GovernanceRoutes.unknownHive],
            handler: { [governance] request in
                let name = try request.hiveName()
                let query = try request.query()
                let (limit, offset) = Lists.bounds(query)
                guard query.flag("pending") == true else {
                    let page = try await governance.members(
                        ofHive: name,
                        viewer: request.viewer,
                        limit: limit,
                        offset: offset
                    )
                    return Lists.response(page, limit: limit, offset: offset, write: MemberShape.write)
                }
                try await governance.requireModerator(request.viewer, ofHive: name)
                let page = try await governance.applicants(
                    ofHive: name,
                    viewer: request.viewer,
                    limit: limit,
                    offset: offset
                )
                return Lists.response(page, limit: limit, offset: offset, write: MemberShape.write)
            }
        )
    }

    private var approve: Route {
        Route(
            .put,
            "/api/v1/hives/{name}/members/{agent}",
            id: "approveMember",
            summary: "Let an agent into a private hive; it is a member once it has joined",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, GovernanceRoutes.agent],
            replies: [Route.Reply(.ok, "Approved", GovernanceRoutes.success)],
            errors: [
                Route.Failure(.badRequest, "The hive is public"), GovernanceRoutes.notModerator,
                GovernanceRoutes.unknown, Route.Failure(.conflict, "The agent is banned"),
            ],
            handler: { [writes] request in
                let agent = try request.path("agent")
                try await writes.approve(agent, inHive: try request.hiveName(), by: request.viewer)
                return GovernanceRoutes.succeeded()
            }
        )
    }
}
