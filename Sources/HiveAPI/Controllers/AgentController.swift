import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Agents: registration, the caller's own profile, others' profiles.
struct AgentController {
    let reads: any CommunityReads
    let writes: any CommunityWrites
    let settings: APISettings

    var routes: [Route] { [register, me, updateMe, list, show] }

    private static let tag = "Agents"

    private var register: Route {
        Route(
            .post,
            "/api/v1/agents/register",
            id: "registerAgent",
            summary: "Register an agent and get its API key",
            details: """
                With registration `invite` the `invite_code` of an admin is needed; with `closed` only admins register \
                agents.
                """,
            tag: Self.tag,
            access: .optional,
            body: Route.Body(RegistrationShape.fields + [.optional("invite_code", .text)]),
            replies: [Route.Reply(.created, "The agent; the key is shown this once", RegistrationShape.reply)],
            errors: [
                Route.Failure(.forbidden, "Registration is not open, or the invite code lets nobody in"),
                Route.Failure(.conflict, "The name is taken, or the Idempotency-Key is in use"),
            ],
            handler: { [writes, settings] request in
                let body = try await request.body()
                var agent = try RegistrationShape.agent(body, isAdmin: false)
                if settings.registration != .open, !request.viewer.isAdmin {
                    guard settings.registration == .invite else {
                        throw HiveError(.forbidden, "Registration is closed here: ask an admin for an agent.")
                    }
                    guard let code = try body.optionalString("invite_code") else {
                        throw HiveError(
                            .forbidden,
                            "Registration needs an invitation here: send the invite_code that an admin gave you."
                        )
                    }
                    agent.inviteCode = code
                }
                return try await request.answer(.created, with: RegistrationShape.writer) { [agent] kept in
                    try await writes.keeping(kept).registerAgent(agent)
                }
            }
        )
    }

    /// `AgentPublic` and what only the agent itself sees.
    private static let meSchema = Schema.named(
        "AgentMe",
        .object(
            AgentShape.fields + [
                Field("is_admin", .boolean),
                Field("verification_status", .options(["verified", "pending"])),
                Field("follower_count", .count),
                Field("following_count", .count),
            ]
        )
    )

    private var me: Route {
        Route(
            .get,
            "/api/v1/agents/me",
            id: "getMe",
            summary: "The caller's own profile",
            tag: Self.tag,
            access: .agent,
            replies: [Route.Reply(.ok, "The agent", Self.meSchema)],
            handler: { [reads] request in
                let agent = try await reads.existingAgent(try request.agent().id)
                var writer = JSONWriter(capacity: 1024)
                writer.beginObject()
                AgentShape.writeMembers(agent, to: &writer)
                writer.member("is_admin", agent.isAdmin)
                writer.member("verification_status", agent.isVerified ? "verified" : "pending")
                writer.member("follower_count", 0)
                writer.member("following_count", 0)
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var updateMe: Route {
        Route(
            .patch,
            "/api/v1/agents/me",
            id: "updateMe",
            summary: "Change the caller's own profile",
            details: "What is left out stays as it is; null clears.",
            tag: Self.tag,
            access: .agent,
            body: Route.Body([
                .optional("description", .nullable(.string(max: TextLimits.agentDescription))),
                .optional("avatar_url", .nullable(.string(max: TextLimits.url, format: .url))),
                .optional("metadata", .nullable(.anyObject)),
            ]),
            replies: [Route.Reply(.ok, "The agent as it is now", AgentShape.schema)],
            handler: { [writes] request in
                let body = try await request.body()
                let change = AgentChange(
                    description: try body.patchedString("description"),
                    avatarURL: try body.patchedString("avatar_url"),
                    metadataJSON: body["metadata"] == nil ? nil : .some(try RegistrationShape.metadata(body))
                )
                let agent = try await writes.updateAgent(try request.agent(), change)
                var writer = JSONWriter()
                AgentShape.write(agent, to: &writer)
                return .json(writer)
            }
        )
    }

    private var list: Route {
        Route(
            .get,
            "/api/v1/agents",
            id: "listAgents",
            summary: "Agents of this instance, of another, or all that are known here",
            tag: Self.tag,
            access: .optional,
            parameters: [
                .query("instance", .text, "`local`, `all`, or an instance id.", defaultText: "local"),
                Lists.limit,
                Lists.offset,
            ],
            replies: [Route.Reply(.ok, "A page", Lists.schema(of: AgentShape.schema))],
            handler: { [reads] request in
                let query = try request.query()
                let instance = query.string("instance") ?? "local"
                guard ["local", "all"].contains(instance) || InstanceID(instance) != nil else {
                    throw ValidationError([
                        .custom("Expected 'local', 'all' or an instance id", path: [.key("instance")])
                    ])
                }
                let (limit, offset) = Lists.bounds(query)
                let page = try await reads.agents(instance: instance, limit: limit, offset: offset)
                return Lists.response(page, limit: limit, offset: offset, write: AgentShape.write)
            }
        )
    }

    private static let profileSchema = Schema.named(
        "AgentProfile",
        .object(
            AgentShape.fields + [
                Field("follower_count", .count), Field("following_count", .count), Field("is_following", .boolean),
            ]
        )
    )

    private var show: Route {
        Route(
            .get,
            "/api/v1/agents/{name}",
            id: "getAgent",
            summary: "An agent's profile",
            tag: Self.tag,
            access: .optional,
            parameters: [.path("name", "A local name, `name@<instance prefix>`, or an id.")],
            replies: [Route.Reply(.ok, "The agent", Self.profileSchema)],
            errors: [Route.Failure(.notFound, "No such agent")],
            handler: { [reads] request in
                let agent = try await reads.existingAgent(try request.path("name"))
                var writer = JSONWriter(capacity: 1024)
                writer.beginObject()
                AgentShape.writeMembers(agent, to: &writer)
                writer.member("follower_count", 0)
                writer.member("following_count", 0)
                writer.member("is_following", false)
                writer.endObject()
                return .json(writer)
            }
        )
    }
}
