import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Who can be dialled by whom")
struct ReplicatorReachTests {
    private static let quiet = ReplicatorSettings(heartbeatMs: 1_000_000)
    private static let heads = Sample.heads(3, 3)

    /// Lets the time of the next heartbeat come.
    private func sendHeartbeat(_ bench: inout ReplicatorBench) {
        #expect(bench.waitForEffects().effects == [.heartbeat(Sample.peer)])
    }

    private func answer(reachesYou: Bool) -> ReplicatorEvent {
        let summary = Sample.heartbeat(Sample.state(Self.heads), reachesYou: reachesYou)
        return .heartbeatAnswered(Sample.peer, summary, rttMs: 3)
    }

    @Test("A heartbeat's answer that says so starts the waiting pull, and a call of the peer's ends it")
    func toldByHeartbeat() {
        var bench = ReplicatorBench.settled(settings: Self.quiet)
        sendHeartbeat(&bench)
        #expect(bench.tell(answer(reachesYou: true)).isEmpty)
        sendHeartbeat(&bench)
        #expect(bench.tell(answer(reachesYou: false)) == [.pull(waitMs: 25_000)])

        let empty = ReplicatorEvent.pullAnswered(Sample.peer, Sample.group, Sample.pulled(Self.heads))
        #expect(bench.tell(empty, afterMs: 25_000) == [.pull(waitMs: 25_000)])
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, Sample.heartbeat(Sample.state(Self.heads)))).isEmpty)
        #expect(bench.tell(empty, afterMs: 25_000).isEmpty)
    }

    @Test("A handshake that says so starts it as soon as the backfill is over; other peers are not waited at")
    func toldByHandshake() {
        var bench = ReplicatorBench(Self.quiet)
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(3))))
        #expect(bench.tell(.peerConfigured(Sample.entry())) == [.handshake])
        let met = ReplicatorEvent.handshakeSucceeded(
            Sample.peer,
            Sample.group,
            peer: Sample.theirs,
            heads: Self.heads,
            reachesUs: false
        )
        #expect(bench.tell(met) == [.pull()])
        _ = bench.commit(Self.heads)
        let filled = ReplicatorEvent.pullAnswered(Sample.peer, Sample.group, Sample.pulled(Self.heads, received: 3))
        #expect(bench.tell(filled) == [.pull(waitMs: 25_000)])

        let third = Sample.entry(Sample.thirdPeer, instance: Sample.third, hasSession: true)
        #expect(bench.tell(.peerConfigured(third)) == [.pull(Sample.thirdPeer, Sample.group, waitMs: 0)])
        #expect(bench.tell(.pullAnswered(Sample.thirdPeer, Sample.group, Sample.pulled(Self.heads))).isEmpty)
    }

    @Test("What is said to a peer: no without an endpoint, no after three calls that did not arrive, whoever calls us")
    func said() {
        var bench = ReplicatorBench.settled(settings: Self.quiet)
        #expect(bench.replicator.reaches(Sample.theirs))
        #expect(!bench.replicator.reaches(Sample.third))
        for round in 1...3 {
            #expect(bench.replicator.reaches(Sample.theirs), "round \(round)")
            bench.tell(.resyncRequested(Sample.group))
            bench.tell(.pullFailed(Sample.peer, Sample.group, Sample.failure(.unreachable)))
            // The peer's own calls show that it lives, not that it can be dialled.
            bench.tell(.heartbeatReceived(Sample.theirs, Sample.heartbeat(Sample.state(Self.heads))))
        }
        #expect(!bench.replicator.reaches(Sample.theirs))
        bench.tell(.resyncRequested(Sample.group))
        bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(Self.heads)))
        #expect(bench.replicator.reaches(Sample.theirs))
        bench.tell(.peerConfigured(Sample.entry(isDialable: false, hasSession: true)))
        #expect(!bench.replicator.reaches(Sample.theirs))
    }
}
