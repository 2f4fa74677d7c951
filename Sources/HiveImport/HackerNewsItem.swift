public import HiveModel

/// An item of Hacker News' public API that can become a post or a comment, as it came: HTML, seconds, their names.
public struct HackerNewsItem: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Stories, jobs and polls.
        case story(title: String, url: String?, score: Int64)
        case comment(parent: Int64)
    }

    public var id: Int64
    public var kind: Kind
    public var author: String
    /// Milliseconds since 1970.
    public var timeMs: Int64
    /// HTML; nil where there is none.
    public var text: String?

    public init(id: Int64, kind: Kind, author: String, timeMs: Int64, text: String?) {
        self.id = id
        self.kind = kind
        self.author = author
        self.timeMs = timeMs
        self.text = text
    }
}

/// Why an item does not come in.
public enum SkipReason: String, Sendable, Hashable, CaseIterable {
    case deleted
    case dead
    /// A story without a title.
    case untitled
    /// A comment without text.
    case empty
    /// A type that is neither post nor comment (`pollopt`).
    case otherType = "other type"
    /// A comment whose story or parent is not in the file or was skipped.
    case orphan
    /// An id that came before in the file.
    case repeated
    /// No object, or a field of the wrong type.
    case malformed
}

/// What reading one item gave.
public enum HackerNewsReading: Sendable, Hashable {
    case item(HackerNewsItem)
    /// The id where it could be read.
    case skipped(SkipReason, id: Int64?)
}

extension HackerNewsReading {
    /// Largest time taken: the year 9999, in seconds.
    private static let timeMax: Int64 = 253_402_300_799

    /// Reads one item.
    ///
    /// Total: whatever the value is, it becomes an item or a reason.
    public init(_ value: JSONValue) {
        guard let id = value["id"]?.int, id > 0 else {
            self = .skipped(.malformed, id: nil)
            return
        }
        self = Self.read(value, id: id)
    }

    private static func read(_ value: JSONValue, id: Int64) -> HackerNewsReading {
        guard let isDeleted = flag(value["deleted"]), let isDead = flag(value["dead"]) else {
            return .skipped(.malformed, id: id)
        }
        if isDeleted { return .skipped(.deleted, id: id) }
        if isDead { return .skipped(.dead, id: id) }
        guard let type = value["type"]?.string, let author = value["by"]?.string, !author.isEmpty,
            let seconds = value["time"]?.int, (0...timeMax).contains(seconds),
            let text = optionalText(value["text"])
        else { return .skipped(.malformed, id: id) }
        let kind: HackerNewsItem.Kind
        switch type {
        case "story", "job", "poll":
            guard let title = optionalText(value["title"]), let url = optionalText(value["url"]),
                let score = optionalInteger(value["score"])
            else { return .skipped(.malformed, id: id) }
            let plain = HTMLToMarkdown.plainTitle(title ?? "")
            guard !plain.isEmpty else { return .skipped(.untitled, id: id) }
            kind = .story(title: plain, url: url, score: score)
        case "comment":
            guard let parent = value["parent"]?.int, parent > 0 else { return .skipped(.malformed, id: id) }
            guard let text, !HTMLToMarkdown.convert(text).isEmpty else { return .skipped(.empty, id: id) }
            kind = .comment(parent: parent)
        default:
            return .skipped(.otherType, id: id)
        }
        return .item(HackerNewsItem(id: id, kind: kind, author: author, timeMs: seconds * 1_000, text: text))
    }

    /// Absent and null are false; nil = another type.
    private static func flag(_ value: JSONValue?) -> Bool? {
        guard let value, !value.isNull else { return false }
        return value.bool
    }

    /// Absent, null and "" are `.some(nil)`; nil = another type.
    private static func optionalText(_ value: JSONValue?) -> String?? {
        guard let value, !value.isNull else { return .some(nil) }
        guard let text = value.string else { return nil }
        return .some(text.isEmpty ? nil : text)
    }

    private static func optionalInteger(_ value: JSONValue?) -> Int64? {
        guard let value, !value.isNull else { return 0 }
        return value.int
    }
}
