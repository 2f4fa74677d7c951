import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import Hummingbird

/// What an operator has to know about replication.
struct SyncAlertController {
    let sync: (any SyncAdmin)?

    var routes: [Route] { [list, acknowledge] }

    private var list: Route {
        Route(
            .get,
            "/api/v1/sync/alerts",
            id: "listAlerts",
            summary: "Open alerts, oldest first",
            details: "An alert is raised once and is gone once what it tells of is over.",
            tag: SyncRoutes.tag,
            access: .admin,
            replies: [
                Route.Reply(.ok, "Alerts", .object([Field("data", .array(of: AlertShape.schema, minCount: 0))]))
            ],
            errors: [SyncRoutes.off],
            handler: { [sync] _ in
                let alerts = try await sync.required().alerts()
                var writer = JSONWriter(capacity: 512 * (alerts.count + 1))
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                for alert in alerts { AlertShape.write(alert, to: &writer) }
                writer.endArray()
                writer.endObject()
                return .json(writer)
            }
        )
    }

    private var acknowledge: Route {
        Route(
            .post,
            "/api/v1/sync/alerts/{id}/ack",
            id: "acknowledgeAlert",
            summary: "Say that an alert has been seen; it stays open until what it tells of is over",
            tag: SyncRoutes.tag,
            access: .admin,
            parameters: [.path("id", "The alert's id.")],
            replies: [Route.Reply(.ok, "The alert", AlertShape.schema)],
            errors: [Route.Failure(.notFound, "No such alert is open"), SyncRoutes.off],
            handler: { [sync] request in
                let alert = try await sync.required().acknowledgeAlert(id: try request.path("id"))
                var writer = JSONWriter(capacity: 512)
                AlertShape.write(alert, to: &writer)
                return .json(writer)
            }
        )
    }
}

enum AlertShape {
    static let schema = Schema.named(
        "Alert",
        .object([
            Field("id", .text),
            Field("kind", .options(AlertSubject.Kind.allCases.map(\.rawValue))),
            Field("group_id", .nullable(.text)),
            Field("peer", .nullable(.text), "The id of a peer entry"),
            Field("since", .timestamp),
            Field("message", .text, "What is wrong, and what to do"),
            Field("acknowledged_at", .nullable(.timestamp)),
        ])
    )

    static func write(_ alert: Alert, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", alert.id)
        writer.member("kind", alert.subject.kind.rawValue)
        writer.member("group_id", alert.subject.group?.rawValue)
        writer.member("peer", alert.subject.peer?.rawValue)
        writer.member("since", timeMs: alert.sinceMs)
        writer.member("message", alert.message)
        writer.member("acknowledged_at", timeMs: alert.acknowledgedAtMs)
        writer.endObject()
    }
}
