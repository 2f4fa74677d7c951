import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Replicator: meeting a peer")
struct ReplicatorMeetingTests {
    @Test("A new peer is greeted, backfilled from, and then active")
    func firstContact() {
        var bench = ReplicatorBench()
        #expect(bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(1)))).isEmpty)
        #expect(bench.tell(.peerConfigured(Sample.entry(instance: nil))) == [.handshake])
        #expect(bench.status?.status == .pending)

        let theirs = Sample.heads(1, 900)
        let greeted = ReplicatorEvent.handshakeSucceeded(Sample.peer, Sample.group, peer: Sample.theirs, heads: theirs)
        #expect(bench.tell(greeted, afterMs: 10) == [.pull()])
        #expect(bench.status?.status == .backfilling)

        _ = bench.commit(Sample.heads(1, 500), afterMs: 100)
        let half = Sample.pulled(theirs, received: 500, hasMore: true)
        #expect(bench.tell(.pullAnswered(Sample.peer, Sample.group, half)) == [.pull()])
        #expect(bench.status?.status == .backfilling)

        _ = bench.commit(theirs, afterMs: 100)
        #expect(bench.status?.status == .active)
        #expect(bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(theirs, received: 400))).isEmpty)
        #expect(bench.status?.status == .active)
        #expect(bench.timer { if case .heartbeat = $0 { true } else { false } } != nil)
    }

    @Test("What the peer lacks goes to it while its own events are still backfilled")
    func pushDuringBackfill() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(2))))
        bench.tell(.peerConfigured(Sample.entry()))
        let theirs = Sample.heads(1, 900)
        let greeted = ReplicatorEvent.handshakeSucceeded(Sample.peer, Sample.group, peer: Sample.theirs, heads: theirs)
        #expect(bench.tell(greeted) == [.pull()])
        #expect(bench.wait(5) == [.push(above: theirs)])
    }

    @Test("With a token from before, nothing is pushed until the peer has said what it holds")
    func knownPeer() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(9, 4))))
        #expect(bench.tell(.peerConfigured(Sample.entry(hasSession: true))) == [.pull()])
        #expect(bench.wait(1_000).isEmpty)
        let theirs = Sample.heads(7, 4)
        #expect(bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(theirs))).isEmpty)
        #expect(bench.wait(5) == [.push(above: theirs)])
        #expect(bench.status?.status == .active)
    }

    @Test("A refused handshake is tried again, later and later, for ever, and shows its reason")
    func refusedHandshake() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(1))))
        bench.tell(.peerConfigured(Sample.entry()))
        var delays: [Int64] = []
        for _ in 0..<12 {
            let refused = ReplicatorEvent.handshakeFailed(Sample.peer, Sample.group, Sample.failure(.forbidden))
            #expect(bench.tell(refused).isEmpty)
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.handshake])
            delays.append(ms)
        }
        expectBackoff(delays)
        #expect(bench.status?.status == .error)
        #expect(bench.status?.reason == "a failure of the test")
        #expect(bench.status?.failures == 12)
    }

    @Test("401 leads to a new handshake at once, then the work goes on")
    func tokenRefused() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.wait(5) == [.push(above: Sample.heads(3, 3))])
        let refused = ReplicatorEvent.pushFailed(Sample.peer, Sample.group, Sample.failure(.unauthorized))
        #expect(bench.tell(refused, afterMs: 5) == [.handshake])
        let greeted = ReplicatorEvent.handshakeSucceeded(
            Sample.peer,
            Sample.group,
            peer: Sample.theirs,
            heads: Sample.heads(3, 3)
        )
        #expect(bench.tell(greeted, afterMs: 20) == [.push(above: Sample.heads(3, 3))])
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, Sample.acknowledged(Sample.heads(4, 3)))).isEmpty)
        #expect(bench.status?.status == .active)
        #expect(bench.status?.failures == 0)
    }

    @Test("A peer that refuses every token it gives is not greeted in a circle")
    func tokenRefusedAgain() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        var waits: [Int64] = []
        for _ in 0..<6 {
            let refused = ReplicatorEvent.pushFailed(Sample.peer, Sample.group, Sample.failure(.unauthorized))
            var effects = bench.tell(refused)
            if effects.isEmpty {
                let waited = bench.waitForEffects()
                waits.append(waited.ms)
                effects = waited.effects
            }
            #expect(effects == [.handshake])
            let heads = Sample.heads(3, 3)
            let greeted = ReplicatorEvent.handshakeSucceeded(
                Sample.peer,
                Sample.group,
                peer: Sample.theirs,
                heads: heads
            )
            #expect(bench.tell(greeted) == [.push(above: heads)])
        }
        #expect(waits.count == 5)
        #expect(waits == waits.sorted())
        #expect(waits.allSatisfy { $0 >= 1_000 })
    }

    @Test("The refusal of a token that was replaced meanwhile does not cost a handshake")
    func oldTokenRefused() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.wait(5) == [.push(above: Sample.heads(3, 3))])
        // The peer shook hands with us: a new token came with its entry.
        bench.tell(.peerConfigured(Sample.entry(hasSession: true)))
        let refused = ReplicatorEvent.pushFailed(Sample.peer, Sample.group, Sample.failure(.unauthorized))
        #expect(bench.tell(refused) == [.push(above: Sample.heads(3, 3))])
    }

    @Test("A peer shakes hands for one group after the other; one new token serves all that had one")
    func twoGroups() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(1))))
        bench.tell(.groupOpened(Sample.otherGroup, Sample.state(Sample.heads(1))))
        let entry = Sample.entry(groups: [Sample.group, Sample.otherGroup])
        #expect(bench.tell(.peerConfigured(entry)) == [.handshake])
        let first = ReplicatorEvent.handshakeSucceeded(Sample.peer, Sample.group, peer: Sample.theirs, heads: [])
        #expect(bench.tell(first) == [.handshake(Sample.peer, Sample.otherGroup)])
        let second = ReplicatorEvent.handshakeSucceeded(Sample.peer, Sample.otherGroup, peer: Sample.theirs, heads: [])
        #expect(bench.tell(second).isEmpty)
        #expect(bench.wait(5).count == 2)

        let refused = ReplicatorEvent.pushFailed(Sample.peer, Sample.group, Sample.failure(.unauthorized))
        #expect(bench.tell(refused) == [.handshake])
        #expect(bench.tell(first).contains(.pull(Sample.peer, Sample.otherGroup, waitMs: 0)))
    }

    @Test("A peer without an endpoint is only answered")
    func dialsInOnly() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(3))))
        #expect(bench.tell(.peerConfigured(Sample.entry(isDialable: false, hasSession: true))).isEmpty)
        #expect(bench.tell(.pullStarted(Sample.theirs, Sample.group, heads: Sample.heads(1))).isEmpty)
        #expect(bench.commit(Sample.heads(5)).isEmpty)
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, Sample.heartbeat(Sample.state([])))).isEmpty)
        #expect(bench.wait(600_000).isEmpty)
        let report = bench.replicator.currentReports().last
        #expect(report?.status == .active)
        #expect(report?.lag == 4)
    }

    @Test("A peer that is taken away while a call is out leaves nothing behind")
    func forgottenInFlight() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.wait(5).count == 1)
        #expect(bench.tell(.peerForgotten(Sample.peer)).isEmpty)
        #expect(bench.timers.isEmpty)
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, Sample.acknowledged(Sample.heads(4, 3)))).isEmpty)
        #expect(bench.tell(.pushFailed(Sample.peer, Sample.group, Sample.failure(.unreachable))).isEmpty)
        #expect(bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(4, 3))).isEmpty)
        #expect(bench.commit(Sample.heads(5, 3)).isEmpty)
        #expect(bench.timers.isEmpty)
    }

    @Test("A group that is closed while a call is out leaves nothing behind")
    func closedInFlight() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.wait(5).count == 1)
        #expect(bench.tell(.groupClosed(Sample.group)).isEmpty)
        #expect(bench.timers.isEmpty)
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, Sample.acknowledged(Sample.heads(4, 3)))).isEmpty)
        #expect(bench.commit(Sample.heads(5, 3)).isEmpty)
    }
}

/// Checks that delays double from 1 s to 60 s, give or take a quarter.
func expectBackoff(_ delays: [Int64], sourceLocation: SourceLocation = #_sourceLocation) {
    for (index, delay) in delays.enumerated() {
        let middle = min(Int64(60_000), Int64(1_000) << Int64(min(index, 20)))
        #expect((middle * 3 / 4...middle * 5 / 4).contains(delay), sourceLocation: sourceLocation)
    }
}
