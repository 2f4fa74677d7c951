public import HiveModel

extension Admission {
    /// Takes fork proofs handed over alone, before or after the events they are about (protocol, section 9).
    ///
    /// What is cut away by them stays aside. Proofs about instances not known are named in `unknown`, those that show
    /// nothing in `rejected`. An opening that a proof carries and that lies ahead of the clock is held as any event.
    /// - Parameter wallMs: this machine's wall clock in milliseconds since 1970.
    public mutating func admit(
        proofs: [ForkProof],
        wallMs: Int64,
        into state: inout State
    ) throws -> AdmissionOutcome {
        var outcome = AdmissionOutcome()
        for proof in proofs { try take(proof, wallMs: wallMs, into: &state, &outcome) }
        outcome.unknown = Set(outcome.unknown).sorted()
        try settleCuts(&state, &outcome)
        outcome.heads = try state.heads()
        return outcome
    }

    private mutating func take(
        _ proof: ForkProof,
        wallMs: Int64,
        into state: inout State,
        _ outcome: inout AdmissionOutcome
    ) throws {
        let origin = proof.origin
        func reject(_ reason: String) {
            outcome.rejected.append(.init(origin: origin, place: proof.place, reason: reason))
        }
        guard proof.group == group else { return reject("The fork proof is about another group.") }
        guard let identityKey = try state.identityKey(of: origin) else {
            outcome.unknown.append(origin)
            return
        }
        let held = try state.proofs(of: origin).first { $0.place.epoch == proof.place.epoch }
        if let held, !ForkProof.isSmaller(proof, than: held) {
            outcome.duplicates += 1
            return
        }
        if let pin = try pin(of: origin, in: state), proof.place <= pin.pin.place,
            try !terms(of: origin, in: state).awaited.contains(pin.pin)
        {
            outcome.note(.pin(pin), of: origin)
            return
        }
        guard proof.isValid(identityKey: identityKey, crypto) else {
            return reject("The sides of the fork proof are not both signed by the log's key.")
        }
        try state.putProof(proof)
        outcome.provedElsewhere += 1
        let wall = try wall(for: origin, atMs: wallMs, policy: state.group()?.policy)
        var openings: [KeptEvent] = []
        for opening in proof.openings(crypto) {
            if wall.isPassed(by: opening) {
                outcome.hold(1, untilMs: opening.header.time.ms - wall.driftMs)
            } else {
                openings.append(KeptEvent(event: opening, isVerified: true))
            }
        }
        try decide(origin, adding: openings, into: &state, &outcome)
    }

    /// What is due once all of a call was taken: transfers it brought, and the fold of logs that became others.
    mutating func settleCuts(_ state: inout State, _ outcome: inout AdmissionOutcome) throws {
        try settleTransfers(&state, &outcome)
        guard needsRefold else { return }
        needsRefold = false
        try fold.refold(&state)
    }
}
