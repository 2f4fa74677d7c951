import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// How a group is set and who owns it; and what was decided twice.
struct SyncGovernanceController {
    let groups: (any SyncAdmin)?
    let governance: any GovernanceReads

    var routes: [Route] { [policy, transfer, newEpoch, conflicts] }

    private static let notOwner = Route.Failure(
        .forbidden,
        "The caller has no admin rights, or this instance does not own the group"
    )

    private var policy: Route {
        Route(
            .patch,
            "/api/v1/sync/groups/{id}",
            id: "updateGroup",
            summary: "Change a group's rules, as its owner",
            details: """
                `admission`, `vote_privacy`, `successors` and `quorum` are fixed when the hive is created; they are \
                refused here.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            body: Route.Body(
                .object(
                    [
                        Field(
                            "policy",
                            .object(
                                [
                                    .optional("retention_days", .integer(min: 1, max: 36_500)),
                                    .optional("max_clock_drift_ms", .integer(min: 5_000, max: 600_000)),
                                ],
                                isStrict: true
                            )
                        )
                    ],
                    isStrict: true
                )
            ),
            replies: [Route.Reply(.ok, "The group", GroupShape.schema)],
            errors: [Self.notOwner, SyncRoutes.unknownGroup, GovernanceRoutes.raced, SyncRoutes.off],
            handler: { [groups] request in
                let policy = try await request.body().optionalObject("policy")
                let change = PolicyChange(
                    retentionDays: try policy?.optionalInteger("retention_days"),
                    maxClockDriftMs: try policy?.optionalInteger("max_clock_drift_ms")
                )
                let group = try await groups.required().changePolicy(
                    group: try request.path("id"),
                    change,
                    by: request.viewer.agent
                )
                return Self.response(group)
            }
        )
    }

    private static let cosignature = Schema.object(
        [
            Field("identity_key", .string(min: 1, max: 128), "Base64"),
            Field("signature", .string(min: 1, max: 128), "Base64"),
        ],
        isStrict: true
    )

    private var transfer: Route {
        Route(
            .post,
            "/api/v1/sync/groups/{id}/transfer-owner",
            id: "transferOwner",
            summary: "Name the agent that owns a group from now on",
            details: """
                On the instance that owns the group at once. Elsewhere by the successors named when the hive was \
                created: one after the other, each given `pin` and `cosigs` of the last 202, until the quorum is \
                reached.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            body: Route.Body(
                .object(
                    [
                        Field("instance_id", .string(min: 1)), Field("agent_id", .string(min: 1)),
                        .optional("pin", .nullable(FenceShape.schema)),
                        .optional("cosigs", .array(of: Self.cosignature, minCount: 0)),
                    ],
                    isStrict: true
                )
            ),
            replies: [
                Route.Reply(.ok, "The group with its new owner", GroupShape.schema),
                Route.Reply(
                    .accepted,
                    "Signed; more successors are needed",
                    .object([
                        Field("pin", FenceShape.schema),
                        Field("cosigs", .array(of: Self.cosignature, minCount: 0)),
                        Field("quorum", .count),
                    ])
                ),
            ],
            errors: [
                Self.notOwner, Route.Failure(.notFound, "No such group or agent"),
                Route.Failure(.conflict, "The group has no successors, or another transfer came first"), SyncRoutes.off,
            ],
            handler: { [groups] request in
                let body = try await request.body()
                let order = TransferOrder(
                    instance: try body.string("instance_id"),
                    agent: try body.string("agent_id"),
                    pin: try FenceShape.read(try body.optionalObject("pin")),
                    cosignatures: try CosignatureShape.read(body["cosigs"])
                )
                let outcome = try await groups.required().transferOwner(
                    group: try request.path("id"),
                    order,
                    by: request.viewer.agent
                )
                switch outcome {
                case .transferred(let group): return Self.response(group)
                case .needsMore(let pin, let cosignatures, let quorum):
                    return CosignatureShape.response(pin, cosignatures, quorum)
                }
            }
        )
    }

    private var newEpoch: Route {
        Route(
            .post,
            "/api/v1/sync/groups/{id}/new-epoch",
            id: "openEpoch",
            summary: "Give this instance's log a new signing key",
            details: """
                Closes the log at its end; with the reason `stolen_key` at `last_own`, the last event known to be \
                one's own: what lies beyond is disowned everywhere.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            body: Route.Body(
                .object(
                    [
                        Field("reason", .options(["rotation", "stolen_key"])),
                        .optional(
                            "last_own",
                            .object([Field("epoch", .integer(min: 1)), Field("seq", .integer(min: 1))], isStrict: true)
                        ),
                    ],
                    isStrict: true
                )
            ),
            replies: [
                Route.Reply(
                    .ok,
                    "The epoch that was opened",
                    .object([
                        Field("epoch", .count), Field("closed_off", .count, "Own events that do not stand any more"),
                        Field("repeated", .count, "Own events written again"),
                    ])
                )
            ],
            errors: [
                Route.Failure(.badRequest, "There is no such event in this instance's log"), SyncRoutes.unknownGroup,
                Route.Failure(.conflict, "This instance has no log in the group yet"), SyncRoutes.off,
            ],
            handler: { [groups] request in
                let body = try await request.body()
                let isStolen = try body.string("reason") == "stolen_key"
                let place = try body.optionalObject("last_own").map {
                    Place(epoch: try $0.integer("epoch"), seq: try $0.integer("seq"))
                }
                guard place == nil || isStolen else {
                    throw HiveError(.badRequest, "last_own goes with the reason stolen_key.")
                }
                let id = try request.path("id")
                let groups = try groups.required()
                return try await request.answer(with: Self.writer) { kept in
                    try await groups.keeping(kept).openEpoch(
                        group: id,
                        EpochOrder(isKeyStolen: isStolen, lastOwn: place)
                    )
                }
            }
        )
    }

    private static func writer(_ opened: OpenedEpoch) -> JSONWriter {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.member("epoch", opened.epoch)
        writer.member("closed_off", opened.closedOff)
        writer.member("repeated", opened.repeated)
        writer.endObject()
        return writer
    }

    private var conflicts: Route {
        Route(
            .get,
            "/api/v1/sync/groups/{id}/conflicts",
            id: "listConflicts",
            summary: "Settings that several decided without knowing of each other, now or before: winner and losers",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID],
            replies: [
                Route.Reply(.ok, "By key", .object([Field("data", .array(of: ConflictShape.schema, minCount: 0))]))
            ],
            errors: [SyncRoutes.unknownGroup],
            handler: { [governance] request in
                let conflicts = try await governance.conflicts(inGroup: try request.path("id"))
                var writer = JSONWriter(capacity: 1024)
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for conflict in conflicts { ConflictShape.write(conflict, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private static func response(_ group: GroupStatus) -> Response {
        var writer = JSONWriter(capacity: 2048)
        GroupShape.write(group, to: &writer)
        return .json(writer)
    }
}

/// What the successors have signed so far.
enum CosignatureShape {
    static func read(_ value: JSONValue?) throws -> [Cosignature] {
        try (value?.array ?? []).map { element in
            guard let key = element["identity_key"]?.string.flatMap({ PublicKey(base64: $0) }),
                let signature = element["signature"]?.string.flatMap({ Base64.decode($0) })
            else { throw HiveError(.badRequest, "cosigs are an identity key and a signature each, in base64.") }
            return Cosignature(identityKey: key, signature: signature)
        }
    }

    static func response(_ pin: Fence, _ cosignatures: [Cosignature], _ quorum: Int64) -> Response {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("pin")
        FenceShape.write(pin, to: &writer)
        writer.key("cosigs")
        writer.beginArray()
        for cosignature in cosignatures {
            writer.beginObject()
            writer.member("identity_key", cosignature.identityKey.base64)
            writer.member("signature", Base64.encode(cosignature.signature))
            writer.endObject()
        }
        writer.endArray()
        writer.member("quorum", quorum)
        writer.endObject()
        return .json(writer, status: .accepted)
    }
}
