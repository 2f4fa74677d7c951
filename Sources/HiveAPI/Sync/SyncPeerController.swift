import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Peers: the instances that groups are replicated with.
struct SyncPeerController {
    let sync: (any SyncAdmin)?

    var routes: [Route] { [list, add, update, remove, test] }

    private static let id = Route.Parameter.path("id", "The peer entry's id.")
    private static let unknown = Route.Failure(.notFound, "No such peer")

    private var list: Route {
        Route(
            .get,
            "/api/v1/sync/peers",
            id: "listPeers",
            summary: "Peers, without their tokens",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [
                .query("source", .options(["manual", "handshake", "hub", "gossip"]), "Only peers learnt this way."),
                .query("status", .string(min: 1, max: 32), "Only peers in this state."),
            ],
            replies: [
                Route.Reply(.ok, "Peers", .object([Field("data", .array(of: PeerShape.schema, minCount: 0))]))
            ],
            errors: [SyncRoutes.off],
            handler: { [sync] request in
                let query = try request.query()
                let peers = try await sync.required().peers().filter { peer in
                    query.string("source").map { $0 == peer.record.source } ?? true
                        && query.string("status").map { $0 == peer.record.status } ?? true
                }
                var writer = JSONWriter(capacity: 768 * (peers.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for peer in peers { PeerShape.write(peer, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static let name = Schema.string(min: 1, max: 100)
    private static let endpoint = Schema.string(max: TextLimits.url, format: .url)

    private var add: Route {
        Route(
            .post,
            "/api/v1/sync/peers",
            id: "addPeer",
            summary: "Add a peer; the handshake starts at once",
            tag: SyncRoutes.tag,
            access: .admin,
            body: Route.Body([
                Field("name", Self.name),
                Field("sync_endpoint", Self.endpoint, "`/sync/v1` is added where it is missing"),
                Field("shared_hives", .array(of: .string(min: 1), minCount: 1), "Names of hives here"),
            ]),
            replies: [Route.Reply(.created, "The peer", PeerShape.schema)],
            errors: [
                Route.Failure(.notFound, "No such hive"),
                Route.Failure(.conflict, "A peer with that endpoint is known"),
                SyncRoutes.off,
            ],
            handler: { [sync] request in
                let body = try await request.body()
                let command = PeerCommand(
                    name: try body.string("name"),
                    syncEndpoint: try body.string("sync_endpoint"),
                    sharedHives: (try body.optionalStrings("shared_hives") ?? []).map { $0.lowercased() }
                )
                let sync = try sync.required()
                return try await request.answer(.created, with: Self.writer) { kept in
                    try await sync.keeping(kept).addPeer(command)
                }
            }
        )
    }

    private var update: Route {
        Route(
            .patch,
            "/api/v1/sync/peers/{id}",
            id: "updatePeer",
            summary: "Change a peer",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            body: Route.Body([
                .optional("name", Self.name),
                .optional("sync_endpoint", Self.endpoint),
                .optional("shared_hives", .array(of: .string(min: 1), minCount: 1)),
            ]),
            replies: [Route.Reply(.ok, "The peer as it is now", PeerShape.schema)],
            errors: [
                Self.unknown, Route.Failure(.conflict, "Another peer has that endpoint"), SyncRoutes.off,
            ],
            handler: { [sync] request in
                let body = try await request.body()
                let change = PeerChange(
                    name: try body.optionalString("name"),
                    syncEndpoint: try body.optionalString("sync_endpoint"),
                    sharedHives: try body.optionalStrings("shared_hives")?.map { $0.lowercased() }
                )
                return Self.response(try await sync.required().updatePeer(id: try request.path("id"), change))
            }
        )
    }

    private var remove: Route {
        Route(
            .delete,
            "/api/v1/sync/peers/{id}",
            id: "removePeer",
            summary: "Forget a peer",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            replies: [Route.Reply(.noContent, "Forgotten")],
            errors: [Self.unknown, SyncRoutes.off],
            handler: { [sync] request in
                try await sync.required().removePeer(id: try request.path("id"))
                return .noContent
            }
        )
    }

    private static let testSchema = Schema.object([
        Field("reachable", .boolean),
        .optional("latency_ms", .count),
        .optional("peer_instance_id", .text),
        .optional("error", .text, "What the first step that failed says"),
        Field(
            "steps",
            .array(
                of: .object([
                    Field("step", .text, "name, tcp, tls, http, identity, clock or version"), Field("ok", .boolean),
                    Field("ms", .count), Field("message", .text),
                ]),
                minCount: 0
            )
        ),
    ])

    private var test: Route {
        Route(
            .post,
            "/api/v1/sync/peers/{id}/test",
            id: "testPeer",
            summary: "Try each step of reaching a peer and say what fails",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [Self.id],
            replies: [Route.Reply(.ok, "What each step found", Self.testSchema)],
            errors: [Self.unknown, SyncRoutes.off],
            handler: { [sync] request in
                let result = try await sync.required().testPeer(id: try request.path("id"))
                var writer = JSONWriter(capacity: 1024)
                writer.beginObject()
                writer.member("reachable", result.isReachable)
                if let latency = result.latencyMs { writer.member("latency_ms", latency) }
                if let instance = result.instance { writer.member("peer_instance_id", instance.rawValue) }
                if let failed = result.steps.first(where: { !$0.isOK }) { writer.member("error", failed.message) }
                writer.key("steps")
                writer.beginArray()
                for step in result.steps {
                    writer.beginObject()
                    writer.member("step", step.step)
                    writer.member("ok", step.isOK)
                    writer.member("ms", step.ms)
                    writer.member("message", step.message)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static func response(_ peer: PeerStatus) -> Response { .json(writer(peer)) }

    private static func writer(_ peer: PeerStatus) -> JSONWriter {
        var writer = JSONWriter(capacity: 1024)
        PeerShape.write(peer, to: &writer)
        return writer
    }
}
