import Foundation
import HiveModel
import HiveNode
import HivePorts

/// Fills a data directory with events made of the shipped stories' texts, repeated with a number.
struct Generator {
    /// Of 10 events: this many posts, comments and votes.
    struct Mix {
        var posts: Int
        var comments: Int

        static let mixed = Mix(posts: 1, comments: 3)
        static let onlyPosts = Mix(posts: 10, comments: 0)
    }

    let node: OfflineNode
    let hive: String
    let stories: [(title: String, url: String?)]
    private var number = 0
    private var posts: [String] = []

    static let agents = 200
    static let chunk = 5_000

    /// Opens `folder`, made where it is not there yet, and creates `hive` in it.
    init(folder: String, hive: String, stories: String) async throws {
        let directory = DataDirectory(root: folder)
        if !directory.isInitialized { _ = try await DataDirectory.initialize(InitializeOptions(directory: directory)) }
        node = try await OfflineNode.open(dataDirectory: directory)
        self.hive = hive
        let bytes = try Data(contentsOf: URL(filePath: stories))
        let limits = JSONLimits(bytesMax: 64 << 20, depthMax: 8)
        self.stories =
            try JSONValue(parsing: Array(bytes), limits: limits).array?.compactMap { story in
                story["title"]?.string.map { ($0, story["url"]?.string) }
            } ?? []
        guard let admin = try await node.reads.localAdmin() else {
            throw RawSQLite.Failure(message: "\(folder) has no local admin agent")
        }
        _ = try await node.writes.createHive(NewHive(name: hive), by: admin)
    }

    /// Writes `count` events and returns a word that only the last post's title has.
    mutating func write(_ count: Int, _ mix: Mix) async throws -> String {
        var items: [ImportItem] = (0..<Self.agents).flatMap {
            [.agent(name: "writer-\($0)"), .agent(name: "voter-\($0)")]
        }
        var written = 0
        while written < count {
            while items.count < Self.chunk, written < count {
                items.append(next(mix))
                written += 1
            }
            _ = try await node.writes.importItems(items, hive: hive)
            items.removeAll(keepingCapacity: true)
        }
        let word = "zzlast\(number)"
        _ = try await node.writes.importItems([post(key: "last", title: "The last one \(word)", url: nil)], hive: hive)
        await node.close()
        return word
    }

    private mutating func next(_ mix: Mix) -> ImportItem {
        number += 1
        let story = stories[number % max(stories.count, 1)]
        let slot = number % 10
        if posts.isEmpty || slot < mix.posts {
            let key = "p\(number)"
            posts.append(key)
            return post(key: key, title: "\(story.title) \(number)", url: story.url)
        }
        let target = posts[(number &* 7_919) % posts.count]
        guard slot < mix.posts + mix.comments else {
            let voter = "voter-\((number / 10) % Self.agents)"
            return .vote(kind: .post, key: target, voter: voter, value: number % 7 == 0 ? -1 : 1)
        }
        let text = "\(story.title). \(stories[(number &* 31) % stories.count].title), says comment \(number)."
        return .comment(
            key: "c\(number)",
            post: target,
            parent: nil,
            author: author,
            content: text,
            createdAtMs: createdAtMs
        )
    }

    private var author: String { "writer-\(number % Self.agents)" }
    /// One a second, ending in the past.
    private var createdAtMs: Int64 { 1_700_000_000_000 + Int64(number) * 1_000 }

    private func post(key: String, title: String, url: String?) -> ImportItem {
        let text = (0..<4).map { stories[(number + $0 * 13) % stories.count].title }.joined(separator: ". ")
        return .post(
            key: key,
            author: author,
            title: title,
            content: text,
            url: url,
            createdAtMs: createdAtMs
        )
    }
}
