import HiveModel
import HiveSync
import HiveTestKit

/// One history of every kind of event, brought to replicas in different ways that must end in one state.
struct ActOrders {
    let history: ActHistory

    init(_ history: ActHistory) {
        self.history = history
    }

    /// How a replica gets the events, and when it commits.
    private enum Way: CaseIterable {
        /// Folded in random order, committing after every event; and all of it again.
        case each
        /// Committing after random batches; now and then the program starts again in between and remembers nothing.
        case batches
        /// Committing once.
        case once
        /// Through admission, in random pieces of logs.
        case admission
    }

    /// What is wrong, as sentences.
    ///
    /// One way for each history, so that many histories can be tried.
    func faults() throws -> [String] {
        var reference = Replica(of: history.group)
        for event in history.events { _ = reference.state.append(event, isVerified: true) }
        try reference.refold()
        var faults = try Recount.faults(in: &reference.state)
        if try reference.state.recomputedRoot(StandInCrypto()) != reference.state.stateRoot() {
            faults.append("the root is not that of the rows")
        }
        let dump = try reference.dump
        var way = Way.allCases[Int(history.seed / 2 % 4)]
        if way == .admission, !history.hasTruePins { way = .batches }
        var replica: Replica
        if way == .admission {
            replica = Replica(of: history.group)
            var delivery = Delivery(history.logs, seed: history.seed)
            if try !delivery.run(into: &replica) { faults.append("admission stops taking what it should") }
        } else {
            replica = try folded(way, seed: history.seed &* 7)
        }
        faults += try differences(of: &replica, from: reference, dump, "by \(way)")
        if way == .each { faults += try repetition(of: replica, reference, dump) }
        return faults
    }

    /// Folds every event in random order, some twice, each log's own order kept by a buffer for what comes too early.
    private func folded(_ way: Way, seed: UInt64) throws -> Replica {
        var numbers = HiveTestKit.SeededGenerator(seed: seed)
        var replica = Replica(of: history.group)
        var fold = Fold<MemoryState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
        var arriving: [(log: Int, index: Int)] = []
        for (log, events) in history.logs.enumerated() {
            for index in events.indices {
                arriving += Array(repeating: (log, index), count: numbers.chance(1, of: 8) ? 2 : 1)
            }
        }
        // Neighbours mostly arrive as such: wholly mixed, everything waits for the first event of its log.
        let lane = numbers.chance(1, of: 3) ? 1 : 8
        arriving = arriving.map { (key: $0.index / lane * 1_000 + numbers.below(1_500), value: $0) }
            .sorted { $0.key < $1.key }.map(\.value)
        var taken = history.logs.map { _ in 0 }
        var waiting: Set<[Int]> = []
        for (log, index) in arriving {
            waiting.insert([log, index])
            if index < taken[log] { try fold.apply(history.logs[log][index], to: &replica.state) }
            while waiting.remove([log, taken[log]]) != nil {
                let event = history.logs[log][taken[log]]
                taken[log] += 1
                _ = replica.state.append(event, isVerified: true)
                try fold.apply(event, to: &replica.state)
                let isCommit = way == .each || (way == .batches && numbers.chance(1, of: 5))
                guard isCommit else { continue }
                try fold.finish(&replica.state)
                fold = Fold(group: history.group, crypto: StandInCrypto())
                if way == .batches, numbers.chance(1, of: 2) { replica.state.memo = FoldMemo() }
            }
        }
        try fold.finish(&replica.state)
        return replica
    }

    /// The same events again change nothing; folded from nothing they give the same.
    private func repetition(of replica: Replica, _ reference: Replica, _ dump: String) throws -> [String] {
        var again = replica
        var fold = Fold<MemoryState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
        for event in history.events { try fold.apply(event, to: &again.state) }
        try fold.finish(&again.state)
        var faults = try differences(of: &again, from: reference, dump, "applied twice")
        var refolded = replica
        try refolded.refold()
        faults += try differences(of: &refolded, from: reference, dump, "folded from nothing")
        return faults
    }

    private func differences(
        of replica: inout Replica,
        from reference: Replica,
        _ dump: String,
        _ name: String
    ) throws -> [String] {
        var faults = try Recount.faults(in: &replica.state).map { "\(name): \($0)" }
        let other = try replica.dump
        guard other != dump || replica.root != reference.root else { return faults }
        let (held, wants) = (Set(other.split(separator: "\n")), Set(dump.split(separator: "\n")))
        faults += held.subtracting(wants).sorted().map { "\(name): is    \($0)" }
        faults += wants.subtracting(held).sorted().map { "\(name): wants \($0)" }
        if other == dump { faults.append("\(name): the root differs") }
        return faults
    }
}
