import HiveModel

extension Admission {
    /// Decides what stands of an instance from everything held of it, and makes it so.
    ///
    /// Costs a pass over the instance's log: only where something forks, closes below what stands, or is waited for.
    /// - Parameter accepted: checked events that are not held yet.
    mutating func decide(
        _ origin: InstanceID,
        adding accepted: [KeptEvent],
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        let held = try HeldEvents(origin, adding: accepted, in: state)
        let pin = try pin(of: origin, in: state)?.pin
        let proofs = try state.proofs(of: origin)
        let log = StandingLog.decide(held.links, proofs: proofs.map(\.place), pin: pin)
        if log.isPinned {
            for proof in proofs where StandingLog.isOverruled(proof.place, by: pin) {
                try state.removeProof(of: origin, epoch: proof.place.epoch)
            }
        }
        for fork in log.forks {
            guard let proof = try ForkProof(fork, held, group: group, in: state, crypto) else { continue }
            try state.putProof(proof)
            outcome.proved.append(proof)
        }
        try replace(held, by: log.chain, into: &state, &outcome)
        try putTerms(of: origin, log, in: &state)
        try keep(accepted, of: origin, into: &state, &outcome)
    }

    /// Makes `chain` the standing log.
    private mutating func replace(
        _ held: HeldEvents,
        by chain: [StandingLog.Link],
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        let origin = held.origin
        let common = zip(held.standing, chain).prefix { $0.hash == $1.hash }.count
        if common < held.standing.count {
            try state.cutLog(of: origin, after: common > 0 ? chain[common - 1].place : nil)
            tips[origin] = nil
            openedEpochs[origin] = nil
            needsRefold = true
            if !outcome.cutLogs.contains(origin) { outcome.cutLogs.append(origin) }
        }
        var last: Event?
        for link in chain[common...] {
            guard let next = try held.other(link.hash) ?? state.keptEvent(of: origin, hash: link.hash) else {
                throw FoldFault("an event of \(origin.rawValue) that should stand is lost")
            }
            try record(next.event, isVerified: next.isVerified, into: &state)
            last = next.event
        }
        outcome.inserted += chain.count - common
        if let last { try advance(to: last, in: state) }
        if let end = chain.last { try verifyEnd(origin, end.place, in: &state) }
    }

    /// Checks the own signature of what is the last of the log now: it may lie inside a run, vouched for by an event
    /// that is gone, and what is sent ends where a signature is known to be good.
    private func verifyEnd(_ origin: InstanceID, _ place: Place, in state: inout State) throws {
        guard let event = try state.event(origin: origin, place: place),
            let key = try state.logKey(origin: origin, epoch: place.epoch), event.isSigned(by: key, crypto)
        else { return }
        try state.markVerified(origin, place)
    }

    private mutating func putTerms(of origin: InstanceID, _ log: StandingLog, in state: inout State) throws {
        let cut = try state.proofs(of: origin).filter { proof in
            log.head.map { proof.place > $0.place } ?? true
        }.min(by: ForkProof.isSmaller)
        let terms = LogTerms(
            cut: cut?.hash,
            end: cut.flatMap { $0.place.epoch == log.head?.place.epoch ? $0.place : nil },
            awaited: log.awaited
        )
        guard try terms != self.terms(of: origin, in: state) else { return }
        try state.putTerms(terms, of: origin)
        knownTerms[origin] = terms
    }
}
