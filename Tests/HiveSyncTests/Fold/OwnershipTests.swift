import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Ownership by the owner's word")
struct OwnershipTests {
    @Test("Signed by the owner and accepted by the new one, it changes hands; the old owner stays a member")
    func handOver() throws {
        var group = Group(3)
        let boss = group.instances[1].agent("boss")
        let transfer = group.owner.handOver(to: boss)
        group.meet()
        group.instances[1].accept(transfer)
        group.instances[1].set("is_public", to: .bool(false), by: "boss")
        group.instances[1].set("retention_days", to: .int(7), by: "owner")
        try group.inEveryOrder { replica in
            #expect(replica.state.owners().map(\.agent) == [group.owner.agent("owner").key, boss.key])
            #expect(replica.role(of: group.instances[1].id) == .owner)
            #expect(replica.role(of: group.owner.id) == .member)
            #expect(replica.value(of: "is_public") == "false")
            #expect(replica.value(of: "retention_days") == nil, "only the agent named owns, not its instance")
        }
    }

    @Test("Until it has repeated the transfer the new owner's acts are ordinary ones")
    func acceptance() throws {
        var group = Group(2)
        let boss = group.instances[1].agent("boss")
        let transfer = group.owner.handOver(to: boss)
        group.instances[1].set("is_public", to: .bool(false), by: "boss")
        try group.inEveryOrder { replica in
            #expect(replica.owner == boss.key && replica.value(of: "is_public") == nil)
        }
        group.instances[1].accept(transfer)
        try group.inEveryOrder { #expect($0.value(of: "is_public") == nil) }
        group.instances[1].set("is_public", to: .bool(false), by: "boss")
        try group.inEveryOrder { #expect($0.value(of: "is_public") == "false") }
    }

    @Test("The old owner's acts are an owner's up to the pin and ordinary ones beyond")
    func pin() throws {
        var group = Group(3)
        group.owner.set("retention_days", to: .int(30))
        let last = group.owner.set("max_clock_drift_ms", to: .int(5000))
        group.owner.set("is_public", to: .bool(false))
        group.owner.post("p", by: "owner")
        let transfer = group.owner.handOver(to: group.instances[1].agent("boss"), pin: last.fence)
        group.instances[1].accept(transfer)
        group.owner.appoint(group.instances[2].agent("alice"))
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "retention_days") == "30")
            #expect(replica.value(of: "max_clock_drift_ms") == "5000", "the pin itself is inside")
            #expect(replica.value(of: "is_public") == nil)
            #expect(replica.moderatorRole(of: group.instances[2].agent("alice")) == nil)
            #expect(replica.shows(group.owner.entity("p")), "what any member may do still counts")
        }
    }

    @Test("A pin that names another event than the one held leaves the old owner no rank; an unheld one counts as said")
    func oddPins() throws {
        var group = Group(2)
        let set = group.owner.set("retention_days", to: .int(30))
        let forked = Fence(place: set.header.place, hash: group.events[0].hash)
        let boss = group.instances[1].agent("boss")
        let transfer = group.owner.handOver(to: boss, pin: forked)
        try group.inEveryOrder { replica in
            #expect(replica.owner == boss.key && replica.value(of: "retention_days") == nil)
        }
        var later = Group(2)
        later.owner.set("retention_days", to: .int(30))
        let future = Fence(place: Place(epoch: 9, seq: 9), hash: transfer.hash)
        later.owner.handOver(to: boss, pin: future)
        later.owner.set("is_public", to: .bool(false))
        try later.inEveryOrder { replica in
            #expect(replica.owner == boss.key && replica.value(of: "retention_days") == "30")
            #expect(replica.value(of: "is_public") == "false")
        }
    }

    @Test("The signatures count, not the log it stands in")
    func anyLog() throws {
        var group = Group(3)
        let boss = group.instances[1].agent("boss")
        let end = try #require(group.owner.seenFully)
        let transfer = group.owner.transfer(1, to: boss, pin: end)
        group.instances[2].append(.ownerChanged(transfer))
        try group.inEveryOrder { #expect($0.owner == boss.key) }
    }

    @Test("Signed by anybody but the owner, or with another number than the next, it names nobody")
    func wrongClaims() throws {
        var group = Group(2)
        let boss = group.instances[1].agent("boss")
        group.instances[1].handOver(1, to: boss)
        group.owner.handOver(2, to: boss)
        try group.inEveryOrder { replica in
            #expect(replica.owner == group.owner.agent("owner").key && replica.state.owners().count == 1)
        }
    }

    @Test("It goes on from owner to owner, and back")
    func chain() throws {
        var group = Group(3)
        let first = group.owner.handOver(1, to: group.instances[1].agent("boss"))
        group.instances[1].accept(first)
        let second = group.instances[1].handOver(2, to: group.instances[2].agent("boss"))
        group.instances[2].accept(second)
        let third = group.instances[2].handOver(3, to: group.owner.agent("owner"))
        group.owner.set("is_public", to: .bool(false))
        group.owner.accept(third)
        group.owner.set("retention_days", to: .int(5))
        try group.inEveryOrder { replica in
            #expect(replica.state.owners().count == 4 && replica.owner == group.owner.agent("owner").key)
            #expect(replica.value(of: "is_public") == nil, "between its two terms it was no owner")
            #expect(replica.value(of: "retention_days") == "5")
        }
    }

    @Test("Two different transfers of one number by one owner leave nobody as owner")
    func twoTransfers() throws {
        var group = Group(3)
        group.owner.set("retention_days", to: .int(30))
        let first = group.owner.handOver(to: group.instances[1].agent("boss"))
        try group.inEveryOrder { #expect($0.owner == group.instances[1].agent("boss").key) }
        group.instances[1].accept(first)
        group.instances[1].set("is_public", to: .bool(false), by: "boss")
        group.owner.handOver(to: group.instances[2].agent("boss"))
        try group.inEveryOrder { replica in
            #expect(replica.state.owners().map(\.agent) == [group.owner.agent("owner").key, nil])
            #expect(replica.value(of: "is_public") == nil && replica.value(of: "retention_days") == nil)
        }
        // The one transfer, repeated in as many events as one likes, is no second one.
        var again = Group(2)
        let transfer = again.owner.handOver(to: again.instances[1].agent("boss"))
        again.instances[1].accept(transfer)
        again.owner.accept(transfer)
        try again.inEveryOrder { #expect($0.owner == again.instances[1].agent("boss").key) }
    }
}
