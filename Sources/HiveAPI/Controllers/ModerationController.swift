import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// What moderators do with posts, what was done in a hive, and handing a hive over.
struct ModerationController {
    let reads: any CommunityReads
    let governance: any GovernanceReads
    let writes: any GovernanceWrites

    var routes: [Route] { [pin, history, log, transfer] }

    private static let post = Route.Parameter.path("id", "The post's id.")
    private static let unknownPost = Route.Failure(.notFound, "No such post, or it was deleted")

    private var pin: Route {
        Route(
            .post,
            "/api/v1/posts/{id}/pin",
            id: "pinPost",
            summary: "Pin a post, or unpin a pinned one",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [Self.post],
            replies: [Route.Reply(.ok, "Whether it is pinned now", .object([Field("is_pinned", .boolean)]))],
            errors: [GovernanceRoutes.notModerator, Self.unknownPost],
            handler: { [writes] request in
                let isPinned = try await writes.togglePin(ofPost: try request.path("id"), by: request.viewer)
                var writer = JSONWriter(capacity: 32)
                writer.beginObject()
                writer.member("is_pinned", isPinned)
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var history: Route {
        Route(
            .get,
            "/api/v1/posts/{id}/history",
            id: "getPostHistory",
            summary: "What a post was and became, oldest first",
            tag: "Posts",
            access: .optional,
            parameters: [Self.post],
            replies: [
                Route.Reply(
                    .ok,
                    "Its creation, edits and pins",
                    .object([Field("data", .array(of: RevisionShape.schema, minCount: 0))])
                )
            ],
            errors: [GovernanceRoutes.hidden, Self.unknownPost],
            handler: { [governance] request in
                let id = try request.path("id")
                guard let revisions = try await governance.history(ofPost: id, viewer: request.viewer) else {
                    throw HiveError(.notFound, "There is no post '\(id)', or it was deleted.")
                }
                var writer = JSONWriter(capacity: 1024 * (revisions.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for revision in revisions { RevisionShape.write(revision, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var log: Route {
        Route(
            .get,
            "/api/v1/hives/{name}/modlog",
            id: "getModerationLog",
            summary: "Who did what to what, when and why; local and replicated, newest first",
            details: "For the hive's owner and moderators, and admins of this instance.",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive, Lists.limit, Lists.offset],
            replies: [
                Route.Reply(
                    .ok,
                    "A page",
                    .object([
                        Field("data", .array(of: ModerationEntryShape.schema, minCount: 0)), Field("limit", .count),
                        Field("offset", .count),
                    ])
                )
            ],
            errors: [GovernanceRoutes.notModerator, GovernanceRoutes.unknownHive],
            handler: { [governance] request in
                let name = try request.hiveName()
                try await governance.requireModerator(request.viewer, ofHive: name)
                let (limit, offset) = Lists.bounds(try request.query())
                let entries = try await governance.moderationLog(
                    ofHive: name,
                    viewer: request.viewer,
                    limit: limit,
                    offset: offset
                )
                var writer = JSONWriter(capacity: 1024 * (entries.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for entry in entries { ModerationEntryShape.write(entry, to: &writer) }
                writer.endArray()
                writer.member("limit", Int64(limit))
                writer.member("offset", Int64(offset))
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var transfer: Route {
        Route(
            .post,
            "/api/v1/hives/{name}/transfer",
            id: "transferHive",
            summary: "Give a hive to another agent, here or on another instance of its group",
            details: "The new owner's instance takes over as soon as it receives this.",
            tag: GovernanceRoutes.tag,
            access: .agent,
            parameters: [GovernanceRoutes.hive],
            body: Route.Body([Field("agent", .string(min: 1), "A local name, `name@<instance prefix>` or an id")]),
            replies: [Route.Reply(.ok, "The hive with its new owner", HiveShape.schema)],
            errors: [
                Route.Failure(.forbidden, "The caller is not the owner"), GovernanceRoutes.unknown,
                GovernanceRoutes.raced,
            ],
            handler: { [reads, governance, writes] request in
                let json = try await request.json()
                let name = try request.hiveName()
                guard try await reads.hive(named: name, viewer: request.viewer) != nil else {
                    throw HiveError(.notFound, "There is no hive '\(name)'.")
                }
                try await governance.requireModerator(request.viewer, ofHive: name)
                let agent = try request.checked(json).string("agent")
                let hive = try await writes.transferHive(named: name, to: agent, by: request.viewer)
                var writer = JSONWriter()
                HiveShape.write(hive, to: &writer)
                return .json(writer)
            }
        )
    }
}
