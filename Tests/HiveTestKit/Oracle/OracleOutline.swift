import HiveModel

/// What a history comes to, as sorted lines that both implementations can write: the names are the history's.
///
/// Left out is what only one of them defines: pins and titles of deleted posts, who was a moderator once, counts of
/// posts nobody sees, zeros.
public struct OracleOutline: Equatable, Sendable {
    public internal(set) var lines: [String] = []

    init() {}

    /// The lines of what a history is to come to.
    public init(expectedOf history: OracleHistory) throws {
        let state = history.state
        for (index, owner) in (state["owners"]?.array ?? []).enumerated() {
            lines.append("owner \(index + 1) \(owner.string ?? "nobody")")
        }
        for member in state["members"]?.members ?? [] {
            // Who owned the group once and was not removed stays a member.
            let role = member.value.string ?? "?"
            lines.append("member \(member.key) \(role == "former" ? "member" : role)")
        }
        for moderator in state["mods"]?.members ?? [] where moderator.value.string != "remove" {
            lines.append("moderator \(moderator.key) \(moderator.value.string == "admin" ? "admin" : "moderator")")
        }
        for ban in state["bans"]?.members ?? [] { lines.append("ban \(ban.key) \(ban.value.string ?? "?")") }
        for join in state["joins"]?.members ?? [] { lines.append("join \(join.key) \(join.value.string ?? "?")") }
        for setting in state["sets"]?.members ?? [] {
            guard let pair = setting.value.array, pair.count == 2, let value = pair[0].string else {
                throw OracleFormatError("a setting has a value and heads")
            }
            add(setting: setting.key, value: value, heads: (pair[1].array ?? []).compactMap(\.string))
        }
        for head in state["heads"]?.members ?? [] { add(head: head.value.string ?? "?", of: head.key) }
        try addContent(of: state)
        lines.sort()
    }

    private mutating func addContent(of state: JSONValue) throws {
        for post in state["posts"]?.members ?? [] {
            guard let parts = post.value.array, parts.count >= 3 else { throw OracleFormatError("a post has 3 parts") }
            add(
                post: post.key,
                isVisible: parts[0].int == 1,
                title: parts[1].string ?? "",
                isPinned: parts[2].int == 1,
                deletedBy: parts.count > 3 ? parts[3].string : nil
            )
            if parts[0].int == 1, let count = state["counts"]?[post.key]?.int { add(comments: count, on: post.key) }
        }
        for comment in state["comments"]?.members ?? [] {
            guard let parts = comment.value.array, parts.count == 4, let post = parts[2].string,
                let depth = parts[3].int
            else { throw OracleFormatError("a comment has 4 parts") }
            add(
                comment: comment.key,
                isVisible: parts[0].int == 1,
                isDeleted: parts[1].int == 1,
                post: post,
                depth: Int(depth)
            )
        }
        for post in state["votes"]?.members ?? [] {
            for vote in post.value.members ?? [] { add(vote: vote.value.int ?? 0, of: vote.key, on: post.key) }
        }
        for post in state["scores"]?.members ?? [] { add(score: post.value.int ?? 0, of: post.key) }
    }

    /// What is wrong with `other`, as sentences.
    public func differences(from other: OracleOutline) -> [String] {
        let extra = other.lines.filter { !lines.contains($0) }.map { "is    \($0)" }
        let missing = lines.filter { !other.lines.contains($0) }.map { "wants \($0)" }
        return missing + extra
    }

    // MARK: Lines

    mutating func add(head: String, of instance: String) { lines.append("head \(instance) \(head)") }

    mutating func add(setting: String, value: String, heads: [String]) {
        lines.append("setting \(setting) \(value) heads \(heads.sorted().joined(separator: " "))")
    }

    mutating func add(post: String, isVisible: Bool, title: String, isPinned: Bool, deletedBy: String?) {
        if let deletedBy {
            lines.append("post \(post) deleted by \(deletedBy)")
        } else {
            lines.append("post \(post) \(isVisible ? "visible" : "hidden") \(title)\(isPinned ? " pinned" : "")")
        }
    }

    mutating func add(comment: String, isVisible: Bool, isDeleted: Bool, post: String, depth: Int) {
        let show = isDeleted ? "deleted" : isVisible ? "visible" : "hidden"
        lines.append("comment \(comment) \(show) on \(post) depth \(depth)")
    }

    mutating func add(vote: Int64, of voter: String, on post: String) {
        if vote != 0 { lines.append("vote \(post) \(voter) \(vote)") }
    }

    mutating func add(comments: Int64, on post: String) {
        if comments != 0 { lines.append("comments \(post) \(comments)") }
    }

    mutating func add(score: Int64, of post: String) {
        if score != 0 { lines.append("score \(post) \(score)") }
    }
}
