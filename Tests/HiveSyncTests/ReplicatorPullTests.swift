import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Replicator: pulling and heartbeats")
struct ReplicatorPullTests {
    private func heartbeatAnswered(_ heads: GroupHeads) -> ReplicatorEvent {
        .heartbeatAnswered(Sample.peer, Sample.heartbeat(heads), rttMs: 12)
    }

    @Test("A heartbeat goes every half minute; equal digests end it")
    func equalDigests() {
        var bench = ReplicatorBench.settled()
        for _ in 0..<5 {
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.heartbeat(Sample.peer)])
            #expect((26_000...33_100).contains(ms))
            #expect(bench.tell(heartbeatAnswered(Sample.state(Sample.heads(3, 3))), afterMs: 12).isEmpty)
        }
        #expect(bench.reports.last?.rttMs == 12)
    }

    @Test("Different digests lead to a pull, and to a push of what the peer lacks")
    func differentDigests() {
        var bench = ReplicatorBench.settled()
        _ = bench.waitForEffects()
        #expect(bench.tell(heartbeatAnswered(Sample.state(Sample.heads(1, 5)))) == [.pull()])
        _ = bench.commit(Sample.heads(3, 5))
        let pulled = Sample.pulled(Sample.heads(1, 5), received: 2)
        #expect(bench.tell(.pullAnswered(Sample.peer, Sample.group, pulled)).isEmpty)
        #expect(bench.wait(5) == [.push(above: Sample.heads(1, 5))])
    }

    @Test("The peer's own heartbeat serves as well as an answer to ours")
    func heartbeatReceived() {
        var bench = ReplicatorBench.settled()
        let same = Sample.heartbeat(Sample.state(Sample.heads(3, 3)))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, same), afterMs: 100).isEmpty)
        let other = Sample.heartbeat(Sample.state(Sample.heads(3, 8)))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, other), afterMs: 100) == [.pull()])
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, other), afterMs: 100).isEmpty)
    }

    @Test("Equal digests with different roots are told once a digest")
    func diverged() {
        var bench = ReplicatorBench.settled()
        let told = ReplicatorEffect.diverged(
            Sample.peer,
            Sample.group,
            ours: Sample.hash(1),
            theirs: Sample.hash(2)
        )
        let other = Sample.heartbeat(Sample.state(Sample.heads(3, 3), root: 2))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, other)) == [told])
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, other)).isEmpty)
        let unknown = Sample.heartbeat(Sample.state(Sample.heads(3, 3), root: nil))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, unknown)).isEmpty)

        _ = bench.commit(Sample.heads(4, 3))
        let next = Sample.heartbeat(Sample.state(Sample.heads(4, 3), root: 2))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, next)) == [told])

        let equal = Sample.heartbeat(Sample.state(Sample.heads(4, 3)))
        let over = ReplicatorEffect.converged(Sample.peer, Sample.group)
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, equal)) == [over])
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, equal)).isEmpty)
    }

    @Test("Failing heartbeats come sooner, and the first answer brings everything up at once")
    func reconnect() {
        var bench = ReplicatorBench.settled()
        #expect(bench.waitForEffects().effects == [.heartbeat(Sample.peer)])
        var waits: [Int64] = []
        for _ in 0..<11 {
            _ = bench.tell(.heartbeatFailed(Sample.peer, Sample.failure(.unreachable)))
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.heartbeat(Sample.peer)])
            waits.append(ms)
        }
        #expect((750...1_250).contains(waits[0]))
        #expect(waits.allSatisfy { $0 <= 33_000 })
        #expect(bench.reports.last?.status == .error)
        #expect(bench.tell(heartbeatAnswered(Sample.state(Sample.heads(3, 9)))) == [.pull()])
        #expect(bench.reports.last?.status == .active)
    }

    @Test("An event a peer tells of and does not push is pulled after a while")
    func advertised() {
        var bench = ReplicatorBench.settled()
        #expect(bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(0, 5))).isEmpty)
        #expect(bench.wait(199).isEmpty)
        #expect(bench.wait(1) == [.pull()])
    }

    @Test("An event a peer tells of and then pushes is not pulled")
    func advertisedAndPushed() {
        var bench = ReplicatorBench.settled()
        for seq in Int64(4)..<40 {
            #expect(bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(0, seq)), afterMs: 50).isEmpty)
            #expect(bench.commit(Sample.heads(3, seq), afterMs: 5).isEmpty)
            #expect(bench.wait(20).isEmpty)
        }
    }

    @Test("Heads a peer reports and does not serve are ignored after three pulls")
    func unserved() {
        var bench = ReplicatorBench()
        bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(3, 3))))
        bench.tell(.peerConfigured(Sample.entry()))
        let claimed = Sample.heads(3, 3, 70)
        let greeted = ReplicatorEvent.handshakeSucceeded(Sample.peer, Sample.group, peer: Sample.theirs, heads: claimed)
        #expect(bench.tell(greeted) == [.pull()])
        var pulls = 1
        while pulls < 10 {
            _ = bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(claimed)))
            guard bench.wait(20_000).contains(.pull()) else { break }
            pulls += 1
        }
        #expect(pulls == 3)
        #expect(bench.status?.status == .active)

        // Once the log moves, the rest is believed again.
        _ = bench.commit(Sample.heads(3, 3, 10))
        #expect(bench.wait(200).contains(.pull()))
    }

    @Test("A pull that fails goes on after a wait, from what was received")
    func pullFailed() {
        var bench = ReplicatorBench.settled()
        let ahead = Sample.heartbeat(Sample.state(Sample.heads(3, 900)))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, ahead)) == [.pull()])
        _ = bench.commit(Sample.heads(3, 400))
        #expect(bench.tell(.pullFailed(Sample.peer, Sample.group, Sample.failure(.unreachable))).isEmpty)
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.pull()])
        #expect((750...1_250).contains(ms))
    }

    @Test("A pull that brings nothing that can be admitted is not repeated in a circle")
    func nothingAdmitted() {
        var bench = ReplicatorBench.settled(settings: ReplicatorSettings(heartbeatMs: 3_600_000_000))
        let ahead = Sample.heartbeat(Sample.state(Sample.heads(3, 9_000)))
        #expect(bench.tell(.heartbeatReceived(Sample.theirs, ahead)) == [.pull()])
        func held(third: Int64) -> ReplicatorEvent {
            let answer = Sample.pulled(Sample.heads(3, 9_000, third), received: 500, hasMore: true)
            return .pullAnswered(Sample.peer, Sample.group, answer)
        }
        // A limit may have fallen between two logs.
        #expect(bench.tell(held(third: 0)) == [.pull()])
        var delays: [Int64] = []
        for step in Int64(1)...5 {
            // What a third instance writes meanwhile is no progress.
            _ = bench.commit(Sample.heads(3, 3, step))
            #expect(bench.tell(held(third: step)).isEmpty)
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.pull()])
            delays.append(ms)
        }
        expectBackoff(delays)
    }

    @Test("Both lanes failing at once is one failure")
    func oneOutage() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        let ahead = Sample.heartbeat(Sample.state(Sample.heads(3, 900)))
        _ = bench.tell(.heartbeatReceived(Sample.theirs, ahead))
        _ = bench.tell(.pushFailed(Sample.peer, Sample.group, Sample.failure(.unreachable)))
        _ = bench.tell(.pullFailed(Sample.peer, Sample.group, Sample.failure(.unreachable)), afterMs: 3)
        #expect(bench.status?.failures == 1)
        #expect(bench.waitForEffects().effects == [.pull(), .push(above: Sample.heads(3, 3))])
    }

    @Test("An instance that can't be dialled keeps a waiting pull open")
    func longPoll() {
        var bench = ReplicatorBench(ReplicatorSettings(heartbeatMs: 3_600_000_000))
        let heads = Sample.heads(3, 3)
        bench.tell(.groupOpened(Sample.group, Sample.state(heads)))
        #expect(bench.tell(.peerConfigured(Sample.entry(hasSession: true, reachesUs: false))) == [.pull()])
        let empty = ReplicatorEvent.pullAnswered(Sample.peer, Sample.group, Sample.pulled(heads))
        #expect(bench.tell(empty) == [.pull(waitMs: 25_000)])
        #expect(bench.tell(empty, afterMs: 25_000) == [.pull(waitMs: 25_000)])

        // News comes early: the next pull follows at once, and nothing of it goes back.
        _ = bench.commit(Sample.heads(3, 4), afterMs: 4_000)
        let news = ReplicatorEvent.pullAnswered(
            Sample.peer,
            Sample.group,
            Sample.pulled(Sample.heads(3, 4), received: 1)
        )
        #expect(bench.tell(news) == [.pull(waitMs: 25_000)])
        #expect(bench.wait(100).isEmpty)

        // A peer that does not wait is not asked in a circle.
        let nothing = ReplicatorEvent.pullAnswered(Sample.peer, Sample.group, Sample.pulled(Sample.heads(3, 4)))
        #expect(bench.tell(nothing, afterMs: 5).isEmpty)
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.pull(waitMs: 25_000)])
        #expect(ms >= 750)

        // Nor one that sends again what can't be taken.
        let useless = ReplicatorEvent.pullAnswered(
            Sample.peer,
            Sample.group,
            Sample.pulled(Sample.heads(3, 4), received: 9)
        )
        #expect(bench.tell(useless, afterMs: 5).isEmpty)
        #expect(bench.waitForEffects().ms >= 1_500)
    }

    @Test("A resync pulls from everybody at once, whatever was tried before")
    func resync() {
        var bench = ReplicatorBench.settled()
        let ahead = Sample.heartbeat(Sample.state(Sample.heads(3, 900)))
        _ = bench.tell(.heartbeatReceived(Sample.theirs, ahead))
        _ = bench.tell(.pullFailed(Sample.peer, Sample.group, Sample.failure(.busy(retryAfterMs: 60_000))))
        #expect(bench.tell(.resyncRequested(Sample.group)) == [.pull()])
    }

    @Test("The same seed and the same events give the same effects")
    func deterministic() {
        func run(seed: UInt64) -> [Int64] {
            var bench = ReplicatorBench(seed: seed)
            bench.tell(.groupOpened(Sample.group, Sample.state(Sample.heads(3, 3))))
            bench.tell(.peerConfigured(Sample.entry()))
            return (0..<6).map { _ in
                _ = bench.tell(.handshakeFailed(Sample.peer, Sample.group, Sample.failure(.unreachable)))
                return bench.waitForEffects().ms
            }
        }
        #expect(run(seed: 5) == run(seed: 5))
        #expect(run(seed: 5) != run(seed: 6))
    }
}
