public import HivePorts

/// The writes that bring a file in, handed out batch by batch: agents before they act, stories before their comments,
/// votes right behind their story.
///
/// The same file always gives the same writes.
public struct ImportPlan: Sendable {
    /// Names of the agents made to cast votes begin with this.
    static let voterPrefix = "hn-voter-"
    public static let votersMax = 200

    /// What was changed on the way in.
    public struct Changes: Sendable, Hashable {
        public var titlesCut = 0
        public var textsCut = 0
        /// Addresses that no browser should follow, left out.
        public var urlsDropped = 0
        /// Stories with neither address nor text, which got the address of their page.
        public var urlsAdded = 0
        public var authorsRenamed = 0

        public init() {}
    }

    public let storyCount: Int
    public let commentCount: Int
    public let voteCount: Int
    public private(set) var changes = Changes()

    private let items: [HackerNewsItem]
    private let withVotes: Bool
    private var nextItem = 0
    private var pending: [ImportItem] = []
    private var pendingStart = 0
    private var names = AgentNames()
    private var introduced: Set<String> = []
    private var stories: [Int64: Int64] = [:]

    public init(_ file: HackerNewsFile, withVotes: Bool) {
        items = file.items
        self.withVotes = withVotes
        var stories = 0
        var votes = 0
        for item in file.items {
            guard case .story(_, _, let score) = item.kind else { continue }
            stories += 1
            if withVotes { votes += Self.voteCount(score: score) }
        }
        storyCount = stories
        commentCount = file.items.count - stories
        voteCount = votes
    }

    /// Posts, comments and votes together: what progress counts.
    public var total: Int { storyCount + commentCount + voteCount }

    /// The next writes in order; nil when all are handed out.
    ///
    /// - Parameters:
    ///   - count: At most so many writes.
    ///   - bytes: About so many bytes of text; one write may exceed it alone.
    public mutating func nextBatch(count: Int, bytes: Int) -> [ImportItem]? {
        var batch: [ImportItem] = []
        var size = 0
        while batch.count < count {
            if pendingStart == pending.count {
                guard nextItem < items.count else { break }
                pending.removeAll(keepingCapacity: true)
                pendingStart = 0
                expand(items[nextItem])
                nextItem += 1
                continue
            }
            let next = pending[pendingStart]
            size += next.approximateBytes
            if size > bytes, !batch.isEmpty { break }
            batch.append(next)
            pendingStart += 1
        }
        return batch.isEmpty ? nil : batch
    }

    /// min(score, 200) votes for a story, none below zero.
    static func voteCount(score: Int64) -> Int { Int(max(0, min(score, Int64(votersMax)))) }

    static func key(_ id: Int64) -> String { "hackernews:\(id)" }

    private mutating func expand(_ item: HackerNewsItem) {
        let author = names.name(for: item.author)
        if introduce(author), author != item.author { changes.authorsRenamed += 1 }
        switch item.kind {
        case .story(let title, let url, let score):
            stories[item.id] = item.id
            expandStory(item, author: author, title: title, url: url)
            if withVotes { expandVotes(item.id, count: Self.voteCount(score: score)) }
        case .comment(let parent):
            expandComment(item, author: author, parent: parent)
        }
    }

    private mutating func expandStory(_ item: HackerNewsItem, author: String, title: String, url: String?) {
        let (title, wasTitleCut) = TextLimit.cut(title, to: TextLimit.title)
        if wasTitleCut { changes.titlesCut += 1 }
        let (content, wasTextCut) = TextLimit.cut(HTMLToMarkdown.convert(item.text ?? ""), to: TextLimit.post)
        if wasTextCut { changes.textsCut += 1 }
        var address = url.flatMap { Address.checked($0) }
        if url != nil, address == nil { changes.urlsDropped += 1 }
        if address == nil, content.isEmpty {
            address = "https://news.ycombinator.com/item?id=\(item.id)"
            changes.urlsAdded += 1
        }
        pending.append(
            .post(
                key: Self.key(item.id),
                author: author,
                title: title,
                content: content.isEmpty ? nil : content,
                url: address,
                createdAtMs: item.timeMs
            )
        )
    }

    private mutating func expandComment(_ item: HackerNewsItem, author: String, parent: Int64) {
        guard let story = stories[parent] else { return }
        stories[item.id] = story
        let (content, wasCut) = TextLimit.cut(HTMLToMarkdown.convert(item.text ?? ""), to: TextLimit.comment)
        if wasCut { changes.textsCut += 1 }
        pending.append(
            .comment(
                key: Self.key(item.id),
                post: Self.key(story),
                parent: story == parent ? nil : Self.key(parent),
                author: author,
                content: content,
                createdAtMs: item.timeMs
            )
        )
    }

    /// Which voters a story gets depends on its id, so that all of them are about equally busy.
    private mutating func expandVotes(_ id: Int64, count: Int) {
        for step in 0..<count {
            let voter = Self.voter(Int((id + Int64(step)) % Int64(Self.votersMax)))
            _ = introduce(voter)
            pending.append(.vote(kind: .post, key: Self.key(id), voter: voter, value: 1))
        }
    }

    static func voter(_ index: Int) -> String {
        let digits = String(index + 1)
        return voterPrefix + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }

    /// Whether the agent is new to this import.
    private mutating func introduce(_ name: String) -> Bool {
        guard introduced.insert(name).inserted else { return false }
        pending.append(.agent(name: name))
        return true
    }
}

extension ImportItem {
    /// Bytes it takes on the wire, roughly.
    var approximateBytes: Int {
        switch self {
        case .agent(let name): name.utf8.count + 40
        case .post(_, _, let title, let content, let url, _):
            title.utf8.count + (content?.utf8.count ?? 0) + (url?.utf8.count ?? 0) + 160
        case .comment(_, _, _, _, let content, _): content.utf8.count + 200
        case .vote: 120
        }
    }

    /// Whether progress counts it: all but agents.
    public var counts: Bool {
        if case .agent = self { false } else { true }
    }
}
