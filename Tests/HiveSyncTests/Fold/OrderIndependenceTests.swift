import Foundation
import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Order does not matter")
struct OrderIndependenceTests {
    /// `OPENHIVE_SOAK` multiplies the 300 histories of a normal run; `OPENHIVE_SEED` runs a single one.
    static var seeds: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["OPENHIVE_SEED"].flatMap(UInt64.init) { return [seed] }
        let factor = environment["OPENHIVE_SOAK"].flatMap(Int.init) ?? 1
        return (0..<300 * UInt64(max(1, factor))).map { $0 }
    }

    @Test("Random histories come to the state the rules say, in any order, repeated or not")
    func randomHistories() throws {
        for seed in Self.seeds { try check(seed) }
    }

    private func check(_ seed: UInt64) throws {
        let history = History(seed: seed)
        let expected = NaiveFold(history.events).outline
        var first: Replica?
        for order: UInt64 in 0..<3 {
            var replica = Replica(of: history.group)
            var delivery = Delivery(history, seed: seed &* 31 &+ order)
            let isComplete = try delivery.run(into: &replica)
            let name = Comment(rawValue: "seed \(seed), order \(order)")
            #expect(isComplete, name)
            let outline = Outline(replica.state)
            #expect(outline == expected, "\(name): \(difference(outline, expected))")
            #expect(try Recount.faults(in: &replica.state) == [], name)
            #expect(try replica.state.recomputedRoot(StandInCrypto()) == replica.state.stateRoot(), name)
            if let first {
                #expect(try replica.dump == first.dump, name)
                #expect(replica.root == first.root, name)
            } else {
                first = replica
            }
            try checkRepetition(replica, history, name)
        }
    }

    /// The same events again change nothing; folded from nothing they give the same.
    private func checkRepetition(_ replica: Replica, _ history: History, _ name: Comment) throws {
        var again = replica
        let outcome = try again.admit(history.events)
        #expect(outcome.inserted == 0 && outcome.duplicates == history.events.count, name)
        #expect(try again.dump == replica.dump && again.root == replica.root, name)
        var fold = Fold<MemoryState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
        for event in history.events { try fold.apply(event, to: &again.state) }
        try fold.finish(&again.state)
        #expect(Outline(again.state) == Outline(replica.state), "\(name): applied twice")
        #expect(again.root == replica.root, "\(name): applied twice")
        var refolded = replica
        try refolded.refold()
        #expect(Outline(refolded.state) == Outline(replica.state), "\(name): folded from nothing")
        #expect(try refolded.dump == replica.dump && refolded.root == replica.root, "\(name): folded from nothing")
    }

    private func difference(_ left: Outline, _ right: Outline) -> String {
        let extra = left.lines.filter { !right.lines.contains($0) }.map { "+ \($0)" }
        let missing = right.lines.filter { !left.lines.contains($0) }.map { "- \($0)" }
        return (extra + missing).joined(separator: "\n")
    }
}
