import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Hives: the list, one, and new ones.
struct HiveController {
    let reads: any CommunityReads
    let governance: any GovernanceReads
    let writes: any CommunityWrites & GovernanceWrites

    var routes: [Route] { [list, create, show, update] }

    private static let tag = "Hives"

    private var list: Route {
        Route(
            .get,
            "/api/v1/hives",
            id: "listHives",
            summary: "Public hives, and private ones the caller is a member of",
            tag: Self.tag,
            access: .optional,
            parameters: [Lists.limit, Lists.offset],
            replies: [Route.Reply(.ok, "A page, largest hives first", Lists.schema(of: HiveShape.schema))],
            handler: { [reads] request in
                let (limit, offset) = Lists.bounds(try request.query())
                let page = try await reads.hives(viewer: request.viewer, limit: limit, offset: offset)
                return Lists.response(page, limit: limit, offset: offset, write: HiveShape.write)
            }
        )
    }

    private static let createFields = [
        Field(
            "name",
            .string(min: TextLimits.hiveName.lowerBound, max: TextLimits.hiveName.upperBound, pattern: .hiveName)
        ),
        Field.optional("description", .string(max: TextLimits.hiveDescription)),
        Field.optional("is_public", .boolean, "Default: true"),
        Field.optional("settings", HiveShape.settings),
        Field.optional(
            "sync",
            GroupRulesShape.schema,
            "Rules of the hive's group, fixed for good when it is born"
        ),
    ]

    private var create: Route {
        Route(
            .post,
            "/api/v1/hives",
            id: "createHive",
            summary: "Create a hive; the caller becomes its owner",
            tag: Self.tag,
            access: .agent,
            body: Route.Body(Self.createFields),
            replies: [Route.Reply(.created, "The hive", HiveShape.schema)],
            errors: [Route.Failure(.conflict, "The name is taken, or the Idempotency-Key is in use")],
            handler: { [writes] request in
                let body = try await request.body()
                let hive = NewHive(
                    name: try body.string("name"),
                    description: try body.optionalString("description"),
                    isPublic: try body.optionalFlag("is_public") ?? true,
                    settingsJSON: try Self.settingsJSON(body),
                    rules: try GroupRulesShape.rules(try body.optionalObject("sync"))
                )
                let agent = try request.agent()
                return try await request.answer(.created, with: Self.writer) { kept in
                    try await writes.keeping(kept).createHive(hive, by: agent)
                }
            }
        )
    }

    private static func writer(_ hive: HiveView) -> JSONWriter {
        var writer = JSONWriter()
        HiveShape.write(hive, to: &writer)
        return writer
    }

    /// The known settings alone, as canonical JSON.
    private static func settingsJSON(_ body: RequestObject) throws -> String? {
        guard let settings = try body.optionalObject("settings"),
            case .named(_, .object(let shape)) = HiveShape.settings
        else { return nil }
        let known = settings.members.filter { member in shape.fields.contains { $0.name == member.key } }
        return String(decoding: JSONValue.object(known).canonicalBytes(), as: UTF8.self)
    }

    private static let detailSchema = Schema.named(
        "HiveDetail",
        .object(
            HiveShape.fields + [
                Field("owner", .nullable(AgentShape.schema)),
                .optional(
                    "user_membership",
                    .nullable(.object([Field("role", .options(["owner", "moderator", "member"]))])),
                    "Null for anonymous callers, absent for agents that are no members"
                ),
            ]
        )
    )

    private var show: Route {
        Route(
            .get,
            "/api/v1/hives/{name}",
            id: "getHive",
            summary: "A hive with its owner and the caller's role",
            tag: Self.tag,
            access: .optional,
            parameters: [.path("name", "The hive's name, in any case.")],
            replies: [Route.Reply(.ok, "The hive", Self.detailSchema)],
            errors: [
                Route.Failure(.forbidden, "The hive is private and the caller no member"),
                Route.Failure(.notFound, "No such hive"),
            ],
            handler: { [reads] request in
                let name = try request.path("name").lowercased()
                guard let hive = try await reads.hive(named: name, viewer: request.viewer) else {
                    throw HiveError(.notFound, "There is no hive '\(name)'.")
                }
                var writer = JSONWriter(capacity: 2048)
                writer.beginObject()
                HiveShape.writeMembers(hive, to: &writer)
                writer.key("owner")
                if let owner = hive.ownerID, let agent = try await reads.agent(named: owner) {
                    AgentShape.write(agent, to: &writer)
                } else {
                    writer.null()
                }
                if let agent = request.viewer.agent {
                    if let role = try await reads.role(of: agent, inHive: name) {
                        writer.key("user_membership")
                        writer.beginObject()
                        writer.member("role", role)
                        writer.endObject()
                    }
                } else {
                    writer.key("user_membership")
                    writer.null()
                }
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var update: Route {
        Route(
            .patch,
            "/api/v1/hives/{name}",
            id: "updateHive",
            summary: "Change a hive's description and settings",
            details: """
                Every setting that changes is one event. `settings`, when sent, replaces all of them: null for those \
                left out. Moderators may change what the owner alone is not needed for: `is_public`, `retention_days` \
                and `max_clock_drift_ms` are the owner's.
                """,
            tag: Self.tag,
            access: .agent,
            parameters: [.path("name", "The hive's name, in any case.")],
            body: Route.Body([
                .optional("description", .nullable(.string(max: TextLimits.hiveDescription))),
                .optional("is_public", .boolean),
                .optional("settings", HiveShape.settings),
                .optional("retention_days", .integer(min: 1)),
                .optional("max_clock_drift_ms", .integer(min: 5_000, max: 600_000)),
            ]),
            replies: [Route.Reply(.ok, "The hive as it is now", HiveShape.schema)],
            errors: [
                Route.Failure(.forbidden, "The caller is neither owner nor moderator, or not the owner"),
                Route.Failure(.notFound, "No such hive"),
                Route.Failure(.conflict, "Another change came first, so that this one would have no effect"),
            ],
            handler: { [reads, governance, writes] request in
                let json = try await request.json()
                let name = try request.path("name").lowercased()
                guard try await reads.hive(named: name, viewer: request.viewer) != nil else {
                    throw HiveError(.notFound, "There is no hive '\(name)'.")
                }
                try await governance.requireModerator(request.viewer, ofHive: name)
                let body = try request.checked(json)
                let change = HiveChange(
                    description: try body.patchedString("description"),
                    isPublic: try body.optionalFlag("is_public"),
                    settingsJSON: try Self.settingsJSON(body),
                    retentionDays: try body.optionalInteger("retention_days"),
                    maxClockDriftMs: try body.optionalInteger("max_clock_drift_ms")
                )
                let hive = try await writes.updateHive(named: name, change, by: request.viewer)
                var writer = JSONWriter()
                HiveShape.write(hive, to: &writer)
                return .json(writer)
            }
        )
    }
}
