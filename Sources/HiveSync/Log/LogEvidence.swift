public import HiveModel

/// What is known of logs beside the events that stand in them: it travels before the events, so that a receiver cuts
/// what it holds before it is sent what follows (protocol, sections 4, 7 and 9).
public struct LogEvidence: Hashable, Sendable {
    public var proofs: [ForkProof]
    /// `owner_changed` payloads in RFC 8785 form, because of what they pin.
    public var transfers: [[UInt8]]
    /// Openings that end a log before what was offered of it: to be admitted as any event.
    public var openings: [Event]
    /// What leads from the owner to instances that a peer does not know, in any order.
    public var introductions: [Introduction]

    public init(
        proofs: [ForkProof] = [],
        transfers: [[UInt8]] = [],
        openings: [Event] = [],
        introductions: [Introduction] = []
    ) {
        self.proofs = proofs
        self.transfers = transfers
        self.openings = openings
        self.introductions = introductions
    }

    /// Whether a peer that shows `theirs` is handed over the proofs about an instance whose head here is `ours`.
    public static func isOwed(ours: LogHead?, theirs: LogHead?) -> Bool {
        guard let ours, let theirs else { return true }
        return ours.cut != theirs.cut
    }

    public var isEmpty: Bool { proofs.isEmpty && transfers.isEmpty && openings.isEmpty && introductions.isEmpty }
}

extension AdmissionOutcome {
    /// What cut off some of what was offered, for its sender: what keeps it from standing, and forks it proved.
    public var evidence: LogEvidence {
        var evidence = LogEvidence(proofs: proved)
        for origin in cuts.keys.sorted() {
            for cut in cuts[origin] ?? [] {
                switch cut {
                case .fork(let proof):
                    if !evidence.proofs.contains(proof) { evidence.proofs.append(proof) }
                case .opening(let opening): evidence.openings.append(opening)
                case .pin(let transfer):
                    // Everybody in the group knows what the founder is held to by the genesis.
                    if !transfer.payload.isEmpty { evidence.transfers.append(transfer.payload) }
                }
            }
        }
        return evidence
    }
}
