import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Local writes")
struct LocalWriteTests {
    private let crypto = StandInCrypto()
    private let wallMs: Int64 = 1_750_000_000_000

    private func author(_ instance: Instance, key: UInt64) -> EventAuthor<StandInKey, StandInCrypto> {
        EventAuthor(instance: instance.id, signer: crypto.key(key), crypto: crypto)
    }

    /// A replica of a group founded here.
    private func founded(_ instance: Instance) throws -> (Replica, Event) {
        let draft = GenesisDraft(
            groupName: "engineering",
            hive: HiveDescription(name: "engineering", description: nil, isPublic: true, createdAtMs: wallMs),
            owner: instance.agent("owner"),
            nonce: "00112233445566778899aabbccddeeff"
        )
        let genesis = author(instance, key: 1).genesis(draft, identity: instance.identity, wallMs: wallMs)
        var replica = Replica(of: genesis.groupID)
        let outcome = try replica.admit([genesis], wallMs: wallMs)
        #expect(outcome.inserted == 1 && outcome.rejected.isEmpty)
        return (replica, genesis)
    }

    private func post(_ instance: Instance, _ id: String) -> LocalWrite? {
        LocalWrite(
            .postCreated(
                PostCreated(
                    post: instance.entity(id),
                    title: id,
                    content: nil,
                    url: nil,
                    author: instance.agent("owner")
                )
            )
        )
    }

    @Test("A group begins with a genesis made here, and a local write goes the way of remote ones")
    func write() throws {
        let instance = Instance("ada", seed: 3, crypto: crypto)
        var (replica, genesis) = try founded(instance)
        var admission = Admission<MemoryState, StandInCrypto>(group: replica.group, crypto: crypto)
        let first = try admission.write(
            try #require(post(instance, "a")),
            by: author(instance, key: 1),
            wallMs: wallMs,
            into: &replica.state
        )
        let second = try admission.write(
            try #require(post(instance, "b")),
            by: author(instance, key: 1),
            wallMs: wallMs - 5_000,
            into: &replica.state
        )
        try admission.finish(&replica.state)
        #expect(first.verdict == .applied && first.arrival == 2)
        #expect(first.event.header.prev == genesis.hash && second.event.header.prev == first.event.hash)
        #expect(second.event.header.time == HybridTime(ms: wallMs, counter: 2))
        #expect(replica.state.clock().last == second.event.header.time)
        var other = Replica(of: replica.group)
        #expect(try other.admit([genesis, first.event, second.event], wallMs: wallMs).inserted == 3)
        #expect(try other.dump == replica.dump && other.root == replica.root)
    }

    @Test("A write after a remote event comes later than it")
    func afterRemote() throws {
        let ada = Instance("ada", seed: 3, crypto: crypto)
        var bob = Instance("bob", seed: 4, crypto: crypto)
        var (replica, _) = try founded(ada)
        var admission = Admission<MemoryState, StandInCrypto>(group: replica.group, crypto: crypto)
        let addition = InstanceAdded(instance: bob.id, identityKey: bob.identityKey, role: .member, name: "bob")
        try admission.write(
            try #require(LocalWrite(.instanceAdded(addition))),
            by: author(ada, key: 1),
            wallMs: wallMs,
            into: &replica.state
        )
        bob.wallMs = wallMs + 30_000
        bob.open(in: replica.group)
        let remote = bob.post("p")
        _ = try admission.admit(bob.events, wallMs: wallMs, into: &replica.state)
        let vote = VoteCast(
            target: ContentTarget(kind: .post, id: bob.entity("p")),
            voter: ada.agent("owner").key,
            value: 1
        )
        let written = try admission.write(
            try #require(LocalWrite(.voteCast(vote))),
            by: author(ada, key: 1),
            wallMs: wallMs,
            into: &replica.state
        )
        try admission.finish(&replica.state)
        #expect(written.event.header.time > remote.header.time)
        #expect(replica.post(bob.entity("p"))?.score == 1)
    }

    @Test("An instance opens its first log and later ones, each closing those before")
    func open() throws {
        let ada = Instance("ada", seed: 3, crypto: crypto)
        var (replica, genesis) = try founded(ada)
        var admission = Admission<MemoryState, StandInCrypto>(group: replica.group, crypto: crypto)
        for (epoch, key) in [(Int64(2), UInt64(2)), (3, 3)] {
            let opened = try admission.open(
                by: author(ada, key: key),
                identity: ada.identity,
                reason: "rotation",
                wallMs: wallMs,
                into: &replica.state
            )
            #expect(opened.event.header.place == Place(epoch: epoch, seq: 1))
            try admission.write(
                try #require(post(ada, "in\(epoch)")),
                by: author(ada, key: key),
                wallMs: wallMs,
                into: &replica.state
            )
        }
        try admission.finish(&replica.state)
        let events = replica.state.events(of: nil, after: 0, limit: 100).map(\.event)
        guard case .epochOpened(let last) = EventPayload(type: .epochOpened, payload: events[3].payload) else {
            throw FixtureError()
        }
        #expect(last.closed.map(\.last) == [Place(epoch: 1, seq: 1), Place(epoch: 2, seq: 2)])
        #expect(last.closed.first?.hash == genesis.hash)
        var other = Replica(of: replica.group)
        #expect(try other.admit(events).inserted == 5)
        #expect(try other.dump == replica.dump)
    }

    @Test("Without a log, with another key or with too much to say nothing is written")
    func refused() throws {
        let ada = Instance("ada", seed: 3, crypto: crypto)
        var (replica, _) = try founded(ada)
        let before = replica.state.eventCount
        var admission = Admission<MemoryState, StandInCrypto>(group: replica.group, crypto: crypto)
        let write = try #require(post(ada, "a"))
        let bob = Instance("bob", seed: 4, crypto: crypto)
        #expect(throws: LocalWriteError.self) {
            try admission.write(write, by: author(bob, key: 1), wallMs: wallMs, into: &replica.state)
        }
        #expect(throws: LocalWriteError.self) {
            try admission.write(write, by: author(ada, key: 2), wallMs: wallMs, into: &replica.state)
        }
        let huge = LocalWrite(type: .postCreated, payload: Array(repeating: 0x20, count: Limits.payloadBytesMax + 1))
        #expect(throws: LocalWriteError.self) {
            try admission.write(huge, by: author(ada, key: 1), wallMs: wallMs, into: &replica.state)
        }
        #expect(replica.state.eventCount == before)
    }
}
