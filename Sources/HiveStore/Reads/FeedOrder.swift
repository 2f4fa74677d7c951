import HivePorts

/// What a feed's order needs of a post; read from an index.
struct FeedKey: Hashable {
    var row: Int64
    var createdAtMs: Int64
    var id: String
    var score: Int64

    /// Newer first, then the smaller id.
    ///
    /// Ids are ASCII, so their order is that of their bytes.
    func isNewer(than other: FeedKey) -> Bool {
        createdAtMs != other.createdAtMs ? createdAtMs > other.createdAtMs : id < other.id
    }

    func isBetter(than other: FeedKey) -> Bool {
        score != other.score ? score > other.score : isNewer(than: other)
    }
}

/// `(score + 1) / (1 + age in hours)` as an exact fraction.
struct Hotness: Comparable {
    private var numerator: Int64
    /// Milliseconds of an hour and of the age: positive.
    private var denominator: Int64

    private static let hourMs: Int64 = 3_600_000

    init(score: Int64, createdAtMs: Int64, nowMs: Int64) {
        numerator = score + 1
        denominator = Self.hourMs + max(0, nowMs - createdAtMs)
    }

    /// What no post of at most this score and at least this age exceeds.
    static func bound(score: Int64, createdAtMs: Int64, nowMs: Int64) -> Hotness {
        Hotness(score: max(score, -1), createdAtMs: createdAtMs, nowMs: nowMs)
    }

    static func < (left: Hotness, right: Hotness) -> Bool {
        let one = left.numerator.multipliedFullWidth(by: right.denominator)
        let two = right.numerator.multipliedFullWidth(by: left.denominator)
        return (one.high, one.low) < (two.high, two.low)
    }

    static func == (left: Hotness, right: Hotness) -> Bool { !(left < right) && !(right < left) }
}

/// A post with its hotness at one moment.
struct HotKey {
    var key: FeedKey
    var hotness: Hotness

    /// Hotter first, then newer, then the smaller id.
    func isHotter(than other: HotKey) -> Bool {
        if hotness < other.hotness { return false }
        if other.hotness < hotness { return true }
        return key.isNewer(than: other.key)
    }
}
