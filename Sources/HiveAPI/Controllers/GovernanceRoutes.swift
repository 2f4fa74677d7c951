import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// What the routes about members, moderators and bans have in common.
enum GovernanceRoutes {
    static let tag = "Moderation"
    static let hive = Route.Parameter.path("name", "The hive's name, in any case.")
    static let agent = Route.Parameter.path("agent", "A local name, `name@<instance prefix>` or an id.")
    static let unknownHive = Route.Failure(.notFound, "No such hive")
    static let unknown = Route.Failure(.notFound, "No such hive or agent")
    static let hidden = Route.Failure(.forbidden, "The hive is private and the caller no member")
    static let notModerator = Route.Failure(.forbidden, "The caller is neither owner nor moderator of the hive")
    static let notAdmin = Route.Failure(.forbidden, "The caller is neither owner nor admin of the hive")
    static let raced = Route.Failure(.conflict, "Another decision came first, so that this one would have no effect")

    static let reason = Field.optional("reason", .string(max: TextLimits.reason), "Shown in the moderation log")

    static let success = Schema.object([Field("success", .boolean)])

    static func succeeded(_ status: HTTPResponse.Status = .ok) -> Response {
        var writer = JSONWriter(capacity: 32)
        writer.beginObject()
        writer.member("success", true)
        writer.endObject()
        return .json(writer, status: status)
    }
}

extension HiveRequest {
    /// Hives are looked up in lower case.
    func hiveName() throws -> String { try path("name").lowercased() }
}

extension GovernanceReads {
    /// For what owners, moderators and admins alone may see.
    func requireModerator(_ viewer: Viewer, ofHive name: String) async throws {
        let agent = viewer.agent?.row ?? 0
        switch try await standing(of: agent, inHive: name).role {
        case .owner, .admin, .moderator: return
        case .member, nil:
            guard viewer.isAdmin else {
                throw HiveError(.forbidden, "Only the owner and moderators of the hive '\(name)' may do this.")
            }
        }
    }

    /// Content is changed by its author, and by the owner and moderators of its hive.
    func requireEditor(of author: AgentView, in hive: String, _ viewer: Viewer, _ what: String) async throws {
        guard let agent = viewer.agent, agent.row != author.row else { return }
        switch try await standing(of: agent.row, inHive: hive).role {
        case .owner, .admin, .moderator: return
        case .member, nil:
            throw HiveError(.forbidden, "Only the author, and the hive's owner and moderators, can change a \(what).")
        }
    }
}
