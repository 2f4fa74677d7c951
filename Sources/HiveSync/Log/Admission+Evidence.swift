import HiveModel

extension Admission {
    /// Takes what was handed over beside events, before them: what it cuts is cut once they come.
    ///
    /// Instances that proofs are about and that are not known are named in `unknown`: hand these over again after the
    /// events.
    public mutating func admit(
        _ evidence: LogEvidence,
        wallMs: Int64,
        into state: inout State
    ) throws -> AdmissionOutcome {
        var outcome = AdmissionOutcome()
        if !evidence.introductions.isEmpty { _ = try introduce(evidence.introductions, into: &state) }
        if !evidence.transfers.isEmpty { outcome.merge(try admit(transfers: evidence.transfers, into: &state)) }
        if !evidence.proofs.isEmpty {
            outcome.merge(try admit(proofs: evidence.proofs, wallMs: wallMs, into: &state))
        }
        if !evidence.openings.isEmpty {
            outcome.merge(try admit(evidence.openings, wallMs: wallMs, into: &state))
        }
        outcome.heads = try state.heads()
        return outcome
    }
}

extension AdmissionOutcome {
    /// Takes in what became of more that was offered, after the rest.
    public mutating func merge(_ part: AdmissionOutcome) {
        inserted += part.inserted
        duplicates += part.duplicates
        need = part.need + need.filter { gap in !part.need.contains { $0.origin == gap.origin } }
        unknown = Array(Set(unknown).union(part.unknown)).sorted()
        if let until = part.heldUntilMs { heldUntilMs = min(heldUntilMs ?? until, until) }
        heldEvents += part.heldEvents
        upgradeNeeded = upgradeNeeded || part.upgradeNeeded
        proved += part.proved
        provedElsewhere += part.provedElsewhere
        cuts.merge(part.cuts) { _, newer in newer }
        cutLogs += part.cutLogs.filter { !cutLogs.contains($0) }
        rejected += part.rejected
        heads = part.heads
    }
}
