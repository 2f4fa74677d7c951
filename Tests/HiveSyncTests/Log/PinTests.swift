import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Pins")
struct PinTests {
    /// A transfer from `from` to `to` that pins the end of `from`'s log.
    private func transfer(_ n: Int64, _ from: Instance, to: Instance, in group: GroupID) throws -> OwnerChanged {
        let last = try #require(from.lastEvent)
        var change = OwnerChanged(
            n: n,
            to: to.agent("owner"),
            pin: Fence(place: last.header.place, hash: last.hash),
            authority: .owner(signature: [])
        )
        change.authority = .owner(signature: from.identity.sign(change.signedText(group: group)))
        return change
    }

    /// The owner forks after `p0`; on the left it hands the group to the member.
    private func handedOver() throws -> (group: Group, left: Instance, right: Instance, change: OwnerChanged) {
        var group = Group(2)
        group.owner.post("p0")
        var (left, right) = (group.owner, group.owner)
        left.post("a1")
        left.post("a2")
        right.wallMs += 3
        for name in ["b1", "b2", "b3", "b4"] { right.post(name) }
        let change = try transfer(1, left, to: group.instances[1], in: group.id)
        left.append(.ownerChanged(change))
        return (group, left, right, change)
    }

    @Test("The chain that ends in an owner's pin is its log: a fork at or below it doesn't count")
    func overrules() throws {
        let (group, left, right, _) = try handedOver()
        var first = Replica(of: group.id)
        for log in [group.events, left.events, right.events] { try first.admit(log) }
        #expect(first.post(left.entity("a2")) != nil && first.post(left.entity("b1")) == nil)
        #expect(first.state.head(of: left.id)?.hash == left.lastEvent?.hash)
        #expect(first.state.proofs(of: left.id).isEmpty)
        var second = Replica(of: group.id)
        for log in [group.events, right.events, left.events] { try second.admit(log) }
        #expect(second.state.proofs(of: left.id).map(\.place) == [Place(epoch: 1, seq: 4)])
        // The transfer itself was cut away with what follows the fork: the new owner's log brings it.
        var heir = group.instances[1]
        heir.append(.ownerChanged(try handedOver().change))
        try second.admit(heir.events)
        try first.admit(heir.events)
        let outcome = try second.admit(left.events)
        #expect(outcome.cutLogs.isEmpty && second.state.proofs(of: left.id).isEmpty)
        #expect(try first.state.heads() == second.state.heads() && first.dump == second.dump)
    }

    @Test("A pin handed over alone counts as one in a log")
    func alone() throws {
        let (group, left, right, change) = try handedOver()
        var replica = Replica(of: group.id)
        for log in [group.events, right.events, left.events] { try replica.admit(log) }
        #expect(replica.state.head(of: left.id)?.cut != nil)
        try replica.admit(transfers: [change.canonicalPayload])
        #expect(replica.state.terms(of: left.id).awaited.map(\.place) == [change.pin.place])
        #expect(try replica.admit(left.events).inserted == 3)
        #expect(replica.post(left.entity("a2")) != nil && replica.state.head(of: left.id)?.cut == nil)
        var forged = change
        forged.authority = .owner(signature: right.logKey.sign(change.signedText(group: group.id)))
        var other = Replica(of: group.id)
        for log in [group.events, right.events] { try other.admit(log) }
        try other.admit(transfers: [forged.canonicalPayload])
        #expect(other.state.transfers().isEmpty && other.state.terms(of: left.id).awaited.isEmpty)
    }

    @Test("A fork above the pin cuts there, and an opening that closes below or beside the pin is dead")
    func openings() throws {
        let (group, left, right, _) = try handedOver()
        var replica = Replica(of: group.id)
        for log in [group.events, left.events] { try replica.admit(log) }
        for end in [left.events[2], right.events[4], right.events[6]] {
            var below = left
            let closed = [ClosedEpoch(last: end.header.place, hash: end.hash)]
            below.open(in: group.id, epoch: 2 + Int64(end.header.place.seq), closed: closed)
            let outcome = try replica.admit(below.events.suffix(1) + right.events)
            #expect(outcome.inserted == 0 && outcome.cutLogs.isEmpty)
        }
        #expect(replica.state.head(of: left.id)?.hash == left.lastEvent?.hash)
        var (one, two) = (left, left)
        one.post("c1")
        two.wallMs += 1
        two.post("d1")
        try replica.admit(one.events)
        let outcome = try replica.admit(two.events)
        #expect(outcome.proved.map(\.place.seq) == [Int64(left.events.count) + 1])
        #expect(replica.state.head(of: left.id)?.hash == left.lastEvent?.hash)
        var good = left
        let last = try #require(left.lastEvent)
        good.open(in: group.id, epoch: 20, closed: [ClosedEpoch(last: last.header.place, hash: last.hash)])
        good.post("e1")
        #expect(try replica.admit(good.events).inserted == 2)
    }

    @Test("A pinned chain and one that it closes, cut away by a fork, may come one after the other, either first")
    func closedApart() throws {
        var group = Group(2)
        group.owner.post("p0")
        var (left, right) = (group.owner, group.owner)
        left.post("a1")
        right.wallMs += 3
        right.post("b1")
        let end = try #require(left.lastEvent)
        left.open(in: group.id, epoch: 2, closed: [ClosedEpoch(last: end.header.place, hash: end.hash)])
        left.post("a2")
        let change = try transfer(1, left, to: group.instances[1], in: group.id)
        left.append(.ownerChanged(change))
        let epochs = [1, 2].map { epoch in left.events.filter { $0.header.place.epoch == epoch } }
        for order in [[0, 1, 0, 1], [1, 0, 1]] {
            var replica = Replica(of: group.id)
            for log in [group.events, right.events, epochs[0]] { try replica.admit(log) }
            #expect(replica.state.head(of: left.id)?.cut != nil)
            try replica.admit(transfers: [change.canonicalPayload])
            for index in order { try replica.admit(epochs[index]) }
            #expect(replica.state.head(of: left.id)?.hash == left.lastEvent?.hash, "\(order)")
            #expect(replica.state.terms(of: left.id).awaited.isEmpty)
        }
    }

    @Test("Only the owner before pins, in whatever order the transfers are seen")
    func order() throws {
        var group = Group(3)
        for index in group.instances.indices { group.instances[index].post("p") }
        let (owner, heir, last) = (group.instances[0], group.instances[1], group.instances[2])
        let first = try transfer(1, owner, to: heir, in: group.id)
        let second = try transfer(2, heir, to: last, in: group.id)
        let foreign = try transfer(2, last, to: heir, in: group.id)
        for changes in [[first, second, foreign], [foreign, second, first]] {
            var writer = group.instances[2]
            for change in changes { writer.append(.ownerChanged(change)) }
            var replica = Replica(of: group.id)
            try replica.admit(group.owner.events + group.instances[1].events)
            for event in writer.events { try replica.admit([event]) }
            #expect(replica.state.transfers().map(\.n) == [1, 2])
            #expect(replica.state.transfers().map(\.signer) == [owner.id, heir.id])
        }
    }

    @Test("A quorum of the successors that a transfer named makes an owner, who can pin its log then")
    func quorum() throws {
        var group = Group(3)
        for index in group.instances.indices { group.instances[index].post("p") }
        let (owner, heir, last) = (group.instances[0], group.instances[1], group.instances[2])
        let keys = [UInt64(901), 902, 903].map { StandInCrypto().key($0) }
        let pin = try transfer(1, owner, to: heir, in: group.id).pin
        var first = OwnerChanged(
            n: 1,
            to: heir.agent("owner"),
            pin: pin,
            successors: keys.map(\.publicKey),
            quorum: 2,
            authority: .owner(signature: [])
        )
        first.authority = .owner(signature: owner.identity.sign(first.signedText(group: group.id)))
        var second = try transfer(2, heir, to: last, in: group.id)
        let text = second.signedText(group: group.id)
        let cosignatures = keys.map { Cosignature(identityKey: $0.publicKey, signature: $0.sign(text)) }
        let third = try transfer(3, last, to: owner, in: group.id)
        for (given, count) in [
            ([cosignatures[0], cosignatures[2]], 3), ([cosignatures[1]], 1), ([cosignatures[1], cosignatures[1]], 1),
        ] {
            second.authority = .quorum(given)
            var replica = Replica(of: group.id)
            try replica.admit(group.events)
            try replica.admit(transfers: [first, second, third].map(\.canonicalPayload))
            #expect(replica.state.transfers().map(\.signer) == Array([owner.id, nil, last.id].prefix(count)))
        }
    }
}
