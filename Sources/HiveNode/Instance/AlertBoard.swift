import HiveCrypto
import HiveModel
import HivePorts
import HiveSync
import Logging
import Synchronization

/// The open alerts of this instance, in memory: what still holds after a restart is found and raised again.
final class AlertBoard: AlertSink {
    private let open = Mutex<[AlertSubject: Alert]>([:])
    private let logger: Logger
    private let nowMs: @Sendable () -> Int64

    init(logger: Logger, nowMs: @escaping @Sendable () -> Int64 = SystemClock.nowMs) {
        self.logger = logger
        self.nowMs = nowMs
    }

    /// Oldest first.
    var all: [Alert] {
        open.withLock { open in open.values.sorted { ($0.sinceMs, $0.id) < ($1.sinceMs, $1.id) } }
    }

    func raise(_ subject: AlertSubject, _ message: String) {
        let raised = open.withLock { open -> Alert? in
            guard open[subject] == nil else {
                open[subject]?.message = message
                return nil
            }
            let alert = Alert(
                id: "alert_" + RandomText.nanoid(),
                subject: subject,
                sinceMs: nowMs(),
                message: message
            )
            open[subject] = alert
            return alert
        }
        guard let raised else { return }
        logger.error("alert raised: \(message)", metadata: Self.metadata(raised))
    }

    func clear(_ subject: AlertSubject) { close { $0 == subject } }

    func clear(peer: PeerID) { close { $0.peer == peer } }

    private func close(_ isOver: (AlertSubject) -> Bool) {
        let cleared = open.withLock { open in
            let over = open.values.filter { isOver($0.subject) }
            for alert in over { open[alert.subject] = nil }
            return over
        }
        for alert in cleared { logger.notice("alert cleared", metadata: Self.metadata(alert)) }
    }

    /// Notes that an admin has seen it; throws `HiveError(.notFound)` where no such alert is open.
    func acknowledge(_ id: String) throws -> Alert {
        try open.withLock { open in
            guard var alert = open.values.first(where: { $0.id == id }) else {
                throw HiveError(.notFound, "There is no open alert \(id).")
            }
            alert.acknowledgedAtMs = alert.acknowledgedAtMs ?? nowMs()
            open[alert.subject] = alert
            return alert
        }
    }

    private static func metadata(_ alert: Alert) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["alert.id": "\(alert.id)", "alert.kind": "\(alert.subject.kind.rawValue)"]
        if let group = alert.subject.group { metadata["group.id"] = "\(group.rawValue)" }
        if let peer = alert.subject.peer { metadata["peer.id"] = "\(peer.rawValue)" }
        return metadata
    }
}
