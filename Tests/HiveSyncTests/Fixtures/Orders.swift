import HiveModel
import HiveSync
import HiveTestKit
import Testing

typealias Instance = TestInstance<StandInCrypto>
typealias Group = TestGroup<StandInCrypto>

extension TestGroup where Crypto == StandInCrypto {
    /// An owner and members whose clocks start `stepMs` apart.
    init(_ count: Int, policy: GroupPolicy = GroupPolicy(), successors: [Int] = [], quorum: Int64 = 0) {
        self.init(
            count,
            seed: 7,
            crypto: StandInCrypto(),
            policy: policy,
            successors: successors,
            quorum: quorum
        )
    }

    /// Lets every instance's next event come after all written so far.
    mutating func meet() {
        let newest = instances.compactMap(\.lastEvent).max { $0.header.stamp < $1.header.stamp }
        guard let newest else { return }
        for index in instances.indices { instances[index].observe(newest) }
    }

    /// Folds the group's logs in many orders, each log in its own, and checks what comes out of each.
    ///
    /// Straight into the fold, so that events come before the additions and even before the genesis that make them
    /// count.
    func inEveryOrder(_ check: (inout Replica) throws -> Void) throws {
        var dumps: Set<[UInt8]> = []
        for seed: UInt64 in 0..<24 {
            var generator = HiveTestKit.SeededGenerator(seed: seed)
            var replica = Replica(of: id)
            try replica.fold(seed == 0 ? events : interleaved(&generator))
            try check(&replica)
            #expect(try Recount.faults(in: &replica.state) == [])
            dumps.insert(try replica.state.canonicalDump())
        }
        #expect(dumps.count == 1, "the order shows")
    }
}

extension Replica {
    /// Appends and folds without asking admission.
    mutating func fold(_ events: [Event]) throws {
        var fold = Fold<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        for event in events {
            _ = state.append(event, isVerified: true)
            try fold.apply(event, to: &state)
        }
        try fold.finish(&state)
    }

    /// What the fold says of an event that is already folded.
    mutating func verdict(on event: Event?) throws -> FoldVerdict? {
        guard let event else { return nil }
        var fold = Fold<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        return try fold.apply(event, to: &state)
    }
}
