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
        var failures = 0
        for seed in Self.seeds where failures < 3 {
            let history = History(seed: seed)
            let faults = try Orders(history).faults()
            #expect(faults.isEmpty, "OPENHIVE_SEED=\(seed): \(faults.joined(separator: "\n"))")
            if !faults.isEmpty { failures += 1 }
        }
    }

    @Test("The histories reach what is rare")
    func coverage() throws {
        var seen: Set<String> = []
        for seed: UInt64 in 0..<100 {
            let history = History(seed: seed)
            var replica = Replica(of: history.group)
            var delivery = Delivery(history, seed: seed)
            _ = try delivery.run(into: &replica)
            for change in replica.state.changes where change == .rebuilt { seen.insert("folded from nothing") }
            for event in history.events where event.header.place.epoch > 2 { seen.insert("a third epoch") }
            for member in replica.state.members() { seen.insert("role \(member.role)") }
            seen.insert("\(history.instances.count - replica.state.members().count) known and no member")
            for line in Outline(replica.state).lines {
                if line.contains(" deleted by ") { seen.insert("tombstone of a \(line.prefix { $0 != " " })") }
                if line.hasPrefix("karma") { seen.insert("karma") }
            }
        }
        let rare = [
            "folded from nothing", "a third epoch", "role owner", "role admin", "role member", "role readonly",
            "0 known and no member", "1 known and no member", "tombstone of a post", "tombstone of a comment", "karma",
        ]
        #expect(rare.filter { !seen.contains($0) } == [])
    }
}

/// One history, delivered to several replicas in different orders and held against the rules.
struct Orders {
    private let history: History
    private let expected: Outline

    init(_ history: History) {
        self.history = history
        expected = NaiveFold(history.events).outline
    }

    /// What is wrong, as sentences.
    func faults() throws -> [String] {
        var faults: [String] = []
        var dumps: Set<String> = []
        var roots: Set<Hash256> = []
        for order: UInt64 in 0..<3 {
            var replica = Replica(of: history.group)
            var delivery = Delivery(history, seed: history.seed &* 31 &+ order)
            if try !delivery.run(into: &replica) { faults.append("it stops taking what it should") }
            faults += difference(from: replica, "the rules")
            faults += try Recount.faults(in: &replica.state)
            if try replica.state.recomputedRoot(StandInCrypto()) != replica.state.stateRoot() {
                faults.append("the root is not that of the rows")
            }
            faults += tombstonesWithText(replica)
            dumps.insert(try replica.dump)
            roots.insert(replica.root)
            if order == 0 { faults += try repetitionFaults(replica) }
        }
        if dumps.count > 1 || roots.count > 1 { faults.append("the order shows") }
        return faults
    }

    /// What was deleted is gone from the rows too, which no dump shows.
    private func tombstonesWithText(_ replica: Replica) -> [String] {
        var faults: [String] = []
        replica.state.forEachEntity { entity in
            switch entity {
            case .post(let post, _, _) where post.tombstone != nil:
                if post.title != "" || post.content != nil || post.url != nil { faults.append("\(post.id) keeps text") }
            case .comment(let comment, _, _, _) where comment.tombstone != nil:
                if comment.content != "" { faults.append("\(comment.id) keeps text") }
            default: break
            }
        }
        return faults
    }

    /// The same events again change nothing; folded from nothing they give the same.
    private func repetitionFaults(_ replica: Replica) throws -> [String] {
        var faults: [String] = []
        var again = replica
        let outcome = try again.admit(history.events)
        if outcome.inserted != 0 || outcome.duplicates != history.events.count { faults.append("repeats are admitted") }
        var fold = Fold<MemoryState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
        for event in history.events { try fold.apply(event, to: &again.state) }
        try fold.finish(&again.state)
        faults += difference(from: again, "applied twice")
        if again.root != replica.root { faults.append("applied twice the root differs") }
        var refolded = replica
        try refolded.refold()
        faults += difference(from: refolded, "folded from nothing")
        if try refolded.dump != replica.dump || refolded.root != replica.root {
            faults.append("folded from nothing the dump differs")
        }
        return faults
    }

    private func difference(from replica: Replica, _ name: String) -> [String] {
        let outline = Outline(replica.state)
        guard outline != expected else { return [] }
        let extra = outline.lines.filter { !expected.lines.contains($0) }.map { "\(name): is    \($0)" }
        let missing = expected.lines.filter { !outline.lines.contains($0) }.map { "\(name): wants \($0)" }
        return extra + missing
    }
}
