import HiveModel
import HiveSync
import HiveTestKit

/// Runs one `Replicator` as a carrier would: keeps its timers, answers nothing by itself.
struct ReplicatorBench {
    var replicator: Replicator
    private(set) var now = Instant(ms: 0)
    /// What was reported, oldest first.
    private(set) var reports: [PeerReport] = []
    /// Timers that were scheduled and not cancelled.
    private(set) var timers: [(timer: ReplicatorTimer, at: Instant)] = []

    init(_ settings: ReplicatorSettings = ReplicatorSettings(), seed: UInt64 = 1) {
        replicator = Replicator(settings: settings, seed: seed)
    }

    /// Tells what happened `afterMs` later and answers what is to be done, reports and timers aside.
    @discardableResult
    mutating func tell(_ event: ReplicatorEvent, afterMs: Int64 = 0) -> [ReplicatorEffect] {
        now.ms += afterMs
        var effects: [ReplicatorEffect] = []
        replicator.handle(event, at: now, into: &effects)
        return effects.filter { effect in
            switch effect {
            case .report(let report): reports.append(report)
            case .schedule(let timer, let at): timers.append((timer, at))
            case .cancel(let timer): timers.removeAll { $0.timer == timer }
            case .handshake, .push, .pull, .heartbeat, .diverged, .converged: return true
            }
            return false
        }
    }

    /// Lets time go on to `ms` from now, firing what is due on the way in order.
    mutating func wait(_ ms: Int64) -> [ReplicatorEffect] {
        let end = Instant(ms: now.ms + ms)
        var effects: [ReplicatorEffect] = []
        while let next = nextTimer(until: end) {
            now = max(now, next.at)
            timers.removeAll { $0.timer == next.timer }
            effects += tell(.timerFired(next.timer))
        }
        now = end
        return effects
    }

    /// Lets time go on until a timer leads to something, at most an hour; how long it took and what it was.
    mutating func waitForEffects() -> (ms: Int64, effects: [ReplicatorEffect]) {
        let start = now
        while let next = nextTimer(until: Instant(ms: start.ms + 3_600_000)) {
            let effects = wait(max(0, next.at.ms - now.ms))
            if !effects.isEmpty { return (now.ms - start.ms, effects) }
        }
        return (now.ms - start.ms, [])
    }

    /// The newest report about a group.
    var status: PeerReport? { reports.last { $0.group != nil } }

    func timer(where matches: (ReplicatorTimer.Kind) -> Bool) -> (timer: ReplicatorTimer, at: Instant)? {
        timers.first { matches($0.timer.kind) }
    }

    private func nextTimer(until end: Instant) -> (timer: ReplicatorTimer, at: Instant)? {
        timers.filter { $0.at <= end }.min { $0.at < $1.at }
    }
}

/// Names and heads for transcripts.
enum Sample {
    static let group = GroupID(genesisHash: hash(7))
    static let otherGroup = GroupID(genesisHash: hash(8))
    /// This instance is `ours`; the others are peers.
    static let ours = instance("a")
    static let theirs = instance("b")
    static let third = instance("c")
    static let peer = PeerID("peer-b")
    static let thirdPeer = PeerID("peer-c")

    static func instance(_ letter: Character) -> InstanceID {
        guard let id = InstanceID("inst_" + String(repeating: letter, count: 26)) else {
            preconditionFailure("A letter of a to z makes an instance id.")
        }
        return id
    }

    static func hash(_ number: UInt64) -> Hash256 {
        Hash256(word0: number &* 0x9E37, word1: number, word2: 0, word3: 1)
    }

    static func head(_ origin: InstanceID, _ seq: Int64, epoch: Int64 = 1) -> LogHead {
        LogHead(origin: origin, place: Place(epoch: epoch, seq: seq), hash: hash(UInt64(epoch * 1_000_000 + seq)))
    }

    /// Heads of this instance, the peer and the third one; 0 leaves one out.
    static func heads(_ ours: Int64, _ theirs: Int64 = 0, _ third: Int64 = 0) -> [LogHead] {
        [(Self.ours, ours), (Self.theirs, theirs), (Self.third, third)].filter { $0.1 > 0 }.map { head($0.0, $0.1) }
    }

    static func state(_ heads: [LogHead], root: UInt64? = 1) -> GroupHeads {
        GroupHeads(heads: heads, stateRoot: root.map { hash($0) }, StandInCrypto())
    }

    static func entry(
        _ id: PeerID = peer,
        instance: InstanceID? = theirs,
        isDialable: Bool = true,
        hasSession: Bool = false,
        reachesUs: Bool = true,
        groups: [GroupID] = [group]
    ) -> PeerEntry {
        PeerEntry(
            id: id,
            instance: instance,
            isDialable: isDialable,
            hasSession: hasSession,
            reachesUs: reachesUs,
            groups: groups
        )
    }

    static func heartbeat(
        _ heads: GroupHeads,
        from instance: InstanceID = theirs,
        group: GroupID = group,
        reachesYou: Bool = true
    ) -> HeartbeatSummary {
        let item = HeartbeatSummary.Group(group: group, headsDigest: heads.digest, stateRoot: heads.stateRoot)
        return HeartbeatSummary(
            instance: instance,
            groups: [item],
            serverTimeMs: 1_750_000_000_000,
            reachesYou: reachesYou
        )
    }

    static func failure(_ kind: PeerFailure.Kind) -> PeerFailure {
        PeerFailure(kind: kind, message: "a failure of the test")
    }

    static func acknowledged(_ heads: [LogHead], credits: Int64 = 50_000, sent: Int = 1) -> PushAnswer {
        PushAnswer(heads: heads, unknown: [], heldUntilMs: nil, credits: credits, sentEvents: sent)
    }

    static func pulled(_ heads: [LogHead], received: Int = 0, hasMore: Bool = false) -> PullAnswer {
        PullAnswer(heads: heads, receivedEvents: received, hasMore: hasMore)
    }
}

extension ReplicatorBench {
    /// A bench whose one peer is active and holds exactly what this instance holds.
    static func settled(
        _ heads: [LogHead] = Sample.heads(3, 3),
        settings: ReplicatorSettings = ReplicatorSettings()
    ) -> ReplicatorBench {
        var bench = ReplicatorBench(settings)
        bench.tell(.groupOpened(Sample.group, Sample.state(heads)))
        bench.tell(.peerConfigured(Sample.entry(hasSession: true)))
        bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(heads)))
        return bench
    }

    mutating func commit(_ heads: [LogHead], afterMs: Int64 = 0) -> [ReplicatorEffect] {
        tell(.committed(Sample.group, Sample.state(heads)), afterMs: afterMs)
    }
}

extension ReplicatorEffect {
    static func push(above heads: [LogHead], maxEvents: Int = 500) -> ReplicatorEffect {
        .push(Sample.peer, Sample.group, above: heads, maxEvents: maxEvents)
    }

    static func pull(waitMs: Int64 = 0) -> ReplicatorEffect { .pull(Sample.peer, Sample.group, waitMs: waitMs) }

    static let handshake = ReplicatorEffect.handshake(Sample.peer, Sample.group)
}
