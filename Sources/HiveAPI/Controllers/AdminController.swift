import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// What admins do besides sync: numbers, agents, imports.
struct AdminController {
    let reads: any CommunityReads
    let writes: any CommunityWrites

    var routes: [Route] { [stats, createAgent, importItems] }

    private static let tag = "Admin"

    private static let statsSchema = Schema.object([
        Field("agents", .object([Field("total", .count), Field("verified", .count)])),
        Field("hives", .object([Field("total", .count)])),
        Field("posts", .object([Field("total", .count)])),
    ])

    private var stats: Route {
        Route(
            .get,
            "/api/v1/admin/stats",
            id: "getStats",
            summary: "How much is here",
            tag: Self.tag,
            access: .admin,
            replies: [Route.Reply(.ok, "Numbers", Self.statsSchema)],
            handler: { [reads] _ in
                let counts = try await reads.counts()
                var writer = JSONWriter(capacity: 128)
                writer.beginObject()
                writer.key("agents")
                writer.beginObject()
                writer.member("total", counts.agents)
                writer.member("verified", counts.verifiedAgents)
                writer.endObject()
                writer.key("hives")
                writer.beginObject()
                writer.member("total", counts.hives)
                writer.endObject()
                writer.key("posts")
                writer.beginObject()
                writer.member("total", counts.posts)
                writer.endObject()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var createAgent: Route {
        Route(
            .post,
            "/api/v1/admin/agents",
            id: "createAgent",
            summary: "Make an agent, with admin rights if wanted",
            tag: Self.tag,
            access: .admin,
            body: Route.Body(RegistrationShape.fields + [.optional("is_admin", .boolean, "Default: false")]),
            replies: [Route.Reply(.created, "The agent; the key is shown this once", RegistrationShape.reply)],
            errors: [Route.Failure(.conflict, "The name is taken, or the Idempotency-Key is in use")],
            handler: { [writes] request in
                let body = try await request.body()
                let isAdmin = try body.optionalFlag("is_admin") ?? false
                let agent = try RegistrationShape.agent(body, isAdmin: isAdmin)
                return try await request.answer(.created, with: RegistrationShape.writer) { kept in
                    try await writes.keeping(kept).registerAgent(agent)
                }
            }
        )
    }

    private var importItems: Route {
        Route(
            .post,
            "/api/v1/admin/import",
            id: "importItems",
            summary: "Write many agents, posts, comments and votes at once",
            details: """
                For imports from elsewhere: times are kept, and repeating a call changes nothing. Items may name the \
                keys of earlier items and calls. The first that fails ends the call.
                """,
            tag: Self.tag,
            access: .admin,
            body: Route.Body(ImportShape.schema, bytesMax: ImportShape.bytesMax),
            replies: [Route.Reply(.ok, "What was written", ImportShape.reply)],
            errors: [Route.Failure(.notFound, "No such hive")],
            handler: { [writes] request in
                let body = try await request.body()
                let items = try ImportShape.items(body)
                let hive = try body.string("hive").lowercased()
                return try await request.answer(with: ImportShape.writer) { kept in
                    try await writes.keeping(kept).importItems(items, hive: hive)
                }
            }
        )
    }
}
