import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// How to log in, and as whom one is.
struct AuthController {
    let reads: any CommunityReads
    let settings: APISettings

    var routes: [Route] { [mode, me] }

    private var mode: Route {
        Route(
            .get,
            "/api/v1/auth/mode",
            id: "getAuthMode",
            summary: "How this instance knows its callers",
            tag: "Auth",
            access: .optional,
            replies: [
                Route.Reply(
                    .ok,
                    "The mode",
                    .object([
                        Field("mode", .options(["local", "token"])),
                        Field("registration", .options(["open", "invite", "closed"])),
                        .optional("agent", .nullable(AgentShape.schema), "In local mode, whom requests act as"),
                    ])
                )
            ],
            handler: { [reads, settings] _ in
                var writer = JSONWriter()
                writer.beginObject()
                writer.member("mode", settings.authMode.rawValue)
                writer.member("registration", settings.registration.rawValue)
                if settings.authMode == .local {
                    writer.key("agent")
                    let local = try await reads.localAdmin()
                    if let local, let agent = try await reads.agent(named: local.id) {
                        AgentShape.write(agent, to: &writer)
                    } else {
                        writer.null()
                    }
                }
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var me: Route {
        Route(
            .get,
            "/api/v1/auth/me",
            id: "getAuthMe",
            summary: "The agent that the request acts as",
            tag: "Auth",
            access: .agent,
            replies: [Route.Reply(.ok, "The agent", AgentShape.schema)],
            handler: { [reads] request in
                let agent = try await reads.existingAgent(try request.agent().id)
                var writer = JSONWriter()
                AgentShape.write(agent, to: &writer)
                return .json(writer)
            }
        )
    }
}

extension CommunityReads {
    /// The agent of that name, `name@<instance prefix>` or id; 404 where there is none.
    func existingAgent(_ name: String) async throws -> AgentView {
        guard let agent = try await agent(named: name) else {
            throw HiveError(.notFound, "There is no agent '\(name)'.")
        }
        return agent
    }
}
