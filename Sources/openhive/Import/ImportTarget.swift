import HiveImport
import HiveModel
import HivePorts

/// Takes batches of writes: a running server by REST, or the data directory itself.
enum ImportTarget: Sendable {
    case server(NodeClient)
    case writes(any CommunityWrites)

    func send(_ items: [ImportItem], hive: String) async throws -> ImportCounts {
        switch self {
        case .server(let client):
            let reply = try await client.post(
                "/api/v1/admin/import",
                json: ImportWire.body(hive: hive, items: items),
                timeout: .seconds(300)
            )
            return ImportCounts(
                agents: reply.number("agents") ?? 0,
                posts: reply.number("posts") ?? 0,
                comments: reply.number("comments") ?? 0,
                votes: reply.number("votes") ?? 0,
                existing: reply.number("existing") ?? 0
            )
        case .writes(let writes):
            let result = try await writes.importItems(items, hive: hive)
            return ImportCounts(
                agents: result.agents,
                posts: result.posts,
                comments: result.comments,
                votes: result.votes,
                existing: result.existing
            )
        }
    }
}

/// What came in.
struct ImportCounts: Sendable, Hashable {
    var agents: Int64 = 0
    var posts: Int64 = 0
    var comments: Int64 = 0
    var votes: Int64 = 0
    /// Was here before and stayed as it is.
    var existing: Int64 = 0

    static func += (left: inout ImportCounts, right: ImportCounts) {
        left.agents += right.agents
        left.posts += right.posts
        left.comments += right.comments
        left.votes += right.votes
        left.existing += right.existing
    }
}
