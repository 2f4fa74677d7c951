import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("The log as it is sent", .opensFiles)
struct EventLogTests {
    let test: TestStore
    let group: TestGroup<StandInCrypto>

    init() throws {
        var group = TestGroup(3, seed: 4, crypto: StandInCrypto())
        for index in group.instances.indices {
            for number in 0..<40 { group.instances[index].post("p\(number)", title: "Post \(number)") }
        }
        self.group = group
        test = try TestStore()
        try test.makeGroup(group.id, hive: "engineering", isShared: true)
        // In pieces, so that there are runs that end inside the logs.
        var rest = group.instances.map { $0.events[...] }
        while rest.contains(where: { !$0.isEmpty }) {
            var batch: [Event] = []
            for index in rest.indices {
                batch += rest[index].prefix(17)
                rest[index] = rest[index].dropFirst(17)
            }
            try test.admit(batch, to: group.id)
        }
    }

    private func parse(_ lines: [UInt8]) throws -> [Event] {
        var parser = EventParser(groupID: group.id)
        return try lines.split(separator: UInt8(ascii: "\n")).map {
            try parser.parse(Array($0), hashing: StandInCrypto())
        }
    }

    @Test("A replica that has nothing gets everything, in order, byte for byte")
    func everything() async throws {
        var heads: [LogHead] = []
        var received: [Event] = []
        var memory = MemoryState()
        while true {
            let batch = try await test.store.events(of: group.id, above: heads, maxEvents: 25, maxBytes: 1 << 20)
            let events = try parse(batch.lines)
            #expect(events.count == batch.count)
            received += events
            let outcome = try TestStore.admit(events, to: group.id, &memory)
            #expect(outcome.rejected.isEmpty && outcome.inserted == events.count)
            #expect(batch.reached == outcome.heads)
            heads = batch.reached
            guard batch.hasMore else { break }
            #expect(batch.count > 0)
        }
        #expect(Set(received.map(\.hash)) == Set(group.events.map(\.hash)))
        #expect(received.count == group.events.count)
        #expect(received.first?.header.isGenesis == true)
        let origins = received.map(\.header.origin)
        #expect(origins.first == group.owner.id && origins.prefix(43).allSatisfy { $0 == group.owner.id })
        let dump = try test.state(group.id) { try $0.canonicalDump() }
        #expect(try memory.canonicalDump() == dump)
    }

    @Test("A run is sent whole, however small the limits, and ends at a signature known to be good")
    func wholeRuns() async throws {
        let batch = try await test.store.events(of: group.id, above: [], maxEvents: 1, maxBytes: 10)
        #expect(batch.count >= 1)
        #expect(batch.hasMore)
        var memory = MemoryState()
        _ = try TestStore.admit(try parse(batch.lines), to: group.id, &memory)
        let last = try #require(try parse(batch.lines).last)
        #expect(memory.isVerified(origin: last.header.origin, place: last.header.place))
        let middle = try await test.store.events(of: group.id, above: [], maxEvents: 20, maxBytes: 1 << 20)
        // Verified in pieces of 17: a limit of 20 cuts after the first.
        #expect(middle.count == 17)
    }

    @Test("Who has all gets nothing, and who is ahead too")
    func upToDate() async throws {
        let heads = try test.state(group.id) { try $0.heads() }
        let none = try await test.store.events(of: group.id, above: heads)
        #expect(none.count == 0 && none.lines.isEmpty && !none.hasMore)
        #expect(none.reached == heads)
        var ahead = heads
        ahead[0].place.seq += 5
        ahead[1].place.epoch += 1
        #expect(try await test.store.events(of: group.id, above: ahead).count == 0)
    }

    @Test("Several epochs of one instance follow each other")
    func epochs() async throws {
        var owner = group.owner
        let end = try #require(owner.lastEvent)
        owner.open(
            in: group.id,
            epoch: 2,
            closed: [ClosedEpoch(last: end.header.place, hash: end.hash)],
            reason: "rotation"
        )
        owner.post("again")
        try test.admit(Array(owner.events.suffix(2)), to: group.id)
        let batch = try await test.store.events(of: group.id, above: [], maxEvents: 500, maxBytes: 1 << 22)
        let places = try parse(batch.lines).filter { $0.header.origin == owner.id }.map(\.header.place)
        #expect(places == places.sorted())
        #expect(places.last == Place(epoch: 2, seq: 2))
        let opening = owner.events[owner.events.count - 2]
        let held = LogHead(origin: owner.id, place: opening.header.place, hash: opening.hash)
        let tail = try await test.store.events(of: group.id, above: [held])
        #expect(try parse(tail.lines).first?.header.place == Place(epoch: 2, seq: 2))
        var other = held
        other.hash = end.hash
        let whole = try await test.store.events(of: group.id, above: [other])
        #expect(try parse(whole.lines).filter { $0.header.origin == owner.id }.map(\.header.place) == places)
        other.cut = end.hash
        let none = try await test.store.events(of: group.id, above: [other])
        #expect(try parse(none.lines).allSatisfy { $0.header.origin != owner.id })
        let without = try await test.store.events(of: group.id, above: [], leavingOut: owner.id)
        #expect(try parse(without.lines).allSatisfy { $0.header.origin != owner.id })
        let detail = try #require(try await test.store.group(group.id))
        #expect(detail.heads.first { $0.origin == owner.id }?.place == Place(epoch: 2, seq: 2))
        #expect(detail.localSeq == Int64(group.events.count + 2))
    }

    @Test("Who names an event that is kept aside here is sent the log from its first event on")
    func aside() async throws {
        var (left, right) = (group.instances[1], group.instances[1])
        let common = try #require(left.lastEvent)
        let mine = [left.post("left"), left.post("left-again")]
        try test.admit(mine, to: group.id)
        try test.admit([right.post("right")], to: group.id)
        let heads = try test.state(group.id) { try $0.heads() }
        let ours = try #require(heads.first { $0.origin == left.id })
        #expect(ours.hash == common.hash && ours.cut != nil)
        let others = heads.filter { $0.origin != left.id }
        let theirs = LogHead(origin: left.id, place: mine[1].header.place, hash: mine[1].hash)
        let log = try parse(try await test.store.events(of: group.id, above: others + [theirs]).lines)
        #expect(log.first?.header.place == Place(epoch: 1, seq: 1) && log.last?.hash == common.hash)
        // Somebody who is merely ahead is sent nothing.
        let beyond = LogHead(origin: left.id, place: mine[1].header.place, hash: common.hash)
        #expect(try await test.store.events(of: group.id, above: others + [beyond]).count == 0)
    }

    @Test("Pages by arrival number hold each event once, though other groups write between")
    func byArrival() async throws {
        var other = founder("other", hive: "other", seed: 99)
        try test.publish(other, hive: "other")
        var owner = group.owner
        for number in 0..<20 {
            owner.post("late\(number)")
            other.post("between\(number)")
            try test.admit([try #require(owner.lastEvent)], to: group.id)
            try test.admit([try #require(other.lastEvent)], to: try #require(other.group))
        }
        var received: [Event] = []
        var since: Int64 = 0
        while true {
            let page = try await test.store.events(of: group.id, sinceArrival: since, limit: 11)
            #expect(page.incarnation == test.store.incarnation)
            received += try parse(page.lines)
            #expect(page.nextSeq >= since)
            since = page.nextSeq
            guard page.hasMore else { break }
        }
        #expect(received.count == group.events.count + 20)
        #expect(Set(received.map(\.hash)).count == received.count)
        #expect(received.last?.hash == owner.lastEvent?.hash)
    }

    @Test("An admin may ask for one type or one instance")
    func filtered() async throws {
        let added = try await test.store.events(of: group.id, sinceArrival: 0, limit: 50, type: "instance_added")
        #expect(added.count == 2)
        let member = group.instances[1].id
        let own = try await test.store.events(of: group.id, sinceArrival: 0, limit: 5, origin: member.rawValue)
        #expect(try parse(own.lines).allSatisfy { $0.header.origin == member })
        #expect(own.count == 5 && own.hasMore)
    }

    @Test("Unknown groups are not found; rosters and keys are told")
    func facts() async throws {
        let unknown = try #require(founder(seed: 1234).group)
        let error = await #expect(throws: HiveError.self) { try await test.store.events(of: unknown, above: []) }
        #expect(error?.code == .notFound)
        let member = group.instances[1]
        #expect(try await test.store.role(of: member.id, in: group.id) == .member)
        #expect(try await test.store.role(of: group.owner.id, in: group.id) == .owner)
        #expect(try await test.store.role(of: member.id, in: unknown) == nil)
        #expect(try await test.store.identityKey(of: member.id, in: group.id) == member.identityKey)
        let shared = try await test.store.sharedGroups(StandInCrypto())
        #expect(shared.map(\.id) == [group.id])
        #expect(shared.first?.hiveName == "engineering")
        #expect(shared.first?.heads.heads.count == 3)
    }

    @Test("A payload of the largest size goes in and out unchanged")
    func largest() async throws {
        var owner = group.owner
        let content = String(repeating: "\u{1F41D} large ", count: 25_000)
        let event = owner.post("large", content: content)
        try test.admit([event], to: group.id)
        let read = try test.state(group.id) { try $0.event(origin: owner.id, place: event.header.place) }
        #expect(read == event)
        let post = try await test.store.post(id: owner.entity("large").rawValue, viewer: .anonymous)
        #expect(post?.content == content)
    }
}
