import HiveModel
import OrderedCollections

/// The heartbeat's cycle.
extension PeerState {
    /// Something failed for want of an answer since the last sign of life.
    var isTroubled: Bool {
        heartbeatTrouble.failures > 0 || links.values.contains(where: \.isWaitingForContact)
    }

    mutating func contacted(_ turn: Turn) {
        lastContact = turn.now
        heartbeatTrouble = LinkTrouble()
        for group in links.keys { links[group]?.contacted(turn) }
    }

    /// Starts the cycle where calls can be made and stops it where they can't.
    mutating func arrangeHeartbeat(_ turn: inout Turn) {
        switch heartbeat {
        case .off where canCall && !links.isEmpty:
            heartbeat = .scheduled(turn.schedule(.heartbeat(entry.id), at: turn.after(nextHeartbeatMs(&turn))))
        case .scheduled(let timer) where !canCall || links.isEmpty:
            turn.cancel(timer)
            heartbeat = .off
        case .off, .scheduled, .inFlight: break
        }
    }

    /// After failures sooner than usual, so that a peer's return is seen soon.
    private func nextHeartbeatMs(_ turn: inout Turn) -> Int64 {
        let usual = Backoff.jittered(turn.settings.heartbeatMs, percent: 10, random: &turn.random)
        guard heartbeatTrouble.failures > 0 else { return usual }
        return min(usual, turn.backoffMs(failures: heartbeatTrouble.failures))
    }

    mutating func sendHeartbeat(_ turn: inout Turn) {
        lastHeartbeat = turn.now
        heartbeat = .inFlight(session: session)
        turn.effects.append(.heartbeat(entry.id))
    }

    /// A reconnect: compare at once, not in half a minute.
    mutating func hurryHeartbeat(_ turn: inout Turn) {
        guard case .scheduled(let timer) = heartbeat else { return }
        if let last = lastHeartbeat, turn.now.ms < last.ms + turn.settings.contactRetryMs { return }
        turn.cancel(timer)
        sendHeartbeat(&turn)
    }

    mutating func heartbeatFailed(_ failure: PeerFailure, session failed: UInt64, _ turn: inout Turn) {
        heartbeat = .off
        if failure.kind == .unauthorized {
            if failed == session { entry.hasSession = false }
            return
        }
        heartbeatTrouble.failures += 1
        heartbeatTrouble.last = failure
    }
}
