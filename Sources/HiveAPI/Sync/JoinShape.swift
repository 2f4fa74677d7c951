import HiveHTTP
import HiveModel
import HivePorts
import HiveSync

/// How a group to join is named: by invite, by endpoint and hive, or by a known peer and hive.
enum JoinShape {
    private static let fields: [Field] = [
        .optional("invite", .string(min: 1, max: 4096), "`ohi1_...`"),
        .optional("sync_endpoint", .string(max: TextLimits.url, format: .url)),
        .optional("peer_swarm_id", .string(min: 1), "The id of a peer entry, instead of its endpoint"),
        .optional("hive_name", .string(min: 1)),
        .optional(
            "as",
            .string(
                min: TextLimits.hiveName.lowerBound,
                max: TextLimits.hiveName.upperBound,
                pattern: .hiveName
            ),
            "The hive's name here; default: its name there"
        ),
        .optional("merge", .boolean, "Let a local hive of that name become one with it; not possible yet"),
    ]

    /// Of a group whose id is known.
    static let schemaByID = Schema.object(
        ObjectShape(
            fields: fields,
            isStrict: true,
            rules: [
                ObjectShape.Rule("Send an invite, a sync_endpoint or a peer_swarm_id.") { body in
                    body["invite"] != nil || body["sync_endpoint"] != nil || body["peer_swarm_id"] != nil
                }
            ]
        )
    )

    static let schema = Schema.object(
        ObjectShape(
            fields: fields,
            isStrict: true,
            rules: [
                ObjectShape.Rule("Send an invite, or a hive_name with a sync_endpoint or a peer_swarm_id.") { body in
                    let isNamed = body["hive_name"] != nil
                    let isAddressed = body["sync_endpoint"] != nil || body["peer_swarm_id"] != nil
                    return body["invite"] != nil || isNamed && isAddressed
                }
            ]
        )
    )

    /// - Parameter group: its id, where that is known.
    static func command(
        _ body: RequestObject,
        group: String? = nil,
        _ sync: any SyncAdmin
    ) async throws -> JoinCommand {
        var endpoint = try body.optionalString("sync_endpoint")
        if let id = try body.optionalString("peer_swarm_id"), endpoint == nil {
            guard let peer = try await sync.peers().first(where: { $0.record.id.rawValue == id }) else {
                throw HiveError(.notFound, "There is no peer '\(id)'.")
            }
            guard let known = peer.record.syncEndpoint else {
                throw HiveError(.badRequest, "The peer '\(peer.record.name)' can only dial in: it has no endpoint.")
            }
            endpoint = known
        }
        return JoinCommand(
            invite: try body.optionalString("invite"),
            syncEndpoint: endpoint,
            hiveName: try body.optionalString("hive_name")?.lowercased(),
            localName: try body.optionalString("as"),
            merges: try body.optionalFlag("merge") ?? false,
            groupID: group
        )
    }
}
