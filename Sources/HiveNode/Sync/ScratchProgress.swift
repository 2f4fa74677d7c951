import Synchronization

/// How far a fold from nothing has come.
final class ScratchProgress: Sendable {
    private struct State {
        var arrival: Int64 = 0
        var events: Int64 = 0
        var refusals: [String] = []
    }

    private let state = Mutex(State())

    /// The arrival number of the last event taken.
    var arrival: Int64 { state.withLock { $0.arrival } }

    var events: Int64 { state.withLock { $0.events } }

    /// Sentences; at most 20 are kept.
    var refusals: [String] { state.withLock { $0.refusals } }

    func advance(to arrival: Int64, events: Int64) {
        state.withLock { state in
            state.arrival = arrival
            state.events += events
        }
    }

    func refuse(_ reason: String) {
        state.withLock { state in
            if state.refusals.count < 20 { state.refusals.append(reason) }
        }
    }
}
