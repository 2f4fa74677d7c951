import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Ownership by the successors")
struct SuccessionTests {
    /// An owner and four members, of which three are successors and two of them suffice.
    private func group() -> Group { Group(5, successors: [1, 2, 3], quorum: 2) }

    /// A transfer of the group to an agent, signed by the members with these numbers.
    private func transfer(
        _ n: Int64 = 1,
        of group: Group,
        to agent: AgentSnapshot,
        by signers: [Int],
        successors: [Int]? = nil
    ) -> OwnerChanged {
        let pin = group.owner.events[0].fence
        let keys = successors?.map { group.instances[$0].identityKey }
        let said = group.owner.transfer(n, to: agent, pin: pin, successors: keys)
        return said.cosigned(by: signers.map { group.instances[$0].identity }, group: group.id)
    }

    @Test("A quorum of the successors names an owner")
    func quorum() throws {
        var group = group()
        let boss = group.instances[4].agent("boss")
        group.instances[1].append(.ownerChanged(transfer(of: group, to: boss, by: [1, 3])))
        try group.inEveryOrder { replica in
            #expect(replica.owner == boss.key && replica.role(of: group.instances[4].id) == .owner)
        }
    }

    @Test("Too few, one of them twice, or others than the successors are no quorum")
    func tooFew() throws {
        for signers in [[1], [1, 1], [1, 4], [4, 0]] {
            var group = group()
            let boss = group.instances[4].agent("boss")
            group.instances[1].append(.ownerChanged(transfer(of: group, to: boss, by: signers)))
            try group.inEveryOrder { #expect($0.owner == group.owner.agent("owner").key, "\(signers)") }
        }
    }

    @Test("Where the genesis asks for no quorum, nobody but the owner hands the group over")
    func none() throws {
        var group = Group(3, successors: [1], quorum: 0)
        let claim = transfer(of: group, to: group.instances[2].agent("boss"), by: [1])
        group.instances[1].append(.ownerChanged(claim))
        try group.inEveryOrder { #expect($0.owner == group.owner.agent("owner").key) }
    }

    @Test("The quorum comes before the owner; between two quorums the text with the smaller hash decides")
    func preference() throws {
        var group = group()
        group.owner.handOver(to: group.instances[2].agent("boss"))
        let ones = (3...4).map { transfer(of: group, to: group.instances[$0].agent("boss"), by: [1, 2]) }
        group.instances[1].append(.ownerChanged(ones[0]))
        try group.inEveryOrder { #expect($0.owner == ones[0].to.key) }
        group.instances[2].append(.ownerChanged(ones[1]))
        let crypto = StandInCrypto()
        let smaller = ones.min { left, right in
            crypto.sha256(left.signedText(group: group.id)) < crypto.sha256(right.signedText(group: group.id))
        }
        try group.inEveryOrder { #expect($0.owner == smaller?.to.key) }
    }

    @Test("Where an owner signed two transfers, the quorum decides that number")
    func unfreezing() throws {
        var group = group()
        group.owner.handOver(to: group.instances[1].agent("boss"))
        group.owner.handOver(to: group.instances[2].agent("boss"))
        try group.inEveryOrder { #expect($0.owner == nil && $0.state.owners().count == 2) }
        let boss = group.instances[3].agent("boss")
        let resolved = group.instances[1].append(.ownerChanged(transfer(of: group, to: boss, by: [1, 2])))
        group.instances[3].accept(resolved)
        group.instances[3].set("is_public", to: .bool(false), by: "boss")
        try group.inEveryOrder { replica in
            #expect(replica.owner == boss.key && replica.state.owners().count == 2)
            #expect(replica.value(of: "is_public") == "false")
        }
    }

    @Test("A transfer may name new successors; those before can do nothing from then on")
    func newSuccessors() throws {
        var group = group()
        let second = group.instances[1].agent("boss")
        let first = transfer(of: group, to: second, by: [1, 2], successors: [0, 4])
        group.instances[1].append(.ownerChanged(first))
        let boss = group.instances[4].agent("boss")
        let old = transfer(2, of: group, to: boss, by: [1, 2])
        group.instances[2].append(.ownerChanged(old))
        try group.inEveryOrder { #expect($0.owner == second.key) }
        let new = transfer(2, of: group, to: boss, by: [0, 4])
        group.instances[4].append(.ownerChanged(new))
        try group.inEveryOrder { #expect($0.owner == boss.key && $0.state.owners().count == 3) }
    }
}
