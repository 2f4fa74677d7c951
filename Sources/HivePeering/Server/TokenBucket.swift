/// Credits that refill steadily up to one second's worth.
struct TokenBucket: Sendable {
    let perSecond: Int64
    /// Thousandths of a credit; below zero after a grant larger than what was there.
    private var level: Int64
    private var lastMs: Int64

    init(perSecond: Int64, atMs: Int64) {
        self.perSecond = perSecond
        level = perSecond * 1_000
        lastMs = atMs
    }

    /// Whole credits there are now.
    mutating func available(atMs now: Int64) -> Int64 {
        refill(now)
        return max(0, level / 1_000)
    }

    /// Takes `count` if a whole credit is left, going into debt where it is not enough, so that one batch always
    /// passes.
    ///
    /// Returns nil, or after how many milliseconds there are credits again.
    mutating func take(_ count: Int64, atMs now: Int64) -> Int64? {
        refill(now)
        guard level >= 1_000 else { return waitMs }
        level -= count * 1_000
        return nil
    }

    /// Takes one credit, of those to come too where they come within `waitMsMax`.
    ///
    /// Returns whether it was taken, and how many milliseconds to wait: for the credit, or before asking again.
    mutating func takeNext(atMs now: Int64, waitMsMax: Int64) -> (isTaken: Bool, waitMs: Int64) {
        refill(now)
        let wait = level >= 1_000 ? 0 : waitMs
        guard wait <= waitMsMax else { return (false, wait) }
        level -= 1_000
        return (true, wait)
    }

    /// Until a whole credit is left.
    private var waitMs: Int64 { max(1, (1_000 - level + perSecond - 1) / max(1, perSecond)) }

    private mutating func refill(_ now: Int64) {
        let passed = min(max(0, now - lastMs), 3_600_000)
        lastMs = max(lastMs, now)
        level = min(perSecond * 1_000, level + passed * perSecond)
    }
}
