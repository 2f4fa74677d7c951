import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Replicator: pushing")
struct ReplicatorPushTests {
    private func answered(_ heads: [LogHead], credits: Int64 = 50_000) -> ReplicatorEvent {
        .pushAnswered(Sample.peer, Sample.group, Sample.acknowledged(heads, credits: credits))
    }

    private func failed(_ kind: PeerFailure.Kind) -> ReplicatorEvent {
        .pushFailed(Sample.peer, Sample.group, Sample.failure(kind))
    }

    @Test("Events gather for five milliseconds and go in one push")
    func gathered() {
        var bench = ReplicatorBench.settled()
        #expect(bench.commit(Sample.heads(4, 3)).isEmpty)
        #expect(bench.commit(Sample.heads(6, 3), afterMs: 3).isEmpty)
        #expect(bench.wait(1).isEmpty)
        #expect(bench.wait(1) == [.push(above: Sample.heads(3, 3))])
        #expect(bench.tell(answered(Sample.heads(6, 3)), afterMs: 4).isEmpty)
        #expect(bench.wait(10_000).isEmpty)
    }

    @Test("Sixty-four gathered events go at once")
    func enoughGathered() {
        var bench = ReplicatorBench.settled()
        #expect(bench.commit(Sample.heads(66, 3)).isEmpty)
        #expect(bench.commit(Sample.heads(67, 3), afterMs: 1) == [.push(above: Sample.heads(3, 3))])
        #expect(bench.timer { if case .gather = $0 { true } else { false } } == nil)
    }

    @Test("One push is out at a time; the next starts from the acknowledged heads")
    func oneInFlight() {
        var bench = ReplicatorBench.settled()
        #expect(bench.commit(Sample.heads(1_003, 3)) == [.push(above: Sample.heads(3, 3))])
        #expect(bench.commit(Sample.heads(1_100, 3), afterMs: 2).isEmpty)
        #expect(bench.wait(100).isEmpty)
        #expect(bench.tell(answered(Sample.heads(503, 3))) == [.push(above: Sample.heads(503, 3))])
        #expect(bench.tell(answered(Sample.heads(1_003, 3))) == [.push(above: Sample.heads(1_003, 3))])
        #expect(bench.tell(answered(Sample.heads(1_100, 3))).isEmpty)
        #expect(bench.status?.lag == 0 || bench.wait(5_000).isEmpty)
    }

    @Test("A failing push is tried again after 1, 2, 4 ... 60 s, and shows as error after ten")
    func backoff() {
        var bench = ReplicatorBench.settled(settings: ReplicatorSettings(heartbeatMs: 3_600_000_000))
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        var delays: [Int64] = []
        for attempt in 1...12 {
            #expect(bench.tell(failed(.unreachable)).isEmpty)
            let expected: PeerReport.Status = attempt < 3 ? .active : attempt < 10 ? .unreachable : .error
            #expect(bench.status?.status == expected)
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.push(above: Sample.heads(3, 3))])
            delays.append(ms)
        }
        expectBackoff(delays)
        #expect(Set(delays.suffix(5)).count > 1, "without jitter, peers that failed together return together")
        _ = bench.tell(answered(Sample.heads(4, 3)))
        #expect(bench.status?.status == .active)
        #expect(bench.status?.failures == 0)
    }

    @Test("Events committed meanwhile don't cut a wait short")
    func commitWhileWaiting() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        #expect(bench.tell(failed(.faulty)).isEmpty)
        #expect(bench.commit(Sample.heads(400, 3), afterMs: 10).isEmpty)
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.push(above: Sample.heads(3, 3))])
        #expect(ms >= 700)
    }

    @Test("A busy peer is left alone as long as it asks for")
    func retryAfter() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        #expect(bench.tell(failed(.busy(retryAfterMs: 7_000))).isEmpty)
        // Neither new events nor a sign of life shorten what it asked for.
        #expect(bench.commit(Sample.heads(300, 3), afterMs: 1_000).isEmpty)
        #expect(bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(3, 3)), afterMs: 2_000).isEmpty)
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.push(above: Sample.heads(3, 3))])
        #expect((4_000...6_000).contains(ms))
    }

    @Test("Any sign of life resets the failures and tries again at once")
    func contact() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        for _ in 0..<11 {
            _ = bench.tell(failed(.unreachable))
            var effects = bench.waitForEffects().effects
            // Heartbeats go on meanwhile, and fail too.
            while effects == [.heartbeat(Sample.peer)] {
                _ = bench.tell(.heartbeatFailed(Sample.peer, Sample.failure(.unreachable)))
                effects = bench.waitForEffects().effects
            }
            #expect(effects == [.push(above: Sample.heads(3, 3))])
        }
        _ = bench.tell(failed(.unreachable))
        #expect(bench.status?.status == .error)
        let effects = bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(3, 3)), afterMs: 2_000)
        #expect(effects == [.push(above: Sample.heads(3, 3)), .heartbeat(Sample.peer)])
        #expect(bench.status?.failures == 0)
        #expect(bench.status?.status == .active)
    }

    @Test("A peer that reaches us where we can't reach it is not dialled with every call of its own")
    func oneWayContact() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        var pushes = 0
        _ = bench.tell(failed(.unreachable))
        for _ in 0..<1_000 {
            for effect in bench.tell(.headsReported(Sample.theirs, Sample.group, []), afterMs: 5) + bench.wait(5) {
                guard case .push = effect else { continue }
                pushes += 1
                _ = bench.tell(failed(.unreachable))
            }
        }
        // Ten seconds.
        #expect((5...11).contains(pushes))
    }

    @Test("What a peer does not take is not offered in a circle")
    func nothingTaken() {
        var bench = ReplicatorBench.settled(settings: ReplicatorSettings(heartbeatMs: 3_600_000_000))
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        var delays: [Int64] = []
        var answer = Sample.acknowledged(Sample.heads(3, 3))
        answer.unknown = [Sample.ours]
        let introducing = ReplicatorEffect.push(
            Sample.peer,
            Sample.group,
            above: Sample.heads(3, 3),
            maxEvents: 500,
            introducing: [Sample.ours]
        )
        // Introduced at once, then again and again with the log.
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)) == [introducing])
        for _ in 0..<8 {
            #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)).isEmpty)
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [introducing])
            delays.append(ms)
        }
        expectBackoff(delays)
        #expect(bench.reports.contains { $0.reason?.contains("does not know") == true })
    }

    @Test("A push for which nothing was found to send is not repeated at once")
    func nothingToSend() {
        var bench = ReplicatorBench.settled(settings: ReplicatorSettings(heartbeatMs: 3_600_000_000))
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        var delays: [Int64] = []
        for _ in 0..<8 {
            var answer = Sample.acknowledged(Sample.heads(3, 3), sent: 0)
            answer.sent = Sample.heads(3, 3)
            #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)).isEmpty)
            let (ms, effects) = bench.waitForEffects()
            #expect(effects == [.push(above: Sample.heads(3, 3))])
            delays.append(ms)
        }
        expectBackoff(delays)
    }

    @Test("A log the peer does not take holds up no other")
    func oneLogNotTaken() {
        var bench = ReplicatorBench.settled(
            Sample.heads(3, 3, 3),
            settings: ReplicatorSettings(heartbeatMs: 3_600_000_000)
        )
        #expect(bench.commit(Sample.heads(903, 3, 503)) == [.push(above: Sample.heads(3, 3, 3))])
        // The push held 500 events of our log, and the peer's clock holds them back.
        var answer = Sample.acknowledged(Sample.heads(3, 3, 3), sent: 500)
        answer.sent = Sample.heads(503, 3, 3)
        answer.heldUntilMs = 1_750_000_100_000
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)) == [.push(above: Sample.heads(903, 3, 3))])
        #expect(bench.replicator.currentReports().last?.reason?.contains("holds events back") == true)
        answer = Sample.acknowledged(Sample.heads(3, 3, 503), sent: 500)
        answer.sent = Sample.heads(903, 3, 503)
        #expect(bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)).isEmpty)
        // What was held up is offered again, and goes on once it is taken.
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.push(above: Sample.heads(3, 3, 503))])
        #expect((750...1_250).contains(ms))
        answer = Sample.acknowledged(Sample.heads(503, 3, 503), sent: 500)
        answer.sent = Sample.heads(503, 3, 503)
        #expect(
            bench.tell(.pushAnswered(Sample.peer, Sample.group, answer)) == [.push(above: Sample.heads(503, 3, 503))]
        )
    }

    @Test("A peer that has less than believed is pushed to from there, at once")
    func lessThanBelieved() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        _ = bench.wait(5)
        #expect(bench.tell(answered(Sample.heads(1, 3))) == [.push(above: Sample.heads(1, 3))])
        #expect(bench.tell(answered(Sample.heads(4, 3))).isEmpty)
    }

    @Test("Credits bound the next push; without any it waits a second")
    func credits() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(1_003, 3))
        let next = bench.tell(answered(Sample.heads(503, 3), credits: 100))
        #expect(next == [.push(above: Sample.heads(503, 3), maxEvents: 100)])
        #expect(bench.tell(answered(Sample.heads(603, 3), credits: 0)).isEmpty)
        #expect(bench.wait(999).isEmpty)
        #expect(bench.wait(1) == [.push(above: Sample.heads(603, 3), maxEvents: 64)])
        #expect(bench.tell(answered(Sample.heads(667, 3))) == [.push(above: Sample.heads(667, 3))])
    }

    @Test("Nothing goes back to where it came from, and everything goes on to who lacks it")
    func relay() {
        var bench = ReplicatorBench.settled()
        bench.tell(.peerConfigured(Sample.entry(Sample.thirdPeer, instance: Sample.third, hasSession: true)))
        let both = Sample.heads(3, 3)
        bench.tell(.pullAnswered(Sample.thirdPeer, Sample.group, Sample.pulled(both)))

        // The peer pushes its events 4 to 9 to us.
        #expect(bench.tell(.headsReported(Sample.theirs, Sample.group, Sample.heads(0, 9)), afterMs: 50).isEmpty)
        #expect(bench.commit(Sample.heads(3, 9)).isEmpty)
        let relayed = ReplicatorEffect.push(Sample.thirdPeer, Sample.group, above: both, maxEvents: 500)
        #expect(bench.wait(5) == [relayed])
        let taken = Sample.acknowledged(Sample.heads(3, 9))
        #expect(bench.tell(.pushAnswered(Sample.thirdPeer, Sample.group, taken)).isEmpty)
        #expect(bench.wait(20_000).isEmpty)
    }

    @Test("Pushes rest while the peer pulls, and what it was sent is not pushed again")
    func restsWhilePulled() {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.tell(.pullStarted(Sample.theirs, Sample.group, heads: Sample.heads(3, 3))).isEmpty)
        #expect(bench.wait(1_000).isEmpty)
        #expect(bench.commit(Sample.heads(200, 3)).isEmpty)
        let served = ReplicatorEvent.pullServed(
            Sample.theirs,
            Sample.group,
            sent: Sample.heads(100, 3),
            hasMore: false
        )
        #expect(bench.tell(served).isEmpty)
        #expect(bench.waitForEffects().effects == [.push(above: Sample.heads(100, 3))])
    }

    @Test("A pull that never ends holds pushes up for a minute, not for ever")
    func endlessPull() {
        var bench = ReplicatorBench.settled(settings: ReplicatorSettings(heartbeatMs: 3_600_000_000))
        _ = bench.commit(Sample.heads(4, 3))
        #expect(bench.tell(.pullStarted(Sample.theirs, Sample.group, heads: Sample.heads(3, 3))).isEmpty)
        let (ms, effects) = bench.waitForEffects()
        #expect(effects == [.push(above: Sample.heads(3, 3))])
        #expect((60_000...61_000).contains(ms))
    }

    @Test("A timer that was cancelled or replaced and fires late is ignored")
    func lateTimer() throws {
        var bench = ReplicatorBench.settled()
        _ = bench.commit(Sample.heads(4, 3))
        let gather = try #require(bench.timer { if case .gather = $0 { true } else { false } })
        #expect(bench.commit(Sample.heads(100, 3)).count == 1)
        #expect(bench.tell(.timerFired(gather.timer)).isEmpty)
        #expect(bench.tell(answered(Sample.heads(100, 3))).isEmpty)
        #expect(bench.tell(.timerFired(gather.timer)).isEmpty)
    }
}
