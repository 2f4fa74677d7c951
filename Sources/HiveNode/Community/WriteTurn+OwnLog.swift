import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// What there is to mend of this instance's own log in a group; the same marks mean that nothing has changed of that.
struct OwnLogMark: Hashable, Sendable {
    var epoch: Int64
    var cut: Hash256?
    /// Own events that don't stand.
    var asideCount: Int64
    /// The key of the newest epoch is not here: an old copy of the keys was put back.
    var lacksKey: Bool
}

/// Mending this instance's own log after a restored backup, a fork, or the loss of a key (protocol, section 9).
extension WriteTurn {
    /// Epochs opened within `epochsMs` beyond which an admin has to decide.
    private static let epochsMax = 3
    private static let epochsMs: Int64 = 3_600_000

    /// Nil where nothing of the own log is contested.
    func ownLogMark(in group: GroupID) throws -> OwnLogMark? {
        let state = try state(of: group)
        let head = try state.head(of: local.instance)
        let lacksKey = head.map { !local.hasKey(group: group, epoch: $0.place.epoch) } ?? false
        guard try lacksKey || state.isContested(local.instance) else { return nil }
        return OwnLogMark(
            epoch: head?.place.epoch ?? 0,
            cut: head?.cut,
            asideCount: try state.keptCount(of: local.instance),
            lacksKey: lacksKey
        )
    }

    /// Opens a new epoch where one is due and repeats in it what does not stand; nothing where the log is whole.
    ///
    /// Throws `conflict` with what an admin has to know where too many epochs were opened, or another process writes
    /// the same log.
    func mendOwnLog(in group: GroupID) throws {
        var state = try state(of: group)
        if let alarm = local.alarm(in: group) { throw HiveError(.conflict, alarm) }
        let head = try state.head(of: local.instance)
        let lacksKey = head.map { !local.hasKey(group: group, epoch: $0.place.epoch) } ?? false
        let wallMs = nowMs
        try renew(group) { admission in
            let own = try admission.ownLog(of: local.instance, in: state)
            guard own.highestEpoch > 0, !own.isWhole || lacksKey else { return }
            if own.needsEpoch || lacksKey { try checkEpochs(in: group, state) }
            if lacksKey, !own.needsEpoch {
                _ = try admission.rotate(
                    by: try local.newAuthor(group: group, epoch: own.highestEpoch + 1),
                    identity: local.identity,
                    wallMs: wallMs,
                    into: &state
                )
            }
            let now = try admission.ownLog(of: local.instance, in: state)
            let epoch = try state.head(of: local.instance)?.place.epoch ?? 0
            let author =
                now.needsEpoch
                ? try local.newAuthor(group: group, epoch: now.highestEpoch + 1)
                : try local.author(group: group, epoch: epoch)
            _ = try admission.recover(by: author, identity: local.identity, wallMs: wallMs, into: &state)
            try admission.settle(&state)
        }
    }

    /// Many epochs in a short time mean that something opens them again and again; those from the future don't count.
    func checkEpochs(in group: GroupID, _ state: SQLiteState) throws {
        let head = try state.head(of: local.instance)?.place.epoch ?? 0
        var opened = 0
        for epoch in stride(from: head, through: max(2, head - Int64(Self.epochsMax) + 1), by: -1) {
            guard let first = try state.event(origin: local.instance, place: Place(epoch: epoch, seq: 1)) else { break }
            if (nowMs - Self.epochsMs...nowMs + Self.epochsMs).contains(first.header.time.ms) { opened += 1 }
        }
        guard opened >= Self.epochsMax else { return }
        let sentence =
            "This instance has opened \(opened) epochs of its log within an hour and opens no more by itself: look for "
            + "a second process with the same keys, then renew the log "
            + "(POST /api/v1/sync/groups/\(group.rawValue)/new-epoch)."
        throw HiveError(.conflict, sentence)
    }

    /// Looks for events of this instance that somebody else has just written: another process works with a copy of the
    /// data directory.
    ///
    /// What was written before this process began is a backup put back, which is mended. From then on this instance
    /// writes nothing more in the group until it is started again.
    func watchOwnLog(_ events: [Event], in group: GroupID) throws {
        guard events.contains(where: { $0.header.origin == local.instance }) else { return }
        let state = try state(of: group)
        let driftMs = try state.group()?.policy.maxClockDriftMs ?? GroupPolicy().maxClockDriftMs
        for event in events where event.header.origin == local.instance {
            guard event.header.time.ms > local.startedMs + driftMs else { continue }
            let head = LogHead(origin: local.instance, place: event.header.place, hash: event.hash)
            guard try state.heldHash(at: head) != event.hash else { continue }
            local.raiseAlarm(in: group)
            return
        }
    }
}
