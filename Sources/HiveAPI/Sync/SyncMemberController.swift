import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// Who is in a group, and as what.
struct SyncMemberController {
    let groups: (any SyncAdmin)?

    var routes: [Route] { [remove, changeRole] }

    private static let path = "/api/v1/sync/groups/{id}/members/{instance_id}"
    private static let instance = Route.Parameter.path("instance_id", "`inst_` and 26 characters.")
    private static let unknown = Route.Failure(.notFound, "No such group or member")
    private static let notAllowed = Route.Failure(
        .forbidden,
        "The caller has no admin rights, or this instance is neither owner nor admin of the group"
    )

    private static let reply = Schema.object([
        Field("cut_events", .count, "Events held of the instance that count no more"),
        Field("fence", .nullable(FenceShape.schema), "How far its log counts"),
        Field("fetched", .boolean, "Whether what it had written was fetched from it first; false where it was away"),
    ])

    private var remove: Route {
        Route(
            .delete,
            Self.path,
            id: "removeMember",
            summary: "Remove an instance from a group; this instance's own id leaves it",
            details: """
                What the instance wrote up to the fence stays, later acts have no effect anywhere. Without `fence`: as \
                far as its log is held here, once what it has was fetched from it; that may take some seconds, and \
                the removal goes on without it where it is away.
                """,
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID, Self.instance],
            body: Route.Body(
                .object(
                    [
                        GovernanceRoutes.reason, .optional("fence", .nullable(FenceShape.schema)),
                        .optional("invited", .boolean, "Remove those it let in too"),
                    ],
                    isStrict: true
                ),
                isRequired: false
            ),
            replies: [Route.Reply(.ok, "Removed", Self.reply)],
            errors: [
                Route.Failure(.badRequest, "The fence names an event that is not held"), Self.notAllowed, Self.unknown,
                Route.Failure(.conflict, "The owner can't leave before it has handed the group over"), SyncRoutes.off,
            ],
            handler: { [groups] request in
                let body = try await request.body()
                let order = RemovalOrder(
                    instance: try request.path("instance_id"),
                    reason: try body.optionalString("reason"),
                    fence: try FenceShape.read(try body.optionalObject("fence")),
                    removesInvited: try body.optionalFlag("invited") ?? false
                )
                return Self.response(try await groups.required().removeMember(group: try request.path("id"), order))
            }
        )
    }

    private var changeRole: Route {
        Route(
            .patch,
            Self.path,
            id: "changeRole",
            summary: "Give an instance another role: removed with a fence and added again from its next epoch on",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [SyncRoutes.groupID, Self.instance],
            body: Route.Body(
                .object([Field("role", .options(["admin", "member", "readonly"]))], isStrict: true)
            ),
            replies: [Route.Reply(.ok, "Changed", Self.reply)],
            errors: [Self.notAllowed, Self.unknown, GovernanceRoutes.raced, SyncRoutes.off],
            handler: { [groups] request in
                let body = try await request.body()
                guard let role = MemberRole(rawValue: try body.string("role")) else {
                    throw HiveError(.badRequest, "role is admin, member or readonly.")
                }
                let changed = try await groups.required().changeRole(
                    group: try request.path("id"),
                    instance: try request.path("instance_id"),
                    role: role
                )
                return Self.response(changed)
            }
        )
    }

    private static func response(_ member: FencedMember) -> Response {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("cut_events", member.cutEvents)
        writer.key("fence")
        if let fence = member.fence { FenceShape.write(fence, to: &writer) } else { writer.null() }
        writer.member("fetched", member.isFetched)
        writer.endObject()
        return .json(writer)
    }
}

/// A place in a log with the hash of the event there.
enum FenceShape {
    static let schema = Schema.object(
        [Field("epoch", .integer(min: 1)), Field("seq", .integer(min: 1)), Field("hash", .string(min: 64, max: 64))],
        isStrict: true
    )

    static func read(_ body: RequestObject?) throws -> Fence? {
        guard let body else { return nil }
        guard let hash = Hex.decode(try body.string("hash")).flatMap({ Hash256(bytes: $0) }) else {
            throw HiveError(.badRequest, "A hash is 64 digits of lower-case hex.")
        }
        return Fence(place: Place(epoch: try body.integer("epoch"), seq: try body.integer("seq")), hash: hash)
    }

    static func write(_ fence: Fence, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("epoch", fence.place.epoch)
        writer.member("seq", fence.place.seq)
        writer.key("hash")
        writer.hex(fence.hash)
        writer.endObject()
    }
}
