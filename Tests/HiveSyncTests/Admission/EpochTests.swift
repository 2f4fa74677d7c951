import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Epochs")
struct EpochTests {
    /// An owner with two posts in epoch 1 and one in epoch 2, which closes the first at `place`.
    private func rotated(closingAt place: Int? = nil, otherHash: Bool = false) -> (group: Group, first: Int) {
        var group = Group(1)
        group.owner.post("p1")
        group.owner.post("p2")
        let first = group.events.count
        var end = group.events[place ?? first - 1]
        if otherHash { end.hash = StandInCrypto().sha256([]) }
        let closed = [ClosedEpoch(last: end.header.place, hash: end.hash)]
        group.owner.open(in: group.id, epoch: 2, closed: closed, reason: "rotation")
        group.owner.post("p3")
        return (group, first)
    }

    @Test("A new epoch goes on where the closed one ended, signed with its own key")
    func rotation() throws {
        let (group, _) = rotated()
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events)
        #expect(outcome.inserted == group.events.count)
        #expect(replica.state.head(of: group.owner.id)?.place == Place(epoch: 2, seq: 2))
        #expect(replica.post(group.owner.entity("p3")) != nil)
    }

    @Test("An opening waits until what it closes is held, and an epoch's events wait for their opening")
    func waits() throws {
        let (group, first) = rotated()
        var replica = Replica(of: group.id)
        try replica.admit(Array(group.events.prefix(first - 1)))
        let held = replica.state.head(of: group.owner.id)
        let early = try replica.admit(Array(group.events.suffix(2)))
        #expect(early.inserted == 0 && early.need == [.init(origin: group.owner.id, held: held)])
        let later = try replica.admit(Array(group.events.suffix(1)))
        #expect(later.inserted == 0 && later.need == [.init(origin: group.owner.id, held: held)])
        #expect(try replica.admit(Array(group.events.suffix(3))).inserted == 3)
    }

    @Test("An opening of another chain waits for it; one that closes below what stands cuts that")
    func otherChain() throws {
        let (forked, _) = rotated(otherHash: true)
        var replica = Replica(of: forked.id)
        let outcome = try replica.admit(forked.events)
        #expect(outcome.inserted == 3 && outcome.proved.isEmpty && outcome.need.map(\.origin) == [forked.owner.id])
        #expect(replica.state.terms(of: forked.owner.id).awaited.map(\.place) == [Place(epoch: 1, seq: 3)])
        let (cutting, _) = rotated(closingAt: 1)
        var second = Replica(of: cutting.id)
        let cut = try second.admit(cutting.events)
        #expect(cut.inserted == 5 && cut.cutLogs == [cutting.owner.id] && cut.rejected.isEmpty)
        #expect(second.post(cutting.owner.entity("p1")) != nil && second.post(cutting.owner.entity("p2")) == nil)
        #expect(second.post(cutting.owner.entity("p3")) != nil)
        #expect(second.state.keptEvents(of: cutting.owner.id).count == 1)
    }

    @Test("An owner's opening that leaves out the genesis is dead: the group's id pins it")
    func withoutGenesis() throws {
        let (group, first) = rotated()
        var forgetful = group.owner
        forgetful.open(in: group.id, epoch: 3, closed: [])
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(forgetful.events)
        #expect(outcome.inserted == first + 2 && outcome.cutLogs.isEmpty)
        #expect(replica.state.head(of: group.owner.id)?.place == Place(epoch: 2, seq: 2))
        guard case .pin(let pin)? = outcome.cuts[group.owner.id]?.first else { throw FixtureError() }
        #expect(pin.pin.hash == group.events[0].hash)
    }

    @Test("An opening can't close its own epoch or a later one")
    func closesItself() throws {
        var group = Group(1)
        let last = group.events[0]
        let closed = [
            ClosedEpoch(last: last.header.place, hash: last.hash),
            ClosedEpoch(last: Place(epoch: 2, seq: 1), hash: last.hash),
        ]
        group.owner.open(in: group.id, epoch: 2, closed: closed)
        var replica = Replica(of: group.id)
        let outcome = try replica.admit(group.events)
        #expect(outcome.inserted == 1 && outcome.need.isEmpty)
        #expect(outcome.rejected.map(\.reason) == ["It closes an epoch that does not lie before its own."])
    }

    @Test("Nothing is admitted beyond where an epoch was closed")
    func beyond() throws {
        let (group, first) = rotated()
        var straggler = Group(1)
        straggler.owner.post("p1")
        straggler.owner.post("p2")
        straggler.owner.post("beyond")
        #expect(straggler.events.prefix(first) == group.events.prefix(first))
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        let outcome = try replica.admit(straggler.events)
        #expect(outcome.duplicates == first && outcome.inserted == 0)
        #expect(outcome.cuts == [group.owner.id: [.opening(group.events[first])]])
        #expect(outcome.need.isEmpty && outcome.proved.isEmpty)
    }

    @Test("A log begins with an opening that the instance's identity key certified")
    func uncertified() throws {
        let group = Group(1)
        var member = Instance("member", seed: 33, crypto: StandInCrypto())
        var owner = group.owner
        owner.add(member)
        var replica = Replica(of: group.id)
        try replica.admit(owner.events)
        let log = member.certifiedLogKey(group: group.id, epoch: 2, closed: [])
        member.open(in: group.id)
        var forged = member.events[0]
        forged.payload = EpochOpened(closed: [], log: log, reason: "stolen").canonicalPayload
        forged.header.payloadHash = StandInCrypto().sha256(forged.payload)
        forged.hash = forged.header.hash(StandInCrypto())
        forged.signature = member.logKey.sign(Event.signingMessage(forged.hash))
        let outcome = try replica.admit([forged])
        #expect(outcome.rejected.map(\.reason) == ["The log's key is not certified by the identity key."])
        var plain = Instance("member", seed: 33, crypto: StandInCrypto())
        plain.open(in: group.id)
        var silent = plain.events[0]
        silent.header.type = .voteCast
        #expect(try replica.admit([silent]).rejected.count == 1)
        #expect(try replica.admit(member.events).inserted == 1)
    }
}
