/// How much one transaction takes in, and when the index is brought up to date.
///
/// A value with the times passed in.
struct WriterPace {
    /// Milliseconds a transaction with remote events aims at.
    static let aimMs: Double = 35
    static let budgetMin = 32
    static let budgetMax = 2_000
    /// A quiet moment begins after so long without a write.
    static let quietMs = 100
    /// Longest time spent on tidying when the writer ends; what is left waits in the database.
    static let lastTidyMs: Int64 = 1_000
    /// Without a quiet moment the index is brought up to date after so long, and after so many events: indexing in
    /// large lots is several times cheaper, and what is being received is read before it is searched.
    private static let tidyEveryMs: Int64 = 2_000
    private static let tidyEveryEvents = 20_000
    private static let tidyEveryEventsReceivingMuch = 500_000

    /// Transactions with savepoints after one that a job's failure made necessary: failures come in rows.
    private static let isolatedTurns = 32

    private var eventsPerMs: Double = 8
    private var isolatedTurnsLeft = 0
    private var eventsSinceTidy = 0
    private var hasLocalSinceTidy = false
    private var tidiedAtMs: Int64 = 0
    private(set) var isTidyWanted = true
    /// The last tidying left something to do and no write came since.
    private var isTidyUnderWay = false

    /// How long to wait for a write before tidying; nil where there is nothing to tidy.
    var patienceMs: Int? {
        guard isTidyWanted else { return nil }
        return isTidyUnderWay ? 0 : Self.quietMs
    }

    /// Remote events for the next transaction: fewer where somebody waits for a local write in it.
    func budget(besideLocalJobs localJobs: Int) -> Int {
        let aim = localJobs > 0 ? Self.aimMs / 3 : Self.aimMs
        return min(Self.budgetMax, max(Self.budgetMin, Int(eventsPerMs * aim)))
    }

    /// Whether the next transaction gives each job a savepoint.
    mutating func takesSavepoints() -> Bool {
        guard isolatedTurnsLeft > 0 else { return false }
        isolatedTurnsLeft -= 1
        return true
    }

    mutating func jobFailed() { isolatedTurnsLeft = Self.isolatedTurns }

    mutating func committed(remoteEvents: Int, localJobs: Int, tookMs: Double) {
        if remoteEvents >= Self.budgetMin, tookMs > 0 {
            eventsPerMs = (eventsPerMs * 3 + Double(remoteEvents) / tookMs) / 4
        }
        eventsSinceTidy += remoteEvents + localJobs
        if localJobs > 0 { hasLocalSinceTidy = true }
        isTidyWanted = true
        isTidyUnderWay = false
    }

    /// Whether to tidy although writes keep coming.
    func isTidyDue(nowMs: Int64, isReceivingMuch: Bool) -> Bool {
        guard isTidyWanted else { return false }
        return eventsSinceTidy >= (isReceivingMuch ? Self.tidyEveryEventsReceivingMuch : Self.tidyEveryEvents)
            || (hasLocalSinceTidy && nowMs - tidiedAtMs >= Self.tidyEveryMs)
    }

    mutating func tidied(hasMore: Bool, nowMs: Int64) {
        isTidyWanted = hasMore
        isTidyUnderWay = hasMore
        tidiedAtMs = nowMs
        guard !hasMore else { return }
        eventsSinceTidy = 0
        hasLocalSinceTidy = false
    }
}
