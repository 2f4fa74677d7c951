import HiveModel
import HiveSync

/// Looking at nodes from outside while they work.
extension Cluster {
    /// Looks at what the last commit added to a node.
    func observe(_ node: Int) {
        let machine = nodes[node]
        do {
            let isReplayed = machine.seenArrival == 0
            let added = try machine.store.read { state in
                try state.events(of: nil, after: machine.seenArrival, limit: 1_000_000)
            }
            if isReplayed { machine.eventCount = 0 }
            machine.eventCount += added.count
            if let last = added.last { machine.seenArrival = last.arrival }
            for stored in added {
                let isNew = ledger.event(stored.event.hash).map { $0.holders & 1 << UInt32(node) == 0 } ?? true
                guard isNew else { continue }
                NoForgedEvent.check(stored.event, at: node, self)
                if !isReplayed { ClockBounds.check(stored.event, at: node, self) }
            }
        } catch {
            fail(.noInternalFault, node, "\(error)")
        }
    }

    /// Honest nodes are refused nothing, where nothing happened that forks their logs.
    func checkRefusals(_ outcome: AdmissionOutcome, at node: Int) {
        guard !options.faults.contains(where: \.forksHonestLogs) else { return }
        let evil = plan.evil.map { nodes[$0].instance }
        for rejection in outcome.rejected where evil == nil {
            fail(.honestIsNeverRefused, node, "\(rejection.origin.rawValue) \(rejection.place): \(rejection.reason)")
        }
        for proof in outcome.proved where proof.origin != evil {
            fail(.honestIsNeverRefused, node, "a fork of \(proof.origin.rawValue) at \(proof.place)")
        }
    }

    /// In the middle of a run: one node's state is what its log says, and nodes of equal heads have equal roots.
    func checkNow(_ node: Int) throws {
        let machine = nodes[node]
        guard machine.isUp, !machine.isTampered else { return }
        try IncrementalEqualsFresh.check(machine, self)
        try CountersEqualRecount.check(machine, self)
        for other in nodes where other.number != node && other.heads.digest == machine.heads.digest {
            guard !other.isTampered, other.heads.stateRoot != machine.heads.stateRoot else { continue }
            fail(.equalHeadsMeanEqualState, node, "n\(other.number) has another root")
        }
    }
}
