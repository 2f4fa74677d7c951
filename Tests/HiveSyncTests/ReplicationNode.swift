import HiveModel
import HiveSync
import HiveTestKit
import HiveWire

/// One instance of the simulated cluster: engine, replica and its writer, without sockets or clock.
struct ReplicationNode {
    typealias Crypto = StandInCrypto

    let crypto = Crypto()
    let group: GroupID
    /// Writes this instance's log; what it wrote becomes part of the replica once the replica knows the instance.
    var writer: TestInstance<Crypto>
    private(set) var state = MemoryState()
    var replicator: Replicator
    var isUp = true
    /// Counts starts: timers and calls of an earlier life mean nothing.
    var life = 0
    /// The token to present to each node, by number.
    var tokens: [Int: Int] = [:]
    /// The token each node has to present here.
    var accepted: [Int: Int] = [:]
    /// Remote events offered that were held already.
    private(set) var duplicates = 0
    /// How far the replica is, as of the last transaction.
    private(set) var heads = GroupHeads(heads: [], stateRoot: nil, StandInCrypto())
    private var published = 0

    init(_ writer: TestInstance<Crypto>, group: GroupID, settings: ReplicatorSettings, seed: UInt64) {
        self.writer = writer
        self.group = group
        replicator = Replicator(settings: settings, seed: seed)
    }

    var instance: InstanceID { writer.id }
    var knowsItself: Bool { state.identityKey(of: instance) != nil || state.eventCount == 0 && isOwner }
    var isOwner: Bool { writer.events.first?.header.isGenesis == true }

    var eventCount: Int { state.eventCount }
    func dump() throws -> [UInt8] { try state.canonicalDump() }

    /// Admits remote events in one transaction, then what this instance wrote before it was known.
    mutating func admit(
        _ events: [Event],
        _ evidence: LogEvidence = LogEvidence(),
        wallMs: Int64
    ) throws -> AdmissionOutcome {
        var admission = Admission<MemoryState, Crypto>(group: group, own: instance, crypto: crypto)
        var outcome = try admission.admit(evidence, wallMs: wallMs, into: &state)
        outcome.merge(try admission.admit(events, wallMs: wallMs, into: &state))
        try admission.finish(&state)
        duplicates += outcome.duplicates
        for event in events { writer.observe(event) }
        if try !publish(wallMs: wallMs) { noteHeads() }
        outcome.heads = heads.heads
        return outcome
    }

    /// Puts what the writer wrote into the replica; false where nothing was new.
    @discardableResult
    mutating func publish(wallMs: Int64) throws -> Bool {
        guard knowsItself, published < writer.events.count else { return false }
        var admission = Admission<MemoryState, Crypto>(group: group, crypto: crypto)
        let own = Array(writer.events[published...])
        let outcome = try admission.admit(own, wallMs: wallMs, into: &state)
        try admission.finish(&state)
        precondition(outcome.inserted == own.count, "one's own events are always admitted")
        published = writer.events.count
        noteHeads()
        return true
    }

    private mutating func noteHeads() {
        heads = GroupHeads(heads: state.heads(), stateRoot: quickRoot, crypto)
    }

    /// Stands in for the state root, which costs an unoptimised build a millisecond a transaction.
    private var quickRoot: Hash256 {
        state.stateRoot().buckets.reduce(Hash256(word0: 0, word1: 0, word2: 0, word3: 0)) { sum, bucket in
            Hash256(
                word0: sum.word0 &* 31 &+ bucket.word0,
                word1: sum.word1 &* 31 &+ bucket.word1,
                word2: sum.word2 &* 31 &+ bucket.word2,
                word3: sum.word3 &* 31 &+ bucket.word3
            )
        }
    }

    var stateRoot: Hash256 { state.stateRoot().value(crypto) }

    /// The wire form of what lies above `heads`, whole logs in order, at most `maxEvents`; and the heads that reaches.
    func lines(
        above heads: [LogHead],
        maxEvents: Int
    ) -> (lines: [UInt8], reached: [LogHead], count: Int, hasMore: Bool) {
        var lines: [UInt8] = []
        var reached = heads
        var count = 0
        // The owner's log first: it introduces the others.
        let missing = state.heads().sorted { left, right in
            (rank(left.origin), left.origin) < (rank(right.origin), right.origin)
        }
        for head in missing {
            let theirs = heads.first { $0.origin == head.origin }
            let sending = LogSending(
                ours: head,
                theirs: theirs,
                hash: theirs.flatMap { state.eventHash(origin: head.origin, place: $0.place) },
                knowsCut: state.proofs(of: head.origin).contains { $0.hash == theirs?.cut }
            )
            var seq: Int64 = 0
            switch sending {
            case .nothing: continue
            case .above(let place): seq = place.epoch == head.place.epoch ? place.seq : 0
            case .whole: break
            }
            while seq < head.place.seq {
                guard count < maxEvents else { return (lines, reached, count, true) }
                seq += 1
                let place = Place(epoch: head.place.epoch, seq: seq)
                guard let event = state.event(origin: head.origin, place: place) else { break }
                event.writeWire(into: &lines)
                lines.append(0x0A)
                reached = reached.merged(with: [LogHead(origin: head.origin, place: place, hash: event.hash)])
                count += 1
            }
        }
        return (lines, reached, count, false)
    }

    /// What goes before events to who holds `heads`.
    func evidence(above heads: [LogHead]) -> LogEvidence {
        var evidence = LogEvidence(transfers: state.transfers().map(\.payload))
        for head in state.heads() {
            let theirs = heads.first { $0.origin == head.origin }
            if LogEvidence.isOwed(ours: head, theirs: theirs) { evidence.proofs += state.proofs(of: head.origin) }
        }
        return evidence
    }

    private func rank(_ origin: InstanceID) -> Int {
        state.event(origin: origin, place: Place(epoch: 1, seq: 1))?.header.isGenesis == true ? 0 : 1
    }

    /// The furthest event of each log in a batch: what its sender certainly holds.
    static func reach(of events: [Event]) -> [LogHead] {
        events.map { LogHead(origin: $0.header.origin, place: $0.header.place, hash: $0.hash) }.inOrder
    }

    /// Writes something random that concerns what several instances write about.
    mutating func write(_ random: inout SeededGenerator, among instances: [InstanceID], wallMs: Int64) {
        writer.wallMs = max(writer.wallMs, wallMs)
        writer.tickMs = 0
        let owner = random.pick(instances) ?? instance
        let post = TestInstance<Crypto>.entity("post-\(random.below(20))", of: owner)
        let text = "text \(random.below(1_000))"
        switch random.below(10) {
        case 0..<2: writer.post("post-\(random.below(20))", title: text)
        case 2..<5: writer.comment("comment-\(random.below(40))", on: post, content: text)
        case 5: writer.updatePost(post, title: .set(text))
        case 6: if random.chance(1, of: 4) { writer.deletePost(post) } else { writer.profile("alice", name: text) }
        default: writer.vote(Int64(random.below(3)) - 1, post, by: "voter-\(random.below(4))")
        }
    }
}
