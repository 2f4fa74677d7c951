import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// Coming back from a clock accident (protocol, sections 3 and 9).
extension WriteTurn {
    /// A group in which this instance's log lies in the future.
    private struct Ahead {
        var group: GroupID
        var policy: GroupPolicy
    }

    /// Writes again, from the present and in a new epoch, what this instance wrote from the future, in every group
    /// alike: it has one clock.
    ///
    /// Does nothing where no own log is further ahead than peers admit, or the peers don't share this machine's clock.
    /// - Parameter agree: whether most peers do, within so many milliseconds.
    func takeBackClock(agree: (_ driftMs: Int64) -> Bool) throws {
        let (ahead, start) = try logsAhead()
        guard let driftMs = ahead.map(\.policy.maxClockDriftMs).min(), agree(driftMs) else { return }
        for log in ahead {
            if let alarm = local.alarm(in: log.group) { throw HiveError(.conflict, alarm) }
            try checkEpochs(in: log.group, try state(of: log.group))
        }
        var (clock, pinned): (HybridClock, [GroupID]) = (start, [])
        memory.hives.removeAll()
        for log in ahead {
            let written = try resetClock(in: log.group)
            if written.isEmpty { pinned.append(log.group) }
            for event in written { clock.observe(event.event.header.time) }
        }
        var transaction = transaction
        transaction.setClock(clock)
        for group in memory.groups { memory.admissions[group]?.forgetClock() }
        // What can't be taken back stays; what follows it begins anew all the same.
        for group in pinned { try rotateFromNow(in: group) }
    }

    /// Own logs that lie further ahead than what others wrote explains, and a clock that follows all the rest.
    private func logsAhead() throws -> (ahead: [Ahead], start: HybridClock) {
        var start = HybridClock()
        var own: [(log: Ahead, head: Event)] = []
        for group in try transaction.groups().map(\.id) {
            let state = try state(of: group)
            let policy = try state.group()?.policy ?? GroupPolicy()
            for head in try state.heads() {
                guard let event = try state.event(origin: head.origin, place: head.place) else { continue }
                if head.origin == local.instance {
                    own.append((Ahead(group: group, policy: policy), event))
                } else if event.header.time.ms <= nowMs + policy.maxClockDriftMs {
                    start.observe(event.header.time)
                }
            }
        }
        let limit = max(nowMs, start.last.ms) + (own.map(\.log.policy.maxClockDriftMs).min() ?? 0)
        for (_, head) in own where head.header.time.ms <= limit { start.observe(head.header.time) }
        let ahead = try own.filter { $0.head.header.time.ms > limit }.map(\.log)
            .filter { try ending(of: $0.group) == nil }
        return (ahead, start)
    }

    private func resetClock(in group: GroupID) throws -> [WrittenEvent] {
        var state = try state(of: group)
        return try renew(group) { admission in
            let own = try admission.ownLog(of: local.instance, in: state)
            let written = try admission.resetClock(
                by: try local.newAuthor(group: group, epoch: own.highestEpoch + 1),
                identity: local.identity,
                wallMs: nowMs,
                into: &state
            )
            try admission.settle(&state)
            return written
        }
    }

    private func rotateFromNow(in group: GroupID) throws {
        var state = try state(of: group)
        try renew(group) { admission in
            let own = try admission.ownLog(of: local.instance, in: state)
            _ = try admission.rotate(
                by: try local.newAuthor(group: group, epoch: own.highestEpoch + 1),
                identity: local.identity,
                wallMs: nowMs,
                into: &state
            )
            try admission.settle(&state)
        }
    }
}
