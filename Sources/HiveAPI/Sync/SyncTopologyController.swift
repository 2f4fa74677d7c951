import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Who exchanges events with whom, for drawing.
struct SyncTopologyController {
    let sync: (any SyncAdmin)?

    var routes: [Route] { [show] }

    private var show: Route {
        Route(
            .get,
            "/api/v1/sync/topology",
            id: "showTopology",
            summary: "The members of all shared hives and the links between them, as far as this instance knows",
            details: "Own links come with their state; those between others are what they say of themselves, signed.",
            tag: SyncRoutes.tag,
            access: .admin,
            replies: [Route.Reply(.ok, "The mesh", TopologyShape.schema)],
            errors: [SyncRoutes.off],
            handler: { [sync] _ in TopologyShape.response(try await sync.required().topology()) }
        )
    }
}

private enum TopologyShape {
    static let schema = Schema.named(
        "Topology",
        .object([
            Field(
                "nodes",
                .array(
                    of: .object([
                        Field("instance_id", .text),
                        Field("name", .text),
                        Field("is_self", .boolean),
                        Field("sync_endpoint", .nullable(.text)),
                        Field("group_ids", .array(of: .text, minCount: 0)),
                    ]),
                    minCount: 0
                )
            ),
            Field(
                "links",
                .array(
                    of: .object([
                        Field("between", .array(of: .text, minCount: 2), "Two instance ids"),
                        Field("is_own", .boolean, "Whether this instance is at one end"),
                        Field("status", .nullable(.text), "Of an own link"),
                    ]),
                    minCount: 0
                )
            ),
        ])
    )

    static func response(_ topology: SyncTopology) -> Response {
        var writer = JSONWriter(capacity: 256 * (topology.nodes.count + topology.links.count + 1))
        writer.beginObject()
        writer.key("nodes")
        writer.beginArray()
        for node in topology.nodes {
            writer.beginObject()
            writer.member("instance_id", node.instance.rawValue)
            writer.member("name", node.name)
            writer.member("is_self", node.isSelf)
            writer.member("sync_endpoint", node.syncEndpoint)
            writer.key("group_ids")
            writer.beginArray()
            for group in node.groups { writer.string(group.rawValue) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.key("links")
        writer.beginArray()
        for link in topology.links {
            writer.beginObject()
            writer.key("between")
            writer.beginArray()
            writer.string(link.first.rawValue)
            writer.string(link.second.rawValue)
            writer.endArray()
            writer.member("is_own", link.isOwn)
            writer.member("status", link.status)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer)
    }
}
