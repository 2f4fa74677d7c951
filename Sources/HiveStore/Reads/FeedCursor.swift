import HivePorts

/// Where a feed's posts come from: all public hives, or one hive's group.
enum FeedSource: Hashable {
    case publicHives
    case group(Int64)
}

/// Walks the posts of one source in one order, reading an index.
///
/// `isAlone`: it is the only one of its kind in this read, so the cached statement serves.
final class FeedCursor {
    private let statement: HotStatement
    private(set) var current: FeedKey?

    private init(_ statement: HotStatement) throws {
        self.statement = statement
        try advance()
    }

    func advance() throws {
        guard try statement.step() else {
            current = nil
            return
        }
        current = FeedKey(
            row: statement.int(0),
            createdAtMs: statement.int(1),
            id: statement.text(2),
            score: statement.int(3)
        )
    }

    /// Newest first, after the end of a page and not before `since`.
    static func newest(
        _ source: FeedSource,
        since: Int64,
        after end: FeedEnd? = nil,
        _ reader: Reader,
        isAlone: Bool
    ) throws -> FeedCursor {
        let created = end?.createdAtMs ?? .max
        let statement: HotStatement
        var index: Int32 = 1
        switch source {
        case .publicHives:
            statement = try reader.prepare(FeedSQL.allNew)
        case .group(let group):
            statement = try isAlone ? reader.prepare(FeedSQL.hiveNew) : reader.prepareAlone(FeedSQL.hiveNew)
            statement.bind(1, group)
            index = 2
        }
        statement.bind(index, created).bind(index + 1, since).bind(index + 2, created)
        statement.bind(index + 3, end?.id ?? "")
        return try FeedCursor(statement)
    }

    /// Best scored first, not before `since`.
    static func best(_ source: FeedSource, since: Int64, _ reader: Reader, isAlone: Bool) throws -> FeedCursor {
        switch source {
        case .publicHives:
            let statement = try reader.prepare(FeedSQL.allTop)
            statement.bind(1, since)
            return try FeedCursor(statement)
        case .group(let group):
            let statement = try isAlone ? reader.prepare(FeedSQL.hiveTop) : reader.prepareAlone(FeedSQL.hiveTop)
            statement.bind(1, group).bind(2, since)
            return try FeedCursor(statement)
        }
    }
}

/// Posts in one order, one after another.
protocol FeedWalk {
    /// What `next` would return.
    var current: FeedKey? { get }
    mutating func next() throws -> FeedKey?
}

/// Several cursors in one order.
struct MergedFeed: FeedWalk {
    private var cursors: [FeedCursor]
    private let comesFirst: (FeedKey, FeedKey) -> Bool

    init(_ cursors: [FeedCursor], by comesFirst: @escaping (FeedKey, FeedKey) -> Bool) {
        self.cursors = cursors
        self.comesFirst = comesFirst
    }

    var current: FeedKey? { first?.current }

    mutating func next() throws -> FeedKey? {
        guard let cursor = first, let key = cursor.current else { return nil }
        try cursor.advance()
        return key
    }

    private var first: FeedCursor? {
        guard cursors.count > 1 else { return cursors.first }
        var best: FeedCursor?
        for cursor in cursors {
            guard let key = cursor.current else { continue }
            if let held = best?.current, !comesFirst(key, held) { continue }
            best = cursor
        }
        return best
    }
}

/// Where a page of `sort=new` ended: `<milliseconds>.<id>`.
struct FeedEnd: Hashable {
    var createdAtMs: Int64
    var id: String

    init(_ key: FeedKey) {
        createdAtMs = key.createdAtMs
        id = key.id
    }

    init(cursor: String) throws {
        let parts = cursor.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let ms = Int64(parts[0]), parts[1].utf8.count <= 80 else {
            throw HiveError(.badRequest, "cursor should be the next_cursor of the page before.")
        }
        createdAtMs = ms
        id = String(parts[1])
    }

    var cursor: String { "\(createdAtMs).\(id)" }
}
