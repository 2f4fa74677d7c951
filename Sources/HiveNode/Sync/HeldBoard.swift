import HiveModel
import HiveSync
import Synchronization

/// Events that peers offered and that lie ahead of this machine's clock: their senders were told `held_until` and keep
/// them, so what waits is known here only in number.
final class HeldBoard: Sendable {
    /// The end of a log.
    private struct Waiting {
        var first: Place
        var events: Int64
        /// Milliseconds since 1970 from which it can be admitted.
        var untilMs: Int64
    }

    private let logs = Mutex<[GroupID: [InstanceID: Waiting]]>([:])
    /// The smallest drift a group may allow.
    private static let driftMsMin: Int64 = 5_000

    /// Takes in what became of a batch; a log that is offered again is counted anew.
    func note(_ events: [Event], _ outcome: AdmissionOutcome, group: GroupID) {
        guard let earliestMs = outcome.heldUntilMs else { return }
        let stopped = Set(outcome.need.map(\.origin) + outcome.unknown + outcome.rejected.map(\.origin))
        var ends: [InstanceID: [EventHeader]] = [:]
        for event in events where !stopped.contains(event.header.origin) {
            let head = outcome.heads.first { $0.origin == event.header.origin }?.place
            guard head.map({ $0 < event.header.place }) ?? true else { continue }
            ends[event.header.origin, default: []].append(event.header)
        }
        let firsts = ends.compactMapValues { end in end.min { $0.place < $1.place } }
            .filter { $0.value.time.ms >= earliestMs + Self.driftMsMin }
        // Who wrote earliest may come first: that tells the drift the group allows.
        guard let driftMs = firsts.values.map({ $0.time.ms - earliestMs }).min() else { return }
        logs.withLock { logs in
            for (origin, first) in firsts {
                let count = Int64(ends[origin]?.count ?? 0)
                let waiting = Waiting(first: first.place, events: count, untilMs: first.time.ms - driftMs)
                logs[group, default: [:]][origin] = waiting
            }
        }
    }

    /// Events of a group that wait: neither held by now nor behind the clock.
    func count(of group: GroupID, heads: [LogHead], nowMs: Int64) -> Int64 {
        logs.withLock { logs in
            guard let waiting = logs[group]?.filter({ Self.waits($0.key, $0.value, heads, nowMs) }) else { return 0 }
            logs[group] = waiting.isEmpty ? nil : waiting
            return waiting.values.reduce(0) { $0 + $1.events }
        }
    }

    private static func waits(_ origin: InstanceID, _ log: Waiting, _ heads: [LogHead], _ nowMs: Int64) -> Bool {
        guard log.untilMs > nowMs else { return false }
        guard let head = heads.first(where: { $0.origin == origin }) else { return true }
        return head.place < log.first
    }
}
