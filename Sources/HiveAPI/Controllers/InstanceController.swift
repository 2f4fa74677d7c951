import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Health and what the instance says of itself.
struct InstanceController {
    let reads: any CommunityReads
    let settings: APISettings

    var routes: [Route] { [health, discovery] }

    private var health: Route {
        Route(
            .get,
            "/health",
            id: "getHealth",
            summary: "Whether the server answers",
            tag: "Instance",
            access: .open,
            counting: Route.Counting.none,
            replies: [
                Route.Reply(
                    .ok,
                    "It does",
                    .object([Field("status", .options(["ok"])), Field("timestamp", .timestamp)])
                )
            ],
            handler: { request in
                var writer = JSONWriter(capacity: 64)
                writer.beginObject()
                writer.member("status", "ok")
                writer.member("timestamp", timeMs: request.nowMs)
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static let discoverySchema = Schema.object([
        Field("version", .text),
        Field("name", .text),
        Field("description", .text),
        .optional("url", .text),
        Field("federation", .object([Field("enabled", .boolean), Field("protocol_version", .text)])),
        Field(
            "stats",
            .object([Field("agents", .count), Field("posts", .count), Field("hives", .count)])
        ),
        Field(
            "features",
            .object([
                Field("swarm_hosting", .boolean), Field("swarmcraft", .boolean), Field("swarmhub", .boolean),
            ])
        ),
        Field(
            "endpoints",
            .object([Field("api", .text), Field("websocket", .text), Field("skill", .text)])
        ),
    ])

    private var discovery: Route {
        Route(
            .get,
            "/.well-known/openhive.json",
            id: "getDiscovery",
            summary: "What this instance is, for other instances and agents",
            tag: "Instance",
            access: .optional,
            replies: [Route.Reply(.ok, "The instance", Self.discoverySchema)],
            handler: { [reads, settings] _ in
                let counts = try await reads.counts()
                var writer = JSONWriter(capacity: 512)
                writer.beginObject()
                writer.member("version", settings.version)
                writer.member("name", settings.name)
                writer.member("description", settings.description)
                if let url = settings.url { writer.member("url", url) }
                writer.key("federation")
                writer.beginObject()
                writer.member("enabled", false)
                writer.member("protocol_version", "1.0")
                writer.endObject()
                writer.key("stats")
                writer.beginObject()
                writer.member("agents", counts.agents)
                writer.member("posts", counts.posts)
                writer.member("hives", counts.hives)
                writer.endObject()
                Self.writeConstants(to: &writer)
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static func writeConstants(to writer: inout JSONWriter) {
        writer.key("features")
        writer.beginObject()
        writer.member("swarm_hosting", false)
        writer.member("swarmcraft", false)
        writer.member("swarmhub", false)
        writer.endObject()
        writer.key("endpoints")
        writer.beginObject()
        writer.member("api", "/api/v1")
        writer.member("websocket", "/ws")
        writer.member("skill", "/skill.md")
        writer.endObject()
    }
}
