import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Replicator: the own log, and logs that differ")
struct ReplicatorOwnLogTests {
    /// One peer that has answered a pull and told nothing of our own log yet.
    private func bench(_ heads: [LogHead], theirs: [LogHead]) -> ReplicatorBench {
        var bench = ReplicatorBench()
        bench.replicator = Replicator(own: Sample.ours, seed: 1)
        bench.tell(.groupOpened(Sample.group, Sample.state(heads)))
        bench.tell(.peerConfigured(Sample.entry(hasSession: true)))
        bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(theirs)))
        return bench
    }

    private func reported(_ head: LogHead?, held: Hash256?) -> ReplicatorEvent {
        .ownLogReported(Sample.theirs, Sample.group, head: head, held: held)
    }

    private func isOpen(_ bench: ReplicatorBench) -> Bool {
        bench.replicator.sendsOwnLog(to: Sample.theirs, in: Sample.group)
    }

    @Test("Nothing of the own log is pushed before the peer has said how far it holds it")
    func closed() {
        var bench = bench(Sample.heads(5, 3), theirs: Sample.heads(3, 3))
        #expect(bench.wait(100).isEmpty && !isOpen(bench))
        let effects = bench.tell(reported(Sample.head(Sample.ours, 3), held: Sample.head(Sample.ours, 3).hash))
        #expect(isOpen(bench))
        #expect(effects + bench.wait(5) == [.push(above: Sample.heads(3, 3))])
    }

    @Test("Others' logs don't wait for that")
    func others() {
        var bench = bench(Sample.heads(5, 3, 4), theirs: Sample.heads(3, 3, 2))
        #expect(bench.wait(5) == [.push(above: Sample.heads(5, 3, 2))])
    }

    @Test("A peer that is ahead is pulled from; what it does not serve in three pulls is ignored")
    func ahead() {
        var bench = bench(Sample.heads(3, 3), theirs: Sample.heads(5, 3))
        let report = reported(Sample.head(Sample.ours, 5), held: nil)
        var pulls = bench.tell(report).count { $0 == .pull() }
        for _ in 0..<20 {
            if isOpen(bench) { break }
            if bench.replicator.leavesOutOwnLog(to: Sample.theirs, in: Sample.group) {
                Issue.record("it may simply continue")
            }
            _ = bench.tell(report)
            pulls += bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(Sample.heads(5, 3))))
                .count { $0 == .pull() }
            pulls += bench.wait(70_000).count { $0 == .pull() }
        }
        #expect(isOpen(bench) && (2...6).contains(pulls))
    }

    @Test("Another chain is fetched whole; a lost session closes the gate again")
    func beside() {
        var bench = bench(Sample.heads(5, 3), theirs: Sample.heads(3, 3))
        #expect(bench.tell(reported(Sample.head(Sample.ours, 3), held: Sample.hash(99))) == [.pull()])
        #expect(bench.replicator.leavesOutOwnLog(to: Sample.theirs, in: Sample.group))
        _ = bench.tell(reported(Sample.head(Sample.ours, 3), held: Sample.head(Sample.ours, 3).hash))
        #expect(isOpen(bench) && !bench.replicator.leavesOutOwnLog(to: Sample.theirs, in: Sample.group))
        _ = bench.tell(.pullFailed(Sample.peer, Sample.group, Sample.failure(.unauthorized)))
        #expect(!isOpen(bench))
        _ = bench.tell(.heartbeatReceived(Sample.theirs, Sample.heartbeat(Sample.state(Sample.heads(5, 3)))))
        #expect(isOpen(bench), "equal digests say it all")
    }

    @Test("Equal places with another hash are pulled, a few times")
    func differing() {
        var bench = ReplicatorBench.settled()
        var other = Sample.heads(3, 3)
        other[1].hash = Sample.hash(99)
        _ = bench.tell(.headsReported(Sample.theirs, Sample.group, other))
        var pulls = 0
        for _ in 0..<30 {
            let effects = bench.wait(10_000)
            pulls += effects.count { $0 == .pull() }
            _ = bench.tell(.pullAnswered(Sample.peer, Sample.group, Sample.pulled(other)))
        }
        #expect((1...4).contains(pulls))
    }

    @Test("A cut the peer does not show goes to it with one push, and again after a heartbeat that differs")
    func evidence() {
        var bench = ReplicatorBench.settled()
        var cut = Sample.heads(3, 2)
        cut[1].cut = Sample.hash(50)
        func evidencePushes(_ effects: [ReplicatorEffect]) -> Int {
            effects.count { if case .push(_, _, _, _, withEvidence: true, _) = $0 { true } else { false } }
        }
        #expect(evidencePushes(bench.commit(cut) + bench.wait(10)) == 1)
        let still = Sample.acknowledged(Sample.heads(3, 3), sent: 0)
        var effects = bench.tell(.pushAnswered(Sample.peer, Sample.group, still))
        effects += bench.wait(20_000)
        #expect(evidencePushes(effects) == 0)
        effects = bench.tell(
            .heartbeatReceived(Sample.theirs, Sample.heartbeat(Sample.state(Sample.heads(3, 3))))
        )
        #expect(evidencePushes(effects + bench.wait(10)) == 1)
        _ = bench.tell(.pushAnswered(Sample.peer, Sample.group, Sample.acknowledged(cut, sent: 0)))
        #expect(evidencePushes(bench.wait(20_000)) == 0)
    }

    @Test("Two that hold different branches of a third's log come to the same, whoever of them can dial")
    func branches() throws {
        for links in [[[1], [0], []], [[1], [], []], [[], [0], []]] {
            let reachable = ReplicatorSettings()
            var net = ReplicationNet(links: links, settings: [reachable, reachable, reachable], seed: 5)
            net.nodes[2].isUp = false
            var (left, right) = (net.nodes[2].writer, net.nodes[2].writer)
            right.wallMs += 3
            for name in ["a1", "a2", "a3"] { left.post(name) }
            for name in ["b1", "b2", "b3"] { right.post(name) }
            let owner = net.nodes[0].writer.events
            _ = try net.nodes[0].publish(wallMs: net.wallMs)
            _ = try net.nodes[0].admit(left.events, wallMs: net.wallMs)
            _ = try net.nodes[1].admit(owner + right.events, wallMs: net.wallMs)
            net.nodes[2].isUp = false
            try net.start()
            net.at(0, .stop(node: 2))
            var isEqual = false
            for _ in 0..<20 where !isEqual {
                try net.run(ms: 10_000)
                isEqual = net.nodes[0].heads.digest == net.nodes[1].heads.digest
            }
            #expect(isEqual, "\(links)")
            #expect(net.nodes[0].heads.heads.contains { $0.origin == left.id && $0.cut != nil })
            let calls = net.pushes + net.pulls
            try net.run(ms: 300_000)
            #expect(net.pushes + net.pulls - calls < 40, "\(links)")
            #expect(net.nodes[0].stateRoot == net.nodes[1].stateRoot)
        }
    }
}
