import HTTPTypes
import HiveHTTP

/// The routes as values.
extension SyncServer {
    private static let tag = "Sync"
    private static let token = Route.Access.own(
        "A sync token of a handshake (Authorization: Bearer), or a request sealed with it (HiveHMAC)"
    )
    private static let groupID = Route.Parameter.path("id", "The group's id, sg_...")
    private static let refusals = [
        Route.Failure(.forbidden, "No such group here, or the caller is no member of it"),
        Route.Failure(.tooManyRequests, "More requests or events a second than the credits allow; see Retry-After"),
        Route.Failure(.requestTimeout, "The body did not arrive in time"),
        Route.Failure(.contentTooLarge, "The body is larger than the limit"),
        Route.Failure(.badRequest, "The body is not the message it should be"),
    ]

    func routes() -> [Route] {
        [
            handshakeRoute, identityRoute, heartbeatRoute,
            read(
                "events",
                id: "syncPage",
                "Events by arrival number",
                parameters: [
                    .query("since", .integer(min: 0), "Events after this arrival number", defaultText: "0"),
                    .query("limit", .integer(min: 1, max: 1_000), "At most so many", defaultText: "100"),
                ],
                handler: page
            ),
            write("events", id: "syncPush", "Push events", handler: push),
            write(
                "pull",
                id: "syncPull",
                "Stream the events above the caller's heads",
                reply: Route.Reply(
                    .ok,
                    "One event a line; the last line says what remains",
                    nil,
                    contentType: "application/x-ndjson"
                ),
                handler: pull
            ),
            read("heads", id: "syncHeads", "How far each log is held", handler: heads),
            read("status", id: "syncStatus", "How this instance and its peers fare", handler: status),
            write("leave", id: "syncLeave", "Leave the group, by the caller's signed instance_removed", handler: leave),
        ]
    }

    private var handshakeRoute: Route {
        Route(
            .post,
            "/sync/v1/handshake",
            id: "syncHandshake",
            summary: "Prove identities and exchange tokens, in two calls",
            tag: Self.tag,
            access: .open,
            counting: Route.Counting.none,
            replies: [Route.Reply(.ok, "The reply to the first or second call", .anyObject)],
            errors: Self.refusals + [Route.Failure(.conflict, "The caller is this instance itself")],
            acceptsIdempotencyKey: false,
            handler: handshake
        )
    }

    private var identityRoute: Route {
        Route(
            .get,
            "/sync/v1/identity",
            id: "syncIdentity",
            summary: "Who answers here, signed over the caller's nonce",
            tag: Self.tag,
            access: .open,
            counting: Route.Counting.read,
            parameters: [.query("nonce", .string(min: 16, max: 128), "Nobody has used it before", isRequired: true)],
            replies: [Route.Reply(.ok, "Identity key, name, time and signature", .anyObject)],
            handler: identity
        )
    }

    private var heartbeatRoute: Route {
        Route(
            .post,
            "/sync/v1/heartbeat",
            id: "syncHeartbeat",
            summary: "Say that one lives and how far one is; hear the same",
            tag: Self.tag,
            access: Self.token,
            counting: Route.Counting.none,
            replies: [Route.Reply(.ok, "The same of this instance", .anyObject)],
            errors: Self.refusals,
            acceptsIdempotencyKey: false,
            handler: heartbeat
        )
    }

    private func read(
        _ name: String,
        id: String,
        _ summary: String,
        parameters: [Route.Parameter] = [],
        handler: @escaping Route.Handler
    ) -> Route {
        Route(
            .get,
            "/sync/v1/groups/{id}/\(name)",
            id: id,
            summary: summary,
            tag: Self.tag,
            access: Self.token,
            counting: Route.Counting.none,
            parameters: [Self.groupID] + parameters,
            replies: [Route.Reply(.ok, summary, .anyObject)],
            errors: Self.refusals,
            handler: handler
        )
    }

    private func write(
        _ name: String,
        id: String,
        _ summary: String,
        reply: Route.Reply? = nil,
        handler: @escaping Route.Handler
    ) -> Route {
        Route(
            .post,
            "/sync/v1/groups/{id}/\(name)",
            id: id,
            summary: summary,
            tag: Self.tag,
            access: Self.token,
            counting: Route.Counting.none,
            parameters: [Self.groupID],
            replies: [reply ?? Route.Reply(.ok, summary, .anyObject)],
            errors: Self.refusals,
            acceptsIdempotencyKey: false,
            handler: handler
        )
    }
}
