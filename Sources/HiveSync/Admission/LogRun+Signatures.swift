import HiveModel

extension LogRun {
    /// How much of a run its signatures vouch for.
    struct Check: Hashable {
        /// For each event to admit, whether its own signature was checked.
        var isVerified: [Bool]
        /// The first event that no valid signature vouches for.
        var refused: AdmissionOutcome.Rejection?
    }

    /// Checks the signatures of a log's first event, of control events, of the run's last and of one at least every
    /// `Limits.runEventsMax` events or `Limits.runBytesMax` bytes.
    ///
    /// Where one is bad, the run ends at the last event before it whose signature is good: nothing is admitted that no
    /// signature vouches for.
    func check(key: PublicKey, _ crypto: some Verifier) -> Check {
        var isVerified = Array(repeating: false, count: events.count)
        var vouched = 0
        var bytes = 0
        for (index, event) in events.enumerated() {
            bytes += event.payload.count + Self.headerBytes(event.header)
            let isDue = index + 1 - vouched >= Limits.runEventsMax || bytes >= Limits.runBytesMax
            guard isDue || index + 1 == events.count || Self.needsOwnSignature(event) else { continue }
            guard event.isSigned(by: key, crypto) else {
                vouched = lastSigned(before: index, above: vouched, key: key, crypto) ?? vouched
                if vouched > 0 { isVerified[vouched - 1] = true }
                return Check(isVerified: Array(isVerified.prefix(vouched)), refused: refusal(at: vouched, bad: event))
            }
            isVerified[index] = true
            vouched = index + 1
            bytes = 0
        }
        return Check(isVerified: isVerified, refused: nil)
    }

    /// About what a header adds to a payload's bytes; exact where members this version does not know may be long.
    private static func headerBytes(_ header: EventHeader) -> Int {
        header.extra.isEmpty && header.refs.extra.isEmpty ? 700 : header.canonicalBytes().count
    }

    /// How many events end at the last good signature among those in `above..<index`; nil where there is none.
    private func lastSigned(before index: Int, above: Int, key: PublicKey, _ crypto: some Verifier) -> Int? {
        var candidate = index - 1
        while candidate >= above {
            if events[events.startIndex + candidate].isSigned(by: key, crypto) { return candidate + 1 }
            candidate -= 1
        }
        return nil
    }

    private func refusal(at index: Int, bad event: Event) -> AdmissionOutcome.Rejection {
        let first = events[events.startIndex + index].header
        let place = event.header.place
        return AdmissionOutcome.Rejection(
            origin: first.origin,
            place: first.place,
            reason:
                "No valid signature vouches for it: that of event \(place.seq) of epoch \(place.epoch) is not by the"
                + " log's key."
        )
    }

    /// The first event of a log, and control events (protocol, section 5).
    private static func needsOwnSignature(_ event: Event) -> Bool {
        event.header.place.seq == 1 || event.isControl
    }
}
