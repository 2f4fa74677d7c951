import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import Synchronization
import Testing

@testable import HivePeering

@Suite("Where peers may be dialled", .opensFiles)
struct PeeringAddressTests {
    @Test(
        "Learnt addresses that lead inside are refused",
        arguments: [
            "127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "169.254.169.254",
            "100.100.100.200", "224.0.0.1", "0.0.0.0", "255.255.255.255", "fe80::1", "fc00::1", "fd00:ec2::254",
            "ff02::1",
            "::", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
        ]
    )
    func inside(_ text: String) throws {
        let rules = EndpointRules(allowedNetworks: [], listensOnLoopbackOnly: false)
        let address = try #require(OutgoingAddress(text))
        #expect(rules.refusal(learnt: address) != nil)
    }

    @Test(
        "Learnt public addresses are dialled",
        arguments: ["1.1.1.1", "2606:4700::1111", "172.32.0.1", "100.128.0.1"]
    )
    func outside(_ text: String) throws {
        let rules = EndpointRules(allowedNetworks: [], listensOnLoopbackOnly: false)
        #expect(rules.refusal(learnt: try #require(OutgoingAddress(text))) == nil)
    }

    @Test("Allowed networks open private ranges, never link-local or metadata; loopback goes with listening there")
    func allowed() throws {
        let network = try #require(OutgoingNetwork("10.0.0.0/8"))
        let wide = try #require(OutgoingNetwork("0.0.0.0/0"))
        let rules = EndpointRules(allowedNetworks: [network], listensOnLoopbackOnly: true)
        #expect(rules.refusal(learnt: try #require(OutgoingAddress("10.200.0.1"))) == nil)
        #expect(rules.refusal(learnt: try #require(OutgoingAddress("192.168.0.1"))) != nil)
        #expect(rules.refusal(learnt: try #require(OutgoingAddress("127.0.0.1"))) == nil)
        let careless = EndpointRules(allowedNetworks: [wide], listensOnLoopbackOnly: false)
        #expect(careless.refusal(learnt: try #require(OutgoingAddress("169.254.169.254"))) != nil)
    }

    @Test("A token travels in the clear only to https, this machine and allowed networks")
    func tokens() throws {
        let network = try #require(OutgoingNetwork("10.0.0.0/8"))
        let rules = EndpointRules(allowedNetworks: [network], listensOnLoopbackOnly: false)
        let plain = try PeerEndpoint("http://peer.example:3000")
        let secure = try PeerEndpoint("https://peer.example")
        #expect(rules.mayCarryToken(secure, at: nil))
        #expect(!rules.mayCarryToken(plain, at: nil))
        #expect(!rules.mayCarryToken(plain, at: OutgoingAddress("8.8.8.8")))
        #expect(!rules.mayCarryToken(plain, at: OutgoingAddress("192.168.0.5")))
        #expect(rules.mayCarryToken(plain, at: OutgoingAddress("10.0.0.5")))
        #expect(rules.mayCarryToken(plain, at: OutgoingAddress("127.0.0.1")))
    }

    @Test(
        "An endpoint gets its suffix once",
        arguments: [
            ("http://a.example", "http://a.example/sync/v1"),
            ("HTTPS://A.example:8443/", "https://a.example:8443/sync/v1"),
            ("http://[::1]:80/x", "http://[::1]:80/x/sync/v1"), ("http://a/sync/v1/", "http://a/sync/v1"),
        ]
    )
    func suffix(_ given: String, _ wanted: String) throws {
        #expect(try PeerEndpoint(given).text == wanted)
    }

    @Test(
        "What is no endpoint is refused with a sentence",
        arguments: [
            "", "a.example", "ftp://a.example", "http://", "http://user@a.example", "http://a.example?x=1",
            "http://a b",
            "http://a.example:0", "http://a.example:99999", "http://[::1", "http://a.example/#x", "http://ä.example",
            "http://[fe80::1%eth0]",
        ]
    )
    func noEndpoint(_ text: String) {
        #expect(throws: HiveError.self) { try PeerEndpoint(text) }
    }
}

@Suite("Parts of the sync shell", .opensFiles)
struct PeeringPartsTests {
    private func timer(_ generation: UInt64) -> ReplicatorTimer {
        ReplicatorTimer(kind: .heartbeat(PeerID("p")), generation: generation)
    }

    @Test("Timers come due in the order of their times; cancelled ones don't")
    func timers() {
        var heap = TimerHeap()
        var generator = SeededGenerator(seed: 5)
        let times = (0..<500).map { _ in Int64(generator.below(1_000)) }
        for (index, time) in times.enumerated() { heap.schedule(timer(UInt64(index)), at: Instant(ms: time)) }
        for index in 0..<500 where index % 3 == 0 { heap.cancel(timer(UInt64(index))) }
        var fired: [Int64] = []
        while let next = heap.next() {
            for timer in heap.due(at: next) { fired.append(times[Int(timer.generation)]) }
        }
        let wanted = times.enumerated().filter { $0.offset % 3 != 0 }.map(\.element).sorted()
        #expect(fired == wanted)
        #expect(heap.count == 0)
    }

    @Test("Cancelled timers don't pile up")
    func cancelledTimers() {
        var heap = TimerHeap()
        for generation in 0..<10_000 {
            heap.schedule(timer(UInt64(generation)), at: Instant(ms: 1_000_000))
            heap.cancel(timer(UInt64(generation)))
        }
        #expect(heap.count == 0)
        #expect(heap.next() == nil)
    }

    @Test("The scheduler fires an earlier timer first, though it was set later")
    func scheduler() async {
        let scheduler = TimerScheduler(clock: SystemPeeringClock())
        let (fired, sink) = AsyncStream.makeStream(of: UInt64.self)
        scheduler.schedule(timer(1), at: Instant(ms: 60))
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await scheduler.run { sink.yield($0.generation) } }
            scheduler.schedule(timer(2), at: Instant(ms: 30))
            scheduler.schedule(timer(3), at: Instant(ms: 10))
            scheduler.cancel(timer(2))
            var order: [UInt64] = []
            for await generation in fired {
                order.append(generation)
                if order.count == 2 { break }
            }
            #expect(order == [3, 1])
            tasks.cancelAll()
        }
    }

    @Test("A bucket lets one second's worth through, then one after the other, and a large batch once")
    func bucket() {
        var bucket = TokenBucket(perSecond: 10, atMs: 0)
        for _ in 0..<10 { #expect(bucket.take(1, atMs: 0) == nil) }
        #expect(bucket.take(1, atMs: 0) == 100)
        #expect(bucket.take(1, atMs: 100) == nil)
        #expect(bucket.take(50, atMs: 5_000) == nil)
        #expect(bucket.take(1, atMs: 5_000) != nil)
        #expect(bucket.available(atMs: 5_000) == 0)
        #expect(bucket.take(1, atMs: 9_200) == nil)
    }

    @Test("Who takes credits to come is told how long to wait for each, until that is too long")
    func heldUp() {
        var bucket = TokenBucket(perSecond: 10, atMs: 0)
        #expect(bucket.take(10, atMs: 0) == nil)
        #expect(bucket.takeNext(atMs: 0, waitMsMax: 250) == (true, 100))
        #expect(bucket.takeNext(atMs: 0, waitMsMax: 250) == (true, 200))
        #expect(bucket.takeNext(atMs: 0, waitMsMax: 250) == (false, 300))
        #expect(bucket.takeNext(atMs: 300, waitMsMax: 250) == (true, 0))
    }

    @Test("A clock that goes back gives no credits")
    func bucketClock() {
        var bucket = TokenBucket(perSecond: 1, atMs: 10_000)
        #expect(bucket.take(1, atMs: 10_000) == nil)
        #expect(bucket.take(1, atMs: 1) != nil)
        #expect(bucket.take(1, atMs: 10_500) != nil)
        #expect(bucket.take(1, atMs: 11_000) == nil)
    }

    @Test("A nonce counts once, and a full cache takes nothing more until old ones expire")
    func nonces() {
        let instance = TestInstance("n", seed: 3, crypto: SwiftCrypto()).id
        let cache = NonceCache(max: 2, windowMs: 60_000)
        #expect(cache.isFresh("a", of: instance, nowMs: 0))
        #expect(!cache.isFresh("a", of: instance, nowMs: 1))
        #expect(cache.isFresh("b", of: instance, nowMs: 1))
        #expect(!cache.isFresh("c", of: instance, nowMs: 2))
        #expect(cache.isFresh("c", of: instance, nowMs: 130_000))
    }

    @Test("Work of one name runs one at a time, in turn, and a cancelled wait ends")
    func turns() async throws {
        let turns = OneAtATime()
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    try await turns.alone("x") {
                        crowd.enter()
                        await Task.yield()
                        crowd.leave()
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(crowd.most == 1)
        try await turns.alone("x") {
            await withTaskGroup(of: Bool.self) { tasks in
                tasks.addTask { (try? await turns.alone("x") { true }) ?? false }
                tasks.cancelAll()
                for await went in tasks { #expect(!went) }
            }
        }
        #expect(try await turns.alone("x") { 7 } == 7)
    }

    @Test(
        "A seal is read as it was written, and other headers are not taken for one",
        arguments: [
            "", "HiveHMAC ", "HiveHMAC a:b:c:d", "HiveHMAC :::", "Bearer x", "HiveHMAC inst_x:1:2:3",
        ]
    )
    func sealForm(_ broken: String) throws {
        let instance = TestInstance("s", seed: 4, crypto: SwiftCrypto()).id
        let seal = RequestSeal(
            instance,
            method: "GET",
            path: "/sync/v1/x",
            body: [],
            timeMs: 5,
            tokenHash: [UInt8](repeating: 1, count: 32)
        )
        #expect(RequestSeal(header: seal.header) == seal)
        #expect(RequestSeal(header: broken) == nil)
    }

    @Test("Events are read in order, whatever the number of tasks; what can't be read is named by its place")
    func intake() async throws {
        let group = TestGroup(1, crypto: SwiftCrypto())
        var owner = group.owner
        for number in 0..<700 { owner.post("p\(number)") }
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for (index, event) in owner.events.enumerated() {
            let start = bytes.count
            if index == 400 { bytes += Array("{}".utf8) } else { event.writeWire(into: &bytes) }
            ranges.append(start..<bytes.count)
        }
        let result = await EventIntake.parse(bytes, at: ranges, group: group.id)
        var wanted = owner.events
        wanted.remove(at: 400)
        #expect(result.events == wanted)
        #expect(result.faults.map(\.index) == [400])
        #expect(result.events.lastOfEachLog.map(\.hash) == [owner.lastEvent?.hash])
    }
}

/// Counts who is inside at the same time.
private final class Crowd: Sendable {
    private let state = Mutex((inside: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() {
        state.withLock { state in
            state.inside += 1
            state.most = max(state.most, state.inside)
        }
    }

    func leave() { state.withLock { $0.inside -= 1 } }
}
