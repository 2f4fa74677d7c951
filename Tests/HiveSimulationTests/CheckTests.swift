import HiveModel
import HiveSync
import Testing

@testable import HiveSimulation

/// Each check is shown a cluster with one thing wrong, planted by hand.
@Suite("Checks catch what they are for")
struct CheckTests {
    typealias Sample = Cluster<MemoryStore, KeyedHashCrypto>

    /// A small cluster at rest, with nothing wrong.
    private func cluster() throws -> Sample {
        let options = SimulationOptions(nodes: 2, writers: 2, events: 80, spanMs: 10_000, topology: .mesh, faults: [])
        let cluster = try Sample(seed: 3, options: options, crypto: KeyedHashCrypto(seed: 3), sink: nil) {
            MemoryStore()
        }
        try cluster.run(untilMs: options.spanMs)
        var tookMs: Int64 = 0
        try cluster.settle(&tookMs)
        try #require(cluster.violations.isEmpty)
        return cluster
    }

    private func found(_ cluster: Sample) -> [Invariant] { cluster.violations.map(\.invariant) }

    @Test("A cluster with nothing wrong passes all")
    func passes() throws {
        let cluster = try cluster()
        let rest = try Rest(cluster)
        for check in Rest<MemoryStore, KeyedHashCrypto>.all() { try check.check(rest) }
        #expect(cluster.violations.isEmpty)
        #expect(rest.events.count > 60)
    }

    @Test("A row that changed on one node")
    func changedRow() throws {
        let cluster = try cluster()
        try changePost(cluster) { $0.title += "!" }
        try EqualHeadsMeanEqualState.check(try Rest(cluster))
        #expect(found(cluster) == [.equalHeadsMeanEqualState])
    }

    @Test("A row that is not what the log says, on every node")
    func changedEverywhere() throws {
        let cluster = try cluster()
        for node in 0..<2 { try changePost(cluster, at: node) { $0.title += "!" } }
        let rest = try Rest(cluster)
        try EqualHeadsMeanEqualState.check(rest)
        #expect(found(cluster).isEmpty)
        try IncrementalEqualsFresh.check(rest)
        #expect(found(cluster) == [.incrementalEqualsFresh])
    }

    @Test("A counter that went astray")
    func counter() throws {
        let cluster = try cluster()
        try changePost(cluster) { $0.score += 1 }
        try CountersEqualRecount.check(try Rest(cluster))
        #expect(found(cluster) == [.countersEqualRecount])
    }

    @Test("Deleted content that returned")
    func returned() throws {
        let cluster = try cluster()
        let node = cluster.nodes[0]
        let post = try #require(cluster.ledger.posts.first { livePost($0.id, node) != nil })
        // The owner may delete anything.
        let deletion = ContentDeleted(target: post.id, by: node.agent(0))
        let write = try #require(LocalWrite(.postDeleted(deletion)))
        let results = try node.commit([.write(write)], group: cluster.group, wallMs: SimulatedClock.startMs)
        let event = try #require(results.compactMap { if case .written(let event) = $0 { event } else { nil } }.first)
        let laterMs = SimulatedClock.startMs + 60_000
        _ = try cluster.nodes[1].commit([.admit([event])], group: cluster.group, wallMs: laterMs)
        cluster.ledger.note(event, by: 0, isLie: false)
        cluster.ledger.noteDeletion(of: post.id, by: event.hash)
        try TombstonesFinal.check(try Rest(cluster))
        #expect(found(cluster).isEmpty)
        for node in 0..<2 { try change(cluster, post.id, at: node) { $0.tombstone = nil } }
        try TombstonesFinal.check(try Rest(cluster))
        #expect(found(cluster) == [.tombstonesFinal])
    }

    @Test("Content created in another's log")
    func authority() throws {
        let cluster = try cluster()
        try changePost(cluster, at: 1) { post in
            let stamp = Stamp(
                time: HybridTime(ms: 1, counter: 0),
                prefix: cluster.nodes[0].instance.prefix,
                place: Place(epoch: 1, seq: 9_999)
            )
            post.creation?.stamp = stamp
        }
        try NoEffectWithoutAuthority.check(try Rest(cluster))
        #expect(Set(found(cluster)) == [.noEffectWithoutAuthority])
    }

    @Test("An event nobody made")
    func forged() throws {
        let cluster = try cluster()
        var rest = try Rest(cluster)
        rest.events[3].event.hash.word0 ^= 1
        try NoForgedEvent.check(rest)
        #expect(found(cluster) == [.noForgedEvent])
    }

    @Test("A payload that was altered, and a signature by another key")
    func altered() throws {
        let cluster = try cluster()
        var rest = try Rest(cluster)
        rest.events[4].event.payload.append(0x20)
        rest.events[5].event.signature = cluster.crypto.key(99).sign([1])
        try IntactChains.check(rest)
        #expect(found(cluster) == [.intactChains, .intactChains])
    }

    @Test("A hole in a log, and an event stored twice")
    func hole() throws {
        let cluster = try cluster()
        var rest = try Rest(cluster)
        rest.events[4].event.header.place.seq = 5_000
        try ContiguousLogs.check(rest)
        rest.events.append(rest.events[2])
        try LogGrowth.check(rest)
        #expect(found(cluster) == [.contiguousLogs, .logGrowth])
    }

    @Test("An acknowledged event that no log has though a node held it")
    func lost() throws {
        let cluster = try cluster()
        let rest = try Rest(cluster)
        var lost = rest.events[6].event
        lost.hash.word1 ^= 1
        cluster.ledger.note(lost, by: 0, isLie: false)
        cluster.ledger.acknowledge(lost.hash)
        try NothingAcknowledgedIsLost.check(rest)
        #expect(found(cluster).isEmpty)
        let isKnown = cluster.ledger.hold(lost.hash, at: 1)
        #expect(isKnown)
        try NothingAcknowledgedIsLost.check(rest)
        #expect(found(cluster) == [.nothingAcknowledgedIsLost])
    }

    @Test("Another order that gives another state")
    func order() throws {
        let cluster = try cluster()
        #expect(cluster.seed % 4 != 0)
        var rest = try Rest(cluster)
        try OrderAndRepetition.check(rest, always: true)
        #expect(found(cluster).isEmpty)
        rest.dumps[0][10] ^= 1
        rest.dumps[1][10] ^= 1
        try OrderAndRepetition.check(rest, always: true)
        #expect(found(cluster) == [.orderAndRepetition])
    }

    @Test("Heads that differ, timers without end, echoes, and a clock that is passed over")
    func bounds() throws {
        let cluster = try cluster()
        let rest = try Rest(cluster)
        let event = try #require(rest.events.last { $0.event.header.origin == cluster.nodes[0].instance }).event
        ClockBounds.check(event, at: 1, cluster)
        #expect(found(cluster).isEmpty)
        cluster.nodes[1].clock.jumpMs = -3_600_000
        ClockBounds.check(event, at: 1, cluster)
        cluster.nodes[1].heads.heads.removeLast()
        try EqualHeadsAtRest.check(rest)
        cluster.nodes[1].armedMost = 100
        try Bounded.check(rest)
        cluster.coverage.eventsSent = 10_000
        try FewSends.check(rest)
        #expect(found(cluster) == [.clockBounds, .equalHeadsAtRest, .bounded, .fewSends])
    }

    // MARK: Planting

    private func livePost(_ id: EntityID, _ node: SimulatedNode<MemoryStore, KeyedHashCrypto>) -> PostRow? {
        let post = try? node.store.read { $0.post(id)?.post }
        return post.flatMap { $0.isLive ? $0 : nil }
    }

    /// Changes the first post that is live, past the engine.
    private func changePost(_ cluster: Sample, at node: Int = 1, _ change: (inout PostRow) -> Void) throws {
        let post = try #require(cluster.ledger.posts.first { livePost($0.id, cluster.nodes[node]) != nil })
        try self.change(cluster, post.id, at: node, change)
    }

    private func change(_ cluster: Sample, _ id: EntityID, at node: Int, _ change: (inout PostRow) -> Void) throws {
        try cluster.nodes[node].store.transaction(isDoomed: false) { state in
            guard var (row, post) = state.post(id) else { return }
            change(&post)
            row += 0
            state.putPost(post, at: row)
        }
    }
}
