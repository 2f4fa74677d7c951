import HiveModel
import HiveStore
import HiveSync
import HiveTestKit
import Testing

/// What SQLite keeps of logs that does not stand.
@Suite("What does not stand is kept in the database", .opensFiles)
struct KeptEventsTests {
    let founder: TestInstance<StandInCrypto>
    let group: GroupID

    init() throws {
        var founder = HiveStoreTests.founder()
        for name in ["p1", "p2", "p3"] { founder.post(name) }
        self.founder = founder
        group = try #require(founder.group)
    }

    private func on(_ body: (LogStateContract, inout SQLiteState) throws -> Void) throws {
        let test = try TestStore()
        try test.makeGroup(group, hive: "engineering")
        try test.admit(founder.events, to: group)
        try test.store.write { transaction in
            var state = try transaction.state(for: group)
            try body(LogStateContract(founder: founder), &state)
        }
    }

    @Test("Nothing is aside before it is put") func quiet() throws { try on { try $0.beginsQuiet(&$1) } }
    @Test("A cut log goes on") func cuts() throws { try on { try $0.cutsAndGoesOn(&$1) } }
    @Test("A whole log can be cut and come again") func all() throws { try on { try $0.cutsAll(&$1) } }
    @Test("A signature checked later counts") func marks() throws { try on { try $0.marks(&$1) } }
    @Test("What is kept is kept once") func keeps() throws { try on { try $0.keeps(&$1) } }
    @Test("Terms show in heads") func terms() throws { try on { try $0.terms(&$1) } }
    @Test("One proof an epoch") func proofs() throws { try on { try $0.proofs(&$1) } }
    @Test("Transfers are kept once") func transfers() throws { try on { try $0.transfers(&$1) } }

    @Test("What was cut away is there in later transactions, and its arrival numbers are not given again")
    func lasting() throws {
        let test = try TestStore()
        try test.makeGroup(group, hive: "engineering")
        try test.admit(founder.events, to: group)
        let last = try test.store.write { transaction in
            let state = try transaction.state(for: group)
            let arrivals = try state.events(of: nil, after: 0, limit: 100).map(\.arrival)
            try state.cutLog(of: founder.id, after: founder.events[1].header.place)
            return arrivals.max()
        }
        let kept = try test.store.write { try $0.state(for: group).keptEvents(of: founder.id).map(\.event) }
        #expect(kept == Array(founder.events[2...]))
        let again = try test.store.write { transaction in
            try transaction.state(for: group).append(founder.events[2], isVerified: true)
        }
        #expect(again > (try #require(last)))
        let left = try test.store.write { try $0.state(for: group).keptEvents(of: founder.id).map(\.event) }
        #expect(left == Array(founder.events[3...]))
    }
}
