import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import Hummingbird

/// Groups: sharing hives, joining those of others, and looking after them.
struct SyncGroupController {
    let sync: (any SyncAdmin)?
    /// Answers what needs no network, also while sync is switched off.
    let groups: (any SyncAdmin)?

    var routes: [Route] { [status, share, list, show, join, joinByID, stop, resync, verify, events] }

    private var share: Route {
        Route(
            .post,
            "/api/v1/sync/groups",
            id: "shareHive",
            summary: "Make a hive joinable",
            details: """
                Every hive has its group from birth; this opens it to others. How a group admits, votes and succeeds \
                is given when the hive is created.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            body: Route.Body(
                .object([Field("hive_name", .string(min: 1))], isStrict: true)
            ),
            replies: [Route.Reply(.created, "The group", GroupShape.schema)],
            errors: [
                Route.Failure(.notFound, "No such hive"), Route.Failure(.conflict, "The hive is shared already"),
                SyncRoutes.off,
            ],
            handler: { [sync] request in
                let hive = try await request.body().string("hive_name").lowercased()
                return Self.response(try await sync.required().shareHive(named: hive), status: .created)
            }
        )
    }

    private var list: Route {
        Route(
            .get,
            "/api/v1/sync/groups",
            id: "listGroups",
            summary: "All groups of this instance",
            tag: SyncRoutes.tag,
            access: .admin,
            replies: [
                Route.Reply(.ok, "Groups", .object([Field("data", .array(of: GroupShape.schema, minCount: 0))]))
            ],
            errors: [SyncRoutes.off],
            handler: { [groups] _ in
                let groups = try await groups.required().groups()
                var writer = JSONWriter(capacity: 2048 * (groups.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for group in groups { GroupShape.write(group, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var show: Route {
        Route(
            .get,
            "/api/v1/sync/groups/{id}",
            id: "getGroup",
            summary: "A group, its members, heads and peers",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            replies: [Route.Reply(.ok, "The group", GroupShape.schema)],
            errors: [SyncRoutes.unknownGroup, SyncRoutes.off],
            handler: { [groups] request in
                Self.response(try await groups.required().group(id: try request.path("id")))
            }
        )
    }

    private var stop: Route {
        Route(
            .delete,
            "/api/v1/sync/groups/{id}",
            id: "stopSharing",
            summary: "Leave a group and stop sharing; what is here stays",
            details: """
                Writes this instance's own removal and tells the peers; those that can't be reached hear of it when \
                they next ask, or are told later. The hive can be read here from then on, not written. An owner alone \
                only stops sharing. Left before, or removed: nothing to do, 204.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            replies: [Route.Reply(.noContent, "Left")],
            errors: [
                SyncRoutes.unknownGroup,
                Route.Failure(.conflict, "An owner can't leave while others are members: it hands over first"),
                SyncRoutes.off,
            ],
            handler: { [sync] request in
                try await sync.required().stopSharing(group: try request.path("id"))
                return .noContent
            }
        )
    }

    private var join: Route {
        Route(
            .post,
            "/api/v1/sync/groups/join",
            id: "joinGroup",
            summary: "Join a group by invite, or by a peer's endpoint and hive name",
            details: "Answers as soon as the handshake is done; the history follows.",
            tag: SyncRoutes.tag,
            access: .admin,
            body: Route.Body(JoinShape.schema),
            replies: Self.joinReplies,
            errors: Self.joinErrors,
            handler: { [sync] request in
                let body = try await request.body()
                let sync = try sync.required()
                return Self.response(try await sync.join(try await JoinShape.command(body, sync)), status: .accepted)
            }
        )
    }

    private var joinByID: Route {
        Route(
            .post,
            "/api/v1/sync/groups/{id}/join",
            id: "joinGroupByID",
            summary: "Join the group of that id, by invite or by a peer's endpoint",
            details:
                "As `POST /sync/groups/join`; also a group that this instance has left, under the name it has here.",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            body: Route.Body(JoinShape.schemaByID),
            replies: Self.joinReplies,
            errors: Self.joinErrors,
            handler: { [sync] request in
                let body = try await request.body()
                let sync = try sync.required()
                let command = try await JoinShape.command(body, group: try request.path("id"), sync)
                return Self.response(try await sync.join(command), status: .accepted)
            }
        )
    }

    private static let joinReplies = [
        Route.Reply(.accepted, "The group, `status` backfilling", GroupShape.schema)
    ]

    private static let joinErrors = [
        Route.Failure(.badRequest, "The invite is to another group, or says nothing that can be read"),
        Route.Failure(.forbidden, "The other side does not let this instance in"),
        Route.Failure(.notFound, "No such peer, hive or group"),
        Route.Failure(.conflict, "A local hive has the name: send `as` with another; or the group is here already"),
        Route.Failure(.unprocessableContent, "The two hives can't become one"),
        Route.Failure(.gone, "The invite is used up or too old"),
        Route.Failure(.badGateway, "The other side can't be reached or failed"), SyncRoutes.off,
    ]

    private var resync: Route {
        Route(
            .post,
            "/api/v1/sync/groups/{id}/resync",
            id: "resyncGroup",
            summary: "Pull from every peer now",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            replies: [
                Route.Reply(
                    .accepted,
                    "The peers a pull was started from",
                    .object([Field("results", .array(of: .object([Field("peer", .text)]), minCount: 0))])
                )
            ],
            errors: [SyncRoutes.unknownGroup, SyncRoutes.off],
            handler: { [sync] request in
                let result = try await sync.required().resync(group: try request.path("id"))
                var writer = JSONWriter()
                writer.beginObject()
                writer.key("results")
                writer.beginArray()
                for peer in result.peers {
                    writer.beginObject()
                    writer.member("peer", peer.rawValue)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
                return .json(writer, status: .accepted)
            }
        )
    }

    private var verify: Route {
        Route(
            .post,
            "/api/v1/sync/groups/{id}/verify",
            id: "verifyGroup",
            summary: "Fold a group's log again from nothing and compare with what is stored",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            replies: [Route.Reply(.ok, "What was compared", VerifyShape.schema)],
            errors: [SyncRoutes.unknownGroup, SyncRoutes.off],
            handler: { [groups] request in
                VerifyShape.response(try await groups.required().verify(group: try request.path("id")))
            }
        )
    }

    private var events: Route {
        Route(
            .get,
            "/api/v1/sync/groups/{id}/events",
            id: "listEvents",
            summary: "A group's log in the order of arrival",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [
                SyncRoutes.groupID,
                .query("since", .integer(min: 0), "Only events after this arrival number.", defaultText: "0"),
                .query("limit", .integer(min: 1, max: 500), "Rows of a page.", defaultText: "50"),
                .query("type", .string(min: 1, max: 64), "Only events of this type."),
                .query("origin", .string(min: 1, max: 64), "Only events of this instance."),
            ],
            replies: [Route.Reply(.ok, "A page", EventPageShape.schema)],
            errors: [SyncRoutes.unknownGroup, SyncRoutes.off],
            handler: { [groups] request in
                let query = try request.query()
                let page = try await groups.required().events(
                    group: try request.path("id"),
                    since: query.integer("since") ?? 0,
                    limit: Int(query.integer("limit") ?? 50),
                    type: query.string("type"),
                    origin: query.string("origin")
                )
                return EventPageShape.response(page)
            }
        )
    }

    private var status: Route {
        Route(
            .get,
            "/api/v1/sync/status",
            id: "getSyncStatus",
            summary: "How sync fares, in short",
            tag: SyncRoutes.tag,
            access: .admin,
            replies: [Route.Reply(.ok, "Groups and their peers", SyncStatusShape.schema)],
            handler: { [sync] _ in SyncStatusShape.response(try await sync?.overview()) }
        )
    }

    private static func response(_ group: GroupStatus, status: HTTPResponse.Status = .ok) -> Response {
        var writer = JSONWriter(capacity: 2048)
        GroupShape.write(group, to: &writer)
        return .json(writer, status: status)
    }
}
