import HivePorts

/// Pages of posts.
struct FeedReads {
    let reader: Reader
    let scope: ViewerScope
    let nowMs: Int64

    /// From this offset on a hot feed goes on as `new`.
    static let hotOffsetMax = 1_000

    /// What a page is made from: the hive asked for, or the public ones and the viewer's private ones.
    func sources(_ query: PostQuery) throws -> [FeedSource] {
        if let name = query.hive {
            return [.group(try HiveReads.existingHive(named: name, scope, reader).group)]
        }
        if let open = try scope.publicGroups() { return open.map { .group($0) } }
        return [.publicHives] + (try scope.privateGroups()).map { .group($0) }
    }

    /// A page of `query`.
    ///
    /// `hotRows` answers the order of the hot feed where it is kept.
    func page(
        _ query: PostQuery,
        hotRows: ([FeedSource]) -> [Int64]?,
        keep: ([FeedSource], [Int64]) -> Void
    ) throws
        -> PostPage
    {
        let sources = try sources(query)
        var page = PostPage(posts: [], total: nil, nextCursor: nil)
        switch query.sort {
        case .hot where query.offset <= Self.hotOffsetMax && query.cursor == nil:
            let rows: [Int64]
            if query.sinceMs == nil, let kept = hotRows(sources) {
                rows = kept
            } else {
                rows = try hottest(sources, since: query.sinceMs)
                if query.sinceMs == nil { keep(sources, rows) }
            }
            page.posts = try posts(rows.dropFirst(query.offset), limit: query.limit, sources)
        case .new, .hot:
            let end = try query.cursor.map { try FeedEnd(cursor: $0) }
            let since = query.sinceMs ?? .min
            var feed = MergedFeed(
                try sources.map {
                    try .newest($0, since: since, after: end, reader, isAlone: sources.count == 1)
                },
                by: { $0.isNewer(than: $1) }
            )
            let keys = try Self.take(query.limit, after: query.offset, from: &feed)
            page.posts = try posts(keys.map(\.row), limit: query.limit, sources)
            if feed.current != nil, let last = keys.last { page.nextCursor = FeedEnd(last).cursor }
        case .top:
            var feed = MergedFeed(
                try sources.map {
                    try .best($0, since: query.sinceMs ?? .min, reader, isAlone: sources.count == 1)
                },
                by: { $0.isBetter(than: $1) }
            )
            let keys = try Self.take(query.limit, after: query.offset, from: &feed)
            page.posts = try posts(keys.map(\.row), limit: query.limit, sources)
        }
        if query.wantsTotal { page.total = try total(sources, since: query.sinceMs) }
        return page
    }

    private func hottest(_ sources: [FeedSource], since: Int64?) throws -> [Int64] {
        let isAlone = sources.count == 1
        var newest = MergedFeed(
            try sources.map { try .newest($0, since: since ?? .min, reader, isAlone: isAlone) },
            by: { $0.isNewer(than: $1) }
        )
        var best = MergedFeed(
            try sources.map { try .best($0, since: since ?? .min, reader, isAlone: isAlone) },
            by: { $0.isBetter(than: $1) }
        )
        let keys = try HotFeed.hottest(HotFeedCache.keysMax, newest: &newest, best: &best, nowMs: nowMs)
        return keys.map(\.row)
    }

    private static func take(_ limit: Int, after offset: Int, from feed: inout MergedFeed) throws -> [FeedKey] {
        for _ in 0..<offset {
            guard try feed.next() != nil else { return [] }
        }
        var keys: [FeedKey] = []
        while keys.count < limit, let key = try feed.next() { keys.append(key) }
        return keys
    }

    /// The posts with these numbers that are still there and still in the feed.
    private func posts(_ rows: some Sequence<Int64>, limit: Int, _ sources: [FeedSource]) throws -> [PostView] {
        var posts: [PostView] = []
        posts.reserveCapacity(limit)
        let fetch = try PostFetch(scope, reader)
        for row in rows {
            guard posts.count < limit else { break }
            guard let post = try fetch(row) else { continue }
            let isInFeed = sources.contains(.group(post.group)) || (post.isPublic && sources.first == .publicHives)
            if isInFeed { posts.append(post.view) }
        }
        return posts
    }

    private func total(_ sources: [FeedSource], since: Int64?) throws -> Int64 {
        try sources.reduce(0) { sum, source in
            let count: Int64? =
                switch (source, since) {
                case (.publicHives, nil): try reader.int(ReadSQL.publicPosts)
                case (.publicHives, let since?): try reader.int(FeedSQL.countAllSince) { $0.bind(1, since) }
                case (.group(let group), nil): try reader.int(ReadSQL.postsOfGroup) { $0.bind(1, group) }
                case (.group(let group), let since?):
                    try reader.int(FeedSQL.countHiveSince) { $0.bind(1, group).bind(2, since) }
                }
            return sum + (count ?? 0)
        }
    }
}
