import HiveModel
import OrderedCollections

/// One peer: its entry, whether it accepts our token, its heartbeat and its links, one a group.
struct PeerState: Sendable {
    /// The heartbeat's place in its cycle.
    enum Heartbeat: Hashable, Sendable {
        /// No token or no endpoint.
        ///
        /// Can transition to `.scheduled` when there is.
        case off
        /// Can transition to `.inFlight` when due or after a reconnect, to `.off` when the token is refused.
        case scheduled(ArmedTimer)
        /// Can transition to `.scheduled` when answered or failed, to `.off` when the token is refused.
        case inFlight(session: UInt64)
    }

    var entry: PeerEntry
    /// Counts the tokens held so far; a refusal of an earlier one says nothing about the present one.
    var session: UInt64
    var heartbeat = Heartbeat.off
    var heartbeatTrouble = LinkTrouble()
    var lastHeartbeat: Instant?
    var lastContact: Instant?
    var rttMs: Int64?
    /// Calls of ours in a row that did not reach it; a call of the peer's does not count.
    var unanswered = 0
    /// By group; in the order they were opened.
    var links: OrderedDictionary<GroupID, PeerLink> = [:]
    var lastReport: PeerReport?
    var lastReportAt: Instant?

    init(entry: PeerEntry) {
        self.entry = entry
        session = entry.hasSession ? 1 : 0
    }

    /// A call of ours ended: nil = it was answered.
    mutating func called(_ failure: PeerFailure? = nil) {
        switch failure?.kind {
        case .unreachable, .refused: unanswered += 1
        case nil, .unauthorized, .forbidden, .busy, .faulty: unanswered = 0
        case .local: break
        }
    }

    /// Whether calls can be made: handshakes only need an endpoint.
    var canCall: Bool { entry.isDialable && entry.hasSession }

    /// At most one handshake a peer: each brings a token that replaces the last.
    var isGreeting: Bool {
        links.values.contains {
            switch $0.phase {
            case .greeting: true
            case .unmet, .backfilling, .active: false
            }
        }
    }
}
