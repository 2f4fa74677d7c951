import HiveModel
import HiveSync

/// Timers and calls are bounded by the number of peers, whatever went wrong.
enum Bounded: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        for node in rest.core {
            // A heartbeat, a retry and a gathering each.
            let most = 3 * node.peers.count
            if node.armedMost > most {
                rest.fail(.bounded, node, "\(node.armedMost) timers for \(node.peers.count) peers")
            }
        }
        let cluster = rest.cluster
        // Handshake, push, pull and heartbeat each; callers that crashed left theirs behind.
        let most = 5 * cluster.nodes.reduce(0) { $0 + $1.peers.count }
        if cluster.open.count > most { rest.fail(.bounded, nil, "\(cluster.open.count) calls are open at rest") }
    }
}

/// Where nothing went wrong, an event is sent about once to each who lacks it, and not at all at rest.
enum FewSends: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let (options, coverage) = (rest.cluster.options, rest.cluster.coverage)
        guard options.faults.isEmpty, options.nodes == 2 else { return }
        // Of two nodes none can hear an event from a third.
        let most = coverage.eventsReceived * 11 / 10 + 20
        if coverage.eventsSent > most {
            rest.fail(.fewSends, nil, "\(coverage.eventsSent) sent for \(coverage.eventsReceived) received")
        }
    }
}
