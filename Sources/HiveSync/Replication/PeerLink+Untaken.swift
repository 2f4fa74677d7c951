import HiveModel

/// Logs a peer does not take: held back by its clock, waiting for an introduction, refused. Each is offered again later
/// and later, and holds up no other meanwhile.
extension PeerLink {
    /// What to push from: the picture, with the logs that are left out for now as if the peer had them.
    func leavingOut(_ picture: [LogHead], _ ours: [LogHead]) -> [LogHead] {
        guard withheld != nil || untaken.contains(where: { $0.until != nil }) else { return picture }
        let skipped = ours.filter { head in
            head.origin == withheld || untaken.contains { $0.origin == head.origin && $0.until != nil }
        }
        return picture.merged(with: skipped)
    }

    /// The heads about which the peer is handed proofs, once, and again after a heartbeat that differs: ours that a
    /// proof cuts and whose cut the peer does not show, and the peer's of logs of which nothing stands here though it
    /// was asked for them, since two openings of a first epoch leave no head to show a cut.
    func owedCuts(_ ours: [LogHead]) -> [LogHead] {
        guard let picture else { return [] }
        let cut = ours.filter { head in
            guard head.cut != nil, let theirs = picture.head(of: head.origin), theirs.cut != head.cut else {
                return false
            }
            return !handed.contains { $0.origin == head.origin && $0.cut == head.cut }
        }
        guard !unserved.isEmpty else { return cut }
        let dead = picture.filter { theirs in
            ours.head(of: theirs.origin) == nil && unserved.contains { $0.origin == theirs.origin }
                && !handed.contains(theirs)
        }
        return cut + dead
    }

    /// Compares what was offered with what the peer holds after it.
    mutating func noteUntaken(
        _ heads: [LogHead],
        _ answer: PushAnswer,
        _ flight: PushFlight,
        _ ours: [LogHead],
        _ turn: inout Turn
    ) {
        func tookSome(_ origin: InstanceID) -> Bool {
            (heads.place(of: origin) ?? .start) > (flight.above.place(of: origin) ?? .start)
        }
        var offered = answer.sent.inOrder.beyond(flight.above)
        if answer.sent.isEmpty {
            // Not told what went out: nothing is known of a log as long as any was taken.
            offered = ours.beyond(flight.above)
            if offered.contains(where: { tookSome($0.origin) }) { offered = [] }
        }
        let before = untaken
        untaken.removeAll { log in offered.contains { $0.origin == log.origin } }
        for head in offered where !tookSome(head.origin) {
            let held = heads.head(of: head.origin)
            let earlier = before.first { $0.origin == head.origin && $0.held == held }
            // One that is not known yet is offered again at once, introduced.
            let isUnknown = answer.unknown.contains(head.origin)
            let isIntroduced = isUnknown && earlier?.isUnknown != true
            var log = UntakenLog(
                origin: head.origin,
                held: held,
                pushes: (earlier?.pushes ?? 0) + (isIntroduced ? 0 : 1),
                isUnknown: isUnknown,
                until: nil
            )
            // A peer that holds less than was believed is offered the rest at once, from there.
            let isLess = (held?.place ?? .start) < (flight.believed.place(of: head.origin) ?? .start)
            if !isLess, !isIntroduced { log.until = turn.after(turn.backoffMs(failures: log.pushes)) }
            untaken.append(log)
        }
        untaken.sort { $0.origin < $1.origin }
        if untaken.contains(where: { $0.until != nil }) { trouble.note = Self.note(answer) }
    }

    private static func note(_ answer: PushAnswer) -> String {
        if let until = answer.heldUntilMs {
            return "the peer holds events back until its clock reaches \(until) ms"
        }
        guard let first = answer.unknown.first else { return "the peer does not take the events it is offered" }
        return "the peer does not know \(first.rawValue) yet"
    }
}
