import HiveModel

/// One call of `Replicator.handle`: what its parts read and add to while they decide.
struct Turn {
    let now: Instant
    let settings: ReplicatorSettings
    var random: SplitMix64
    var lastGeneration: UInt64
    var effects: [ReplicatorEffect] = []

    /// The instant `ms` from now.
    func after(_ ms: Int64) -> Instant { Instant(ms: now.ms + ms) }

    /// Schedules a new timer.
    mutating func schedule(_ kind: ReplicatorTimer.Kind, at instant: Instant) -> ArmedTimer {
        lastGeneration += 1
        let timer = ReplicatorTimer(kind: kind, generation: lastGeneration)
        effects.append(.schedule(timer, at: instant))
        return ArmedTimer(timer: timer, at: instant)
    }

    mutating func cancel(_ armed: ArmedTimer?) {
        guard let armed else { return }
        effects.append(.cancel(armed.timer))
    }

    mutating func backoffMs(failures: Int) -> Int64 {
        Backoff.delayMs(failures: failures, settings: settings, random: &random)
    }
}

/// A timer that was scheduled and neither fired nor was cancelled.
struct ArmedTimer: Hashable, Sendable {
    var timer: ReplicatorTimer
    var at: Instant
}
