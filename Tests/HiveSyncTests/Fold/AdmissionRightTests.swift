import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("What removed, read-only and admin instances let in")
struct AdmissionRightTests {
    /// An owner, `count` members, and strangers whose logs are open.
    private func group(_ count: Int, strangers: Int, admission: GroupPolicy.Admission = .members) -> Group {
        var group = Group(1 + count, policy: GroupPolicy(admission: admission))
        for number in 0..<strangers {
            var stranger = Instance("stranger-\(number)", seed: 300 + UInt64(number), crypto: StandInCrypto())
            stranger.open(in: group.id)
            group.instances.append(stranger)
        }
        return group
    }

    @Test("What an instance let in at or below its fence stays, beyond it never was")
    func additionsAndFence() throws {
        var group = group(1, strangers: 2)
        let kept = group.instances[1].add(group.instances[2])
        group.instances[1].add(group.instances[3])
        group.owner.remove(group.instances[1].id, fence: kept.fence)
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[2].id) == .member)
            #expect(replica.role(of: group.instances[3].id) == nil)
        }
    }

    @Test("With `invited` all it let in goes too, and all these let in, unless somebody else let them in")
    func invited() throws {
        var group = group(2, strangers: 4)
        let member = group.instances[1].id
        group.instances[1].add(group.instances[3])
        group.instances[3].add(group.instances[4])
        group.instances[1].add(group.instances[5])
        group.instances[2].add(group.instances[5])
        group.instances[3].post("p")
        let end = group.instances[1].seenFully
        group.owner.remove(member, fence: end, invited: true)
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[3].id) == nil)
            #expect(replica.role(of: group.instances[4].id) == nil)
            #expect(replica.role(of: group.instances[5].id) == .member)
            #expect(replica.post(group.instances[3].entity("p")) == nil)
        }
    }

    @Test("An instance that leaves takes nobody along, whatever its removal says")
    func leavingTakesNobody() throws {
        var group = group(1, strangers: 1)
        group.instances[1].add(group.instances[2])
        group.instances[1].remove(group.instances[1].id, fence: nil, invited: true)
        try group.inEveryOrder { #expect($0.role(of: group.instances[2].id) == .member) }
    }

    @Test("A removed admin's acts count up to the fence; those that cite its return count again")
    func adminAndFence() throws {
        var group = group(2, strangers: 2, admission: .owner)
        let grant = group.owner.add(group.instances[1], role: .admin, refs: .init(replacing: group.events[1]))
        let seen = group.instances[1].add(group.instances[3], refs: .init(auth: grant))
        group.instances[1].add(group.instances[4], refs: .init(auth: grant))
        let removal = group.owner.remove(group.instances[1].id, fence: seen.fence, refs: .init(replacing: grant))
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[3].id) == .member)
            #expect(replica.role(of: group.instances[4].id) == nil)
        }
        let back = group.owner.add(
            group.instances[1],
            role: .admin,
            fromEpoch: 2,
            refs: .init(replacing: removal)
        )
        group.instances[1].openNext()
        let old = group.instances[1].add(group.instances[4], refs: .init(auth: grant))
        try group.inEveryOrder { #expect($0.role(of: group.instances[4].id) == nil) }
        group.instances[1].add(group.instances[4], refs: .init(auth: back, replacing: old))
        try group.inEveryOrder { #expect($0.role(of: group.instances[4].id) == .member) }
    }

    @Test("A read-only log holds its opening and its leave; the rest of it is void")
    func readOnlyLeaves() throws {
        var group = group(0, strangers: 2)
        group.owner.add(group.instances[1], role: .readonly)
        group.instances[1].profile("alice", name: "Alice")
        group.instances[1].join("alice")
        group.instances[1].add(group.instances[2])
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .readonly)
            #expect(replica.membership(of: group.instances[1].agent("alice")) == nil)
            #expect(replica.role(of: group.instances[2].id) == nil)
        }
        group.instances[1].leaveGroup()
        try group.inEveryOrder { #expect($0.role(of: group.instances[1].id) == nil) }
    }

    @Test("Whom a plain member let in read-only lets nobody in")
    func readersLetNobodyIn() throws {
        var group = group(1, strangers: 2)
        group.instances[1].add(group.instances[2], role: .readonly)
        group.instances[2].add(group.instances[3])
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[2].id) == .readonly)
            #expect(replica.role(of: group.instances[3].id) == nil)
        }
    }

    @Test("Made read-only by its return, an instance wrote before it and reads from then on")
    func returnAsReader() throws {
        var group = group(1, strangers: 0)
        group.instances[1].post("p")
        let removal = group.owner.remove(group.instances[1].id, fence: group.instances[1].seenFully)
        group.owner.add(group.instances[1], role: .readonly, fromEpoch: 2, refs: .init(replacing: removal))
        group.instances[1].openNext()
        group.instances[1].post("q")
        try group.inEveryOrder { replica in
            #expect(replica.role(of: group.instances[1].id) == .readonly)
            #expect(replica.shows(group.instances[1].entity("p")))
            #expect(replica.post(group.instances[1].entity("q")) == nil)
        }
    }
}
