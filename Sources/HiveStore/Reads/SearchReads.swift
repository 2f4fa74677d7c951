import HivePorts

/// Full-text search over what the viewer may see.
///
/// Posts and comments: the newest 2,000 hits are ranked by bm25, or by time. bm25 of every hit would take 200 ms for a
/// common word in 200,000 texts.
struct SearchReads {
    let reader: Reader
    let scope: ViewerScope

    /// Hits that are ranked.
    static let rankedMax = 2_000
    /// Hits looked at, for hives with few of many.
    static let scannedMax = 50_000

    private struct Hit {
        var row: Int64
        var rank: Double
        var createdAtMs: Int64
        var id: String
    }

    func results(_ query: SearchQuery) throws -> SearchResults {
        var results = SearchResults()
        let words = Self.words(query.text)
        guard !words.isEmpty else { return results }
        let match = Self.match(words)
        let hive = try query.hive.map { try HiveReads.existingHive(named: $0, scope, reader).group }
        for kind in query.kinds {
            switch kind {
            case .posts:
                let place = try reader.prepare(ReadSQL.postPlace)
                let hits = try hits(SQLiteDialect.findPosts, match, query) { try shown($0, place, hive) }
                let fetch = try PostFetch(scope, reader)
                results.posts = try hits.compactMap { try fetch($0.row)?.view }
            case .comments:
                let place = try reader.prepare(ReadSQL.commentPlace)
                let hits = try hits(SQLiteDialect.findComments, match, query) { try shown($0, place, hive) }
                results.comments = try hits.compactMap { try CommentReads.comment(row: $0.row, scope, reader) }
            case .agents:
                results.agents = try AgentReads.search(words.joined(separator: " "), limit: query.limit, reader)
            case .hives:
                let text = words.joined(separator: " ")
                results.hives = try HiveReads.search(text, limit: query.limit, scope, reader)
            }
        }
        return results
    }

    /// What is left once the characters that mean something to FTS5 are spaces.
    static func words(_ text: String) -> [String] {
        text.split { $0.isWhitespace || "\"-*()\0".contains($0) }.map(String.init)
    }

    /// All words, each as the beginning of one.
    static func match(_ words: [String]) -> String {
        words.map { "\"\($0)\"*" }.joined(separator: " ")
    }

    private func hits(
        _ sql: String,
        _ match: String,
        _ query: SearchQuery,
        shown: (Int64) throws -> (createdAtMs: Int64, id: String)?
    ) throws -> [Hit] {
        let found = try reader.prepare(sql)
        found.bind(1, match)
        var hits: [Hit] = []
        var scanned = 0
        while hits.count < Self.rankedMax, scanned < Self.scannedMax, try found.step() {
            scanned += 1
            let row = found.int(0)
            guard let (createdAtMs, id) = try shown(row) else { continue }
            hits.append(Hit(row: row, rank: found.double(1), createdAtMs: createdAtMs, id: id))
        }
        found.reset()
        let byRank = query.order == .relevance
        hits.sort { left, right in
            if byRank, left.rank != right.rank { return left.rank < right.rank }
            return (right.createdAtMs, left.id) < (left.createdAtMs, right.id)
        }
        return Array(hits.prefix(query.limit))
    }

    /// Nil where the row is not for the viewer or not in the hive asked for.
    private func shown(_ row: Int64, _ place: HotStatement, _ hive: Int64?) throws -> (createdAtMs: Int64, id: String)?
    {
        place.bind(1, row)
        defer { place.reset() }
        guard try place.step(), try scope.allows(isPublic: place.bool(2), group: place.int(3)) else { return nil }
        if let hive, place.int(3) != hive { return nil }
        return (place.int(0), place.text(1))
    }
}
