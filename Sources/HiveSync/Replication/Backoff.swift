/// How long to wait after failures: from 1 s doubling to 60 s with jitter, for ever (protocol, section 6).
enum Backoff {
    /// The delay after `failures` failures in a row, give or take a quarter; 0 after none.
    static func delayMs(
        failures: Int,
        settings: ReplicatorSettings,
        random: inout SplitMix64
    ) -> Int64 {
        guard failures > 0 else { return 0 }
        let doublings = min(failures - 1, 20)
        let (doubled, isTooLong) = settings.retryFirstMs.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let delay = isTooLong ? settings.retryLongestMs : min(doubled, settings.retryLongestMs)
        return jittered(delay, percent: 25, random: &random)
    }

    /// `ms` give or take `percent`, so that many nodes that failed together don't return together.
    static func jittered(_ ms: Int64, percent: Int64, random: inout SplitMix64) -> Int64 {
        let spread = ms * percent / 100
        return ms - spread + random.below(2 * spread + 1)
    }
}
