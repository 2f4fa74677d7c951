import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Additions that do not stand")
struct LostIntroductionTests {
    @Test("Who was let in beyond a fork becomes known by an addition kept aside, if its writer signed that")
    func beyondFork() throws {
        var group = Group(2)
        group.instances[1].post("p0")
        var guest = Instance("guest", seed: 99, crypto: StandInCrypto())
        var (left, right) = (group.instances[1], group.instances[1])
        let addition = left.add(guest)
        guest.observe(addition)
        guest.open(in: group.id)
        right.wallMs += 3
        right.post("b")

        var holder = Replica(of: group.id)
        for log in [group.events, left.events, guest.events, right.events] { try holder.admit(log) }
        var stranger = Replica(of: group.id)
        for log in [group.events, right.events] { try stranger.admit(log) }
        try stranger.admit(proofs: holder.state.proofs(of: left.id))
        #expect(try stranger.admit(guest.events).unknown == [guest.id])

        let heads = stranger.state.heads()
        let aside = try holder.state.lostIntroductions(above: heads, by: [group.owner.id, left.id])
        #expect(aside == [addition])
        var forged = addition
        forged.signature[0] ^= 1
        #expect(try stranger.admit([forged] + guest.events).unknown == [guest.id])
        #expect(try stranger.admit(aside + guest.events).unknown.isEmpty)
        #expect(stranger.state.head(of: guest.id) == holder.state.head(of: guest.id))
        #expect(stranger.state.heads() == holder.state.heads())
        #expect(try stranger.dump == holder.dump)

        // What stands shows it: nothing needs to be handed over beside it.
        #expect(try holder.state.lostIntroductions(above: stranger.state.heads(), by: [left.id]).isEmpty)
        try holder.admit([group.owner.add(guest)])
        #expect(try holder.state.lostIntroductions(above: heads, by: [left.id]).isEmpty)
    }
}
