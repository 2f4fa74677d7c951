import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Admission")
struct AdmissionTests {
    private static let zeros = [UInt8](repeating: 0, count: 64)

    @Test("A whole group is admitted, and again it is only duplicates")
    func wholeGroup() throws {
        var group = Group(3)
        for index in group.instances.indices { group.instances[index].post("p") }
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events)
        #expect(outcome.inserted == group.events.count && outcome.duplicates == 0)
        #expect(outcome.heads == heads(of: group))
        #expect(outcome.need.isEmpty && outcome.unknown.isEmpty && outcome.rejected.isEmpty && outcome.proved.isEmpty)
        let again = try replica.admit(group.events.reversed())
        #expect(again.inserted == 0 && again.duplicates == group.events.count)
    }

    @Test("Nobody but the owner is known before an addition, which may come in the same batch or a later one")
    func unknown() throws {
        var group = Group(2)
        group.instances[1].post("p")
        var replica = Replica(of: group.id)
        let early = try replica.admit(group.instances[1].events)
        #expect(early.inserted == 0 && early.unknown == [group.instances[1].id])
        #expect(replica.state.eventCount == 0)
        let both = try replica.admit(group.instances[1].events + group.owner.events)
        #expect(both.inserted == group.events.count && both.unknown.isEmpty)
    }

    @Test("An addition without the right makes known, not a member")
    func knownOnly() throws {
        var group = Group(2, policy: GroupPolicy(admission: .owner))
        var stranger = Instance("stranger", seed: 99, crypto: StandInCrypto())
        group.instances[1].add(stranger)
        stranger.open(in: group.id)
        stranger.post("p")
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events + stranger.events)
        #expect(outcome.inserted == group.events.count + 2)
        #expect(replica.role(of: stranger.id) == nil && replica.post(stranger.entity("p")) == nil)
    }

    @Test("A gap is named with what is held; events out of order in a batch are put in order")
    func gap() throws {
        var group = Group(1)
        for number in 0..<5 { group.owner.post("p\(number)") }
        var replica = Replica(of: group.id)
        try replica.admit(Array(group.events.prefix(2)))
        let outcome = try replica.admit(Array(group.events.suffix(2)))
        let held = LogHead(origin: group.owner.id, place: Place(epoch: 1, seq: 2), hash: group.events[1].hash)
        #expect(outcome.inserted == 0 && outcome.need == [.init(origin: group.owner.id, held: held)])
        let rest = try replica.admit([group.events[5], group.events[3], group.events[2], group.events[4]])
        #expect(rest.inserted == 4 && rest.need.isEmpty)
        var empty = Replica(of: group.id)
        #expect(try empty.admit([group.events[3]]).unknown == [group.owner.id])
    }

    @Test("A genesis of another group, of another's key, badly certified or badly signed begins nothing")
    func badGenesis() throws {
        let group = Group(1)
        let genesis = group.events[0]
        let other = TestGroup(1, seed: 8, crypto: StandInCrypto()).events[0]
        var replica = Replica(of: group.id)
        #expect(try replica.admit([other]).unknown == [other.header.origin])
        var unsigned = genesis
        unsigned.signature = Self.zeros
        let outcome = try replica.admit([unsigned])
        #expect(outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 1)])
        for forged in [try uncertified(), try ofAnothersKey()] {
            var victim = Replica(of: forged.groupID)
            let outcome = try victim.admit([forged])
            #expect(outcome.rejected.count == 1 && outcome.rejected[0].reason.contains("key"))
            #expect(victim.state.eventCount == 0 && victim.state.identityKey(of: forged.header.origin) == nil)
        }
        #expect(replica.state.eventCount == 0)
    }

    @Test("An event whose content was changed on its way is refused with all after it, and what came before stays")
    func forged() throws {
        var group = Group(1)
        for number in 0..<6 { group.owner.post("p\(number)") }
        var events = group.events
        var forged = Instance("owner", seed: 55, crypto: StandInCrypto())
        forged.found()
        events[4].payload = forged.post("evil").payload
        events[4].header.payloadHash = StandInCrypto().sha256(events[4].payload)
        events[4].hash = events[4].header.hash(StandInCrypto())
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(events)
        #expect(outcome.inserted == 4)
        #expect(outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 5)])
        #expect(try replica.admit(group.events).inserted == 3)
    }

    @Test("Another event at a held place is a fork: proved, and its log cut before it; other logs go on")
    func fork() throws {
        var group = Group(2)
        var twin = group.instances[1]
        let mine = group.instances[1].post("p", title: "one")
        let theirs = twin.post("p", title: "two")
        twin.post("q")
        let other = group.owner.post("o")
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        let outcome = try replica.admit(twin.events)
        #expect(outcome.proved.map(\.place) == [mine.header.place] && outcome.inserted == 0)
        #expect(outcome.cutLogs == [twin.id] && outcome.rejected.isEmpty)
        #expect(replica.state.head(of: twin.id)?.place == Place(epoch: 1, seq: 1))
        #expect(replica.state.head(of: twin.id)?.cut == outcome.proved.first?.hash)
        #expect(replica.state.keptEvents(of: twin.id).map(\.event) == [mine])
        #expect(replica.post(twin.entity("p")) == nil && replica.post(group.owner.entity("o")) != nil)
        #expect(replica.state.head(of: group.owner.id)?.hash == other.hash)
        let tail = try replica.admit([theirs] + twin.events.suffix(1))
        #expect(tail.cuts == [twin.id: outcome.proved.map { .fork($0) }])
        #expect(tail.inserted == 0 && tail.need.isEmpty && tail.proved.isEmpty)
    }

    @Test("A clock that does not rise along a log ends the log there")
    func clockOrder() throws {
        var group = Group(1)
        let first = group.owner.post("p")
        let time = first.header.time
        group.owner.append(.voteCast, payload: Array("{}".utf8)) { $0.time = time }
        group.owner.post("q")
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events)
        #expect(outcome.inserted == 2)
        #expect(outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 3)])
        #expect(outcome.rejected[0].reason == "Its clock does not lie after that of the event before it.")
    }

    @Test("An event ahead of the clock is held with its log, never refused, and admitted when it is time")
    func drift() throws {
        var group = Group(2, policy: GroupPolicy(maxClockDriftMs: 10_000))
        let early = group.owner.post("now")
        group.owner.wallMs += 60_000
        let late = group.owner.post("later")
        group.owner.post("later-too")
        group.instances[1].post("p")
        var replica = Replica(of: group.id)
        let wallMs = early.header.time.ms
        let outcome = try replica.admit(group.events, wallMs: wallMs)
        #expect(outcome.inserted == group.events.count - 2 && outcome.heldEvents == 2)
        #expect(outcome.heldUntilMs == late.header.time.ms - 10_000 && outcome.rejected.isEmpty)
        #expect(try replica.admit(group.events, wallMs: late.header.time.ms - 10_001).inserted == 0)
        #expect(try replica.admit(group.events, wallMs: late.header.time.ms - 10_000 + 60_000).inserted == 2)
    }

    @Test("The clock moves up to every admitted event")
    func clock() throws {
        var group = Group(2)
        group.instances[1].wallMs += 50_000
        let last = group.instances[1].post("p")
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        #expect(replica.state.clock().last == last.header.time)
    }

    @Test("An event of another group is refused")
    func otherGroup() throws {
        var group = Group(1)
        let other = TestGroup(1, seed: 8, crypto: StandInCrypto())
        group.owner.append(.voteCast, payload: Array("{}".utf8)) { $0.groupID = other.id }
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events)
        #expect(outcome.inserted == 1 && outcome.rejected.map(\.reason) == ["It belongs to another group."])
    }

    @Test("An introduction makes known without a log; a forged one does not")
    func introduction() throws {
        var group = Group(1)
        let (first, second) = (
            Instance("first", seed: 91, crypto: StandInCrypto()), Instance("second", seed: 92, crypto: StandInCrypto())
        )
        let addition = group.owner.add(first)
        var writer = first
        let opening = writer.open(in: group.id)
        let next = writer.add(second)
        let genuine = [
            Introduction(addition: next, opening: opening), Introduction(addition: addition, opening: group.events[0]),
        ]
        var replica = Replica(of: group.id)
        #expect(try replica.introduce(genuine) == [first.id, second.id])
        #expect(replica.state.eventCount == 0 && replica.state.identityKey(of: second.id) == second.identityKey)
        #expect(try replica.introduce(genuine) == [])
        var forged = genuine
        forged[1].addition.signature = Self.zeros
        var victim = Replica(of: group.id)
        #expect(try victim.introduce(forged) == [])
    }

    // MARK: Inside

    private func heads(of group: Group) -> [LogHead] {
        let heads = group.instances.compactMap { instance in
            instance.lastEvent.map { LogHead(origin: instance.id, place: $0.header.place, hash: $0.hash) }
        }
        return heads.sorted { $0.origin < $1.origin }
    }

    /// A genesis whose log key another identity certified.
    private func uncertified() throws -> Event {
        try genesis { genesis, _ in
            genesis.log.certificate = Self.zeros
        }
    }

    /// A genesis that claims another instance's id.
    private func ofAnothersKey() throws -> Event {
        try genesis { genesis, other in
            genesis.identityKey = other.identityKey
        }
    }

    private func genesis(_ change: (inout GroupCreated, Instance) -> Void) throws -> Event {
        var owner = Instance("owner", seed: 70, crypto: StandInCrypto())
        let honest = owner.found()
        guard case .groupCreated(var genesis) = EventPayload(type: .groupCreated, payload: honest.payload) else {
            throw FixtureError()
        }
        change(&genesis, Instance("other", seed: 71, crypto: StandInCrypto()))
        var forger = Instance("owner", seed: 70, crypto: StandInCrypto())
        return forger.append(.groupCreated(genesis))
    }
}

struct FixtureError: Error {}

extension Replica {
    mutating func introduce(_ introductions: [Introduction]) throws -> [InstanceID] {
        let admission = Admission<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        return try admission.introduce(introductions, into: &state)
    }
}
