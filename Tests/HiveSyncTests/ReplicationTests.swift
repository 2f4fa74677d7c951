import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Complete engines against each other, without sockets")
struct ReplicationTests {
    private static let reachable = ReplicatorSettings()

    /// Heads, roots, dumps and counts are equal, and nothing that was written is missing.
    private func expectEqual(_ net: ReplicationNet) throws {
        let first = net.nodes[0]
        let written = net.nodes.reduce(0) { $0 + $1.writer.events.count }
        for node in net.nodes {
            #expect(node.heads == first.heads)
            #expect(node.stateRoot == first.stateRoot)
            #expect(try node.dump() == first.dump())
            #expect(node.eventCount == written)
        }
        #expect(net.diverged == 0)
    }

    private func write(_ net: inout ReplicationNet, fromMs: Int64, toMs: Int64, everyMs: Int, on nodes: [Int]) {
        var ms = fromMs
        while ms < toMs {
            for node in nodes { net.at(net.now.ms + ms, .write(node: node, events: 1 + net.random.below(3))) }
            ms += 1 + Int64(net.random.below(everyMs))
        }
    }

    @Test("Two write at once and end equal, each event sent once and nothing echoed")
    func two() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 1)
        try net.start()
        try net.run(ms: 3_000)
        write(&net, fromMs: 0, toMs: 10_000, everyMs: 40, on: [0, 1])
        try net.run(ms: 10_000)
        #expect(try net.converge(withinMs: 1_000) != nil)
        try expectEqual(net)
        #expect(net.nodes[0].eventCount > 1_000)
        #expect(net.nodes.map(\.duplicates).reduce(0, +) == 0)
    }

    @Test("Of a log whose writer it does not know a peer is handed every step from the owner to it, once")
    func introductions() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 7)
        var guests = (0..<4).map { TestInstance("guest-\($0)", seed: 900_000 + UInt64($0), crypto: StandInCrypto()) }
        net.nodes[0].writer.add(guests[0])
        // Each lets in the next from the future, which a peer whose clock is right holds back.
        for index in guests.indices {
            guests[index].open(in: net.group)
            guard index + 1 < guests.count else { continue }
            guests[index].wallMs += 3_600_000
            guests[index].add(guests[index + 1])
        }
        guests[3].post("p")
        try net.start()
        try net.run(ms: 2_000)
        let events = guests.flatMap(\.events)
        let outcome = try net.nodes[0].admit(events, wallMs: ReplicationNet.startMs + 7_200_000)
        #expect(outcome.inserted == events.count)
        net.committed(0)
        try net.run(ms: 5_000)
        let held = guests.map { guest in
            net.nodes[1].heads.heads.first { $0.origin == guest.id }?.place.seq
        }
        #expect(held == [1, 1, 1, 2])
        #expect(net.introductions == 4)
        // When the time has come the rest is taken, and all hold the same.
        try net.run(ms: 3_600_000)
        #expect(net.nodes[0].heads.digest == net.nodes[1].heads.digest)
        #expect(net.introductions == 4)
    }

    @Test("A joiner is backfilled by pulls alone, though its host could push")
    func backfill() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 2)
        net.nodes[1].isUp = false
        try net.start()
        net.at(0, .stop(node: 1))
        net.at(1, .write(node: 0, events: 2_000))
        net.at(5_000, .start(node: 1))
        try net.run(ms: 15_000)
        try expectEqual(net)
        #expect(net.nodes[1].duplicates < ReplicationNet.pullEvents)
    }

    @Test("Loss, delay, repetition and cut connections cost time, nothing else", arguments: UInt64(1)...16)
    func faults(seed: UInt64) throws {
        let links = seed % 2 == 0 ? [[1], [0]] : [[1, 2], [0, 2], [0, 1]]
        var net = ReplicationNet(links: links, settings: links.map { _ in Self.reachable }, seed: seed)
        net.faults = .many
        try net.start()
        write(&net, fromMs: 0, toMs: 15_000, everyMs: 250, on: Array(links.indices))
        try net.run(ms: 15_000)
        net.faults = .none
        #expect(try net.converge(withinMs: 120_000) != nil)
        try expectEqual(net)
    }

    @Test("A peer that is down for a while catches up when it is back", arguments: UInt64(1)...4)
    func downForAWhile(seed: UInt64) throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: seed)
        try net.start()
        write(&net, fromMs: 1_000, toMs: 300_000, everyMs: 2_000, on: [0, 1])
        net.at(20_000, .stop(node: 1))
        net.at(260_000, .start(node: 1))
        try net.run(ms: 259_000)
        #expect(net.nodes[0].eventCount > net.nodes[1].eventCount)
        try net.run(ms: 41_000)
        #expect(try net.converge(withinMs: 10_000) != nil)
        try expectEqual(net)
    }

    @Test("After its restart the peer is caught up with within seconds, however long it was away")
    func backAtOnce() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 3)
        try net.start()
        try net.run(ms: 2_000)
        try net.run(ms: 1)
        net.at(net.now.ms, .stop(node: 1))
        net.at(net.now.ms + 10, .write(node: 0, events: 50))
        net.at(net.now.ms + 3_600_000, .start(node: 1))
        try net.run(ms: 3_600_000)
        #expect(try net.converge(withinMs: 3_000) != nil)
        try expectEqual(net)
    }

    @Test("Every second reply lost after the commit, and still each event is stored once", arguments: UInt64(1)...6)
    func lostReplies(seed: UInt64) throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: seed)
        try net.start()
        try net.run(ms: 2_000)
        net.faults = ReplicationFaults(lossPercent: 50, delayMaxMs: 10)
        write(&net, fromMs: 0, toMs: 20_000, everyMs: 100, on: [0, 1])
        try net.run(ms: 20_000)
        net.faults = .none
        #expect(try net.converge(withinMs: 90_000) != nil)
        try expectEqual(net)
    }

    @Test("In a chain of three the middle one relays, and nothing travels twice")
    func chain() throws {
        let settings = [Self.reachable, Self.reachable, Self.reachable]
        var net = ReplicationNet(links: [[1], [0, 2], [1]], settings: settings, seed: 4)
        try net.start()
        try net.run(ms: 10_000)
        write(&net, fromMs: 0, toMs: 10_000, everyMs: 60, on: [0, 1, 2])
        try net.run(ms: 10_000)
        #expect(try net.converge(withinMs: 1_000) != nil)
        try expectEqual(net)
        #expect(net.nodes.map(\.duplicates).reduce(0, +) == 0)
    }

    @Test("An instance nobody can dial keeps up by waiting pulls", arguments: UInt64(1)...5)
    func hidden(seed: UInt64) throws {
        var net = ReplicationNet(links: [[], [0]], settings: [Self.reachable, Self.reachable], seed: seed)
        try net.start()
        try net.run(ms: 3_000)
        write(&net, fromMs: 0, toMs: 20_000, everyMs: 300, on: [0, 1])
        net.faults.lossPercent = seed == 1 ? 0 : 5
        try net.run(ms: 20_000)
        net.faults = .none
        #expect(try net.converge(withinMs: 60_000) != nil)
        try expectEqual(net)
    }

    @Test("An instance whose endpoint leads nowhere is told so by heartbeats, and gets news at once from then on")
    func deaf() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 7)
        net.deaf = (node: 1, caller: 0)
        try net.start()
        try net.run(ms: 120_000)
        for _ in 0..<5 {
            net.at(net.now.ms, .write(node: 0, events: 3))
            try net.run(ms: 1)
            #expect(try net.converge(withinMs: 500) != nil)
            try net.run(ms: 7_000)
        }
        // Once calls arrive again, the waiting ends.
        net.deaf = nil
        try net.run(ms: 120_000)
        let pulls = net.pulls
        try net.run(ms: 120_000)
        #expect(net.pulls == pulls)
        try expectEqual(net)
    }

    @Test("At rest nothing but heartbeats is sent")
    func rest() throws {
        var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 5)
        try net.start()
        write(&net, fromMs: 0, toMs: 5_000, everyMs: 50, on: [0, 1])
        try net.run(ms: 10_000)
        let (pushes, pulls) = (net.pushes, net.pulls)
        try net.run(ms: 600_000)
        #expect(net.pushes == pushes)
        #expect(net.pulls == pulls)
    }

    @Test("The same seed gives the same run")
    func repeatable() throws {
        func run() throws -> [Int] {
            var net = ReplicationNet(links: [[1], [0]], settings: [Self.reachable, Self.reachable], seed: 6)
            net.faults = .many
            try net.start()
            write(&net, fromMs: 0, toMs: 10_000, everyMs: 100, on: [0, 1])
            try net.run(ms: 12_000)
            return [net.pushes, net.pulls] + net.nodes.map(\.duplicates) + net.nodes.map(\.eventCount)
        }
        #expect(try run() == run())
    }
}
