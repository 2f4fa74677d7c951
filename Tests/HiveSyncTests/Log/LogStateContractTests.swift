import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("The contract of log states, in memory")
struct LogStateContractTests {
    private func on(_ body: (LogStateContract, inout MemoryState) throws -> Void) throws {
        var group = Group(1)
        for name in ["p1", "p2", "p3"] { group.owner.post(name) }
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        #expect(throws: Never.self) { try body(LogStateContract(founder: group.owner), &replica.state) }
    }

    @Test("Nothing is aside before it is put") func quiet() throws { try on { try $0.beginsQuiet(&$1) } }
    @Test("A cut log goes on") func cuts() throws { try on { try $0.cutsAndGoesOn(&$1) } }
    @Test("A whole log can be cut and come again") func all() throws { try on { try $0.cutsAll(&$1) } }
    @Test("A signature checked later counts") func marks() throws { try on { try $0.marks(&$1) } }
    @Test("What is kept is kept once") func keeps() throws { try on { try $0.keeps(&$1) } }
    @Test("Terms show in heads") func terms() throws { try on { try $0.terms(&$1) } }
    @Test("One proof an epoch") func proofs() throws { try on { try $0.proofs(&$1) } }
    @Test("Transfers are kept once") func transfers() throws { try on { try $0.transfers(&$1) } }
}
