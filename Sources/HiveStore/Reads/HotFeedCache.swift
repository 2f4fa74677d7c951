/// The order of hot feeds, kept for a moment: the first ids, from which pages are read by number.
struct HotFeedCache {
    /// Feeds kept at a time.
    static let feedsMax = 256
    /// Posts in order: pages reach to offset 1,000 and 100 posts.
    static let keysMax = 1_100

    private struct Entry {
        var madeAtMs: Int64
        var rows: [Int64]
    }

    private var entries: [[FeedSource]: Entry] = [:]

    func rows(_ sources: [FeedSource], nowMs: Int64, ageMs: Int64) -> [Int64]? {
        guard let entry = entries[sources], (0..<ageMs).contains(nowMs - entry.madeAtMs) else { return nil }
        return entry.rows
    }

    mutating func put(_ rows: [Int64], for sources: [FeedSource], nowMs: Int64) {
        if entries.count >= Self.feedsMax { entries.removeAll() }
        entries[sources] = Entry(madeAtMs: nowMs, rows: rows)
    }

    mutating func removeAll() { entries.removeAll() }
}
