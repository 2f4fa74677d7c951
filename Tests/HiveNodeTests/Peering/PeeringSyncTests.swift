import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveSync
import HiveTestKit
import Testing

@Suite("Two instances over /sync/v1", .opensFiles)
struct PeeringSyncTests {
    @Test("An instance joins by invite, backfills what is there, and both go on exchanging what is written")
    func joinAndExchange() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try pair.a.write { log in
                for number in 0..<300 { log.post("post-\(number)", title: "Post \(number)") }
            }
            let result = try await pair.join(group)
            #expect(result.role == .member)
            #expect(result.instance == pair.a.instance)
            try await pair.settle(group, events: 302)

            try pair.b.write { $0.open(in: group) }
            try pair.b.write { $0.post("from-b", title: "Hello from b") }
            try pair.a.write { $0.post("from-a", title: "Hello from a") }
            try await pair.settle(group, events: 305)
            let left = try await pair.heads(pair.a, group)
            #expect(left.heads.count == 2)
            #expect(left.stateRoot == (try await pair.heads(pair.b, group)).stateRoot)
        }
    }

    @Test("What was written while the other side was away arrives when it is back")
    func catchUp() async throws {
        let pair = PeeringPair()
        let group = try pair.a.found()
        try await pair.a.run {
            try await pair.b.run {
                try await pair.join(group)
                try await pair.settle(group, events: 2)
            }
            try pair.a.write { log in
                for number in 0..<50 { log.post("away-\(number)", title: "Away \(number)") }
            }
            try await pair.b.run { try await pair.settle(group, events: 52) }
        }
    }

    @Test("An instance nobody can dial gets news by a waiting pull")
    func dialOutOnly() async throws {
        let pair = PeeringPair()
        var silent = PeeringSettings.quick
        silent.replicator.longPollMs = 5_000
        try await pair.run(b: silent) { group in
            try await pair.join(group)
            try await pair.settle(group, events: 2)
            let peer = PeerID("peer-\(pair.b.instance.rawValue)")
            var record = try #require(try await pair.a.store.peer(id: peer))
            record.syncEndpoint = nil
            try await pair.a.store.putPeer(record)
            pair.a.service.peerConfigured(record)
            try pair.a.write { $0.post("news", title: "News") }
            try await pair.settle(group, events: 3)
        }
    }

    @Test("A joiner whose address the host refuses to dial is told so, and waits for news there")
    func refusedAddress() async throws {
        let pair = PeeringPair()
        // Nothing but the waiting pull can bring the news within the patience of the test.
        var quiet = PeeringSettings.quick
        quiet.replicator.heartbeatMs = 3_600_000
        var careful = quiet
        careful.listensOnLoopbackOnly = false
        try await pair.run(a: careful, b: quiet) { group in
            #expect(try await !pair.join(group).reachesUs)
            try await pair.settle(group, events: 2)
            let record = try await pair.a.store.peer(id: PeerID("peer-\(pair.b.instance.rawValue)"))
            #expect(record?.syncEndpoint == nil)
            try pair.a.write { $0.post("news", title: "News") }
            try await pair.settle(group, events: 3)
        }
    }

    @Test("A learnt endpoint is checked again when it is dialled; one of the operator's is not")
    func checkedWhenDialled() async throws {
        let pair = PeeringPair()
        var careful = PeeringSettings.quick
        careful.listensOnLoopbackOnly = false
        try await pair.run(a: careful) { group in
            try await pair.join(group)
            try await pair.settle(group, events: 2)
            let id = PeerID("peer-\(pair.b.instance.rawValue)")
            var record = try #require(try await pair.a.store.peer(id: id))
            #expect(record.source == "handshake")
            record.syncEndpoint = pair.b.endpoint
            let learnt = await pair.a.service.test(endpoint: pair.b.endpoint, isTrusted: false)
            #expect(learnt.steps.first?.isOK == false)
            #expect(learnt.steps.first?.message.contains("not dialled") == true)
            try await pair.a.store.putPeer(record)
            pair.a.service.peerConfigured(record)
            func reason() -> String? { pair.a.service.status(of: id, group: group)?.reason }
            for _ in 0..<400 where reason()?.contains("not dialled") != true {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(reason()?.contains("not dialled") == true)
            record.source = "manual"
            try await pair.a.store.putPeer(record)
            pair.a.service.peerConfigured(record)
            for _ in 0..<400 where reason() != nil { try await Task.sleep(for: .milliseconds(5)) }
            #expect(reason() == nil)
        }
    }

    @Test("A storage that can't write acknowledges nothing, and catches up once it can")
    func brokenStorage() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.join(group)
            try await pair.settle(group, events: 2)
            pair.b.replica.breakDown(true)
            try pair.a.write { $0.post("later", title: "Later") }
            for _ in 0..<400 where (pair.a.service.status().map(\.failures).max() ?? 0) == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pair.b.replica.eventCount(group) == 2)
            pair.b.replica.breakDown(false)
            try await pair.settle(group, events: 3)
        }
    }

    @Test("Reports name every peer and group and reach the store")
    func reports() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.join(group)
            try await pair.settle(group, events: 2)
            for _ in 0..<400 {
                if try await pair.b.store.peer(id: PeerID("peer-a"))?.status == "active" { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await pair.b.store.peer(id: PeerID("peer-a"))?.status == "active")
            #expect(pair.b.service.status(of: PeerID("peer-a"), group: group)?.status == .active)
        }
    }

    @Test("A test of a peer walks all steps and names the instance; a dead port names the step and says what to do")
    func peerTest() async throws {
        let pair = PeeringPair()
        try await pair.run { _ in
            let good = await pair.b.service.test(endpoint: pair.a.endpoint, expected: pair.a.instance)
            #expect(good.isReachable)
            #expect(good.instance == pair.a.instance)
            #expect(good.steps.map(\.step) == ["name", "tcp", "tls", "http", "identity", "clock", "version"])
            let wrong = await pair.b.service.test(endpoint: pair.a.endpoint, expected: pair.b.instance)
            #expect(wrong.steps.first { !$0.isOK }?.step == "identity")
            let dead = await pair.b.service.test(endpoint: "http://127.0.0.1:1")
            #expect(dead.steps.first { !$0.isOK }?.step == "tcp")
            #expect(dead.steps.first { !$0.isOK }?.message.contains("nothing listens") == true)
            let nonsense = await pair.b.service.test(endpoint: "ftp://example")
            #expect(nonsense.steps.first { !$0.isOK }?.step == "name")
        }
    }
}
