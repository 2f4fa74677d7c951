import HiveModel
import HiveSync
import HiveTestKit
import Testing

/// Own events that lie in the future, and how an instance comes back from there (protocol, sections 3 and 9).
@Suite("Clock accidents")
struct ClockAccidentTests {
    private typealias Writer = OwnLogTests.Writer
    private static let hourMs: Int64 = 3_600_000

    private let group = Group(3)

    private func reset(_ writer: inout Writer) throws -> [Event] {
        writer.wallMs += 1_000
        return try writer.replica.admission(own: writer.instance.id) { [writer] in
            try $0.resetClock(
                by: writer.author,
                identity: writer.instance.identity,
                wallMs: writer.wallMs,
                into: &$1
            ).map(\.event)
        }
    }

    @Test("Two who went into the future together come back: each ignores what the other wrote there")
    func together() throws {
        var (one, two) = (try Writer(group.instances[1], in: group), try Writer(group.instances[2], in: group))
        let nowMs = one.wallMs
        one.wallMs += Self.hourMs
        two.wallMs += Self.hourMs
        try one.post("x")
        try two.take(one.log)
        try two.post("y")
        try one.take(two.log)
        one.wallMs = nowMs
        two.wallMs = nowMs
        let limit = nowMs + GroupPolicy().maxClockDriftMs
        for event in try reset(&one) + reset(&two) { #expect(event.header.time.ms < limit) }
        #expect(try reset(&one).isEmpty && reset(&two).isEmpty)
        var peer = Replica(of: group.id)
        #expect(try peer.admit(group.events + one.log + two.log, wallMs: nowMs).heldEvents == 0)
        for writer in [one, two] {
            let id = writer.instance.entity(writer.instance.id == one.instance.id ? "x" : "y")
            #expect(peer.post(id) != nil)
        }
    }

    @Test("A log that lies ahead from its first event on is left out whole")
    func fromTheBeginning() throws {
        let joiner = group.instances[2]
        let others = group.events.filter { $0.header.origin != joiner.id }
        var writer = try Writer(joiner, in: group)
        writer.replica = Replica(of: group.id)
        try writer.take(others)
        let nowMs = writer.wallMs
        writer.wallMs += Self.hourMs
        try writer.replica.admission(own: joiner.id) { [writer] in
            _ = try $0.open(
                by: writer.author,
                identity: joiner.identity,
                reason: "joined",
                wallMs: writer.wallMs,
                into: &$1
            )
        }
        let ahead = try writer.post("x")
        let future = writer.log
        writer.wallMs = nowMs
        let written = try reset(&writer)
        #expect(written.map(\.header.place) == [Place(epoch: 2, seq: 1), Place(epoch: 2, seq: 2)])
        #expect(written.last?.header.refs.re == ahead.id)
        var peer = Replica(of: group.id)
        #expect(try peer.admit(others + writer.log, wallMs: nowMs).heldEvents == 0)
        #expect(peer.post(joiner.entity("x")) != nil)
        // Whoever took the first log drops it.
        var late = Replica(of: group.id)
        try late.admit(others + future)
        try late.admit(writer.log)
        #expect(try late.dump == peer.dump)
    }

    @Test(
        "A database from before the accident takes its own events back at once, and then takes them out of the future"
    )
    func restored() throws {
        var writer = try Writer(group.instances[1], in: group)
        try writer.post("before")
        var backup = writer
        writer.wallMs += Self.hourMs
        let ahead = try writer.post("x")
        let outcome = try backup.replica.admission(own: backup.instance.id) { [backup, writer] in
            try $0.admit(writer.log, wallMs: backup.wallMs, into: &$1)
        }
        #expect(outcome.heldEvents == 0 && outcome.inserted == 1)
        let written = try reset(&backup)
        #expect(written.map(\.header.refs.re) == [nil, ahead.id])
        #expect(written.allSatisfy { $0.header.time.ms < backup.wallMs + GroupPolicy().maxClockDriftMs })
        // Others hold such events.
        var peer = Replica(of: group.id)
        #expect(try peer.admit(group.events + writer.log, wallMs: backup.wallMs).heldEvents == 1)
    }

    @Test("What an owner pinned in the future stays; what lies beyond comes back")
    func pinned() throws {
        var owner = try Writer(group.owner, in: group)
        let nowMs = owner.wallMs
        owner.wallMs += Self.hourMs
        try owner.post("x")
        let head = try #require(owner.replica.state.head(of: owner.instance.id))
        var change = OwnerChanged(
            n: 1,
            to: group.instances[1].agent("owner"),
            pin: Fence(place: head.place, hash: head.hash),
            authority: .owner(signature: [])
        )
        change.authority = .owner(signature: owner.instance.identity.sign(change.signedText(group: group.id)))
        let write = try #require(LocalWrite(.ownerChanged(change)))
        try owner.replica.admission(own: owner.instance.id) { [owner] in
            _ = try $0.write(write, by: owner.author, wallMs: owner.wallMs, into: &$1)
        }
        try owner.post("y")
        owner.wallMs = nowMs
        let written = try reset(&owner)
        #expect(written.map(\.header.type) == [.epochOpened, .ownerChanged, .postCreated])
        #expect(owner.replica.state.eventHash(origin: owner.instance.id, place: head.place) == head.hash)
        #expect(try reset(&owner).isEmpty)
    }
}
