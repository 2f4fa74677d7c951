import HiveModel
import HiveSync
import HiveTestKit

/// One instance's copy of a group in memory, fed through admission.
struct Replica {
    let group: GroupID
    var state = MemoryState()

    init(of group: GroupID) {
        self.group = group
    }

    @discardableResult
    mutating func admit(_ events: [Event], wallMs: Int64 = History.endMs) throws -> AdmissionOutcome {
        var admission = Admission<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        let outcome = try admission.admit(events, wallMs: wallMs, into: &state)
        try admission.finish(&state)
        return outcome
    }

    mutating func refold() throws {
        var fold = Fold<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        try fold.refold(&state)
        try fold.finish(&state)
    }

    var dump: String { get throws { String(decoding: try state.canonicalDump(), as: UTF8.self) } }

    var root: Hash256 { state.stateRoot().value(StandInCrypto()) }

    func post(_ id: EntityID) -> PostRow? { state.post(id)?.post }

    func comment(_ id: EntityID) -> CommentRow? { state.comment(id)?.comment }

    func role(of instance: InstanceID) -> MemberRole? { state.members().first { $0.instance == instance }?.role }

    mutating func karma(of agent: AgentSnapshot) -> Int64 {
        state.karma(of: state.agentRow(agent.key, name: nil, avatarURL: nil))
    }
}

/// What an observer sees of a state: everything replicated and every counter, as sorted lines.
struct Outline: Equatable, CustomStringConvertible {
    var lines: [String] = []

    var description: String { lines.joined(separator: "\n") }

    init() {}

    init(_ state: MemoryState) {
        state.forEachEntity { entity in
            switch entity {
            case .group(let group): lines.append("group \(group.hive.name) of \(group.owner.key.agent.rawValue)")
            case .member(let member): lines.append("member \(member.instance.rawValue) \(member.role) \(member.name)")
            case .post(let post, let author, let deletedBy): add(post, author, deletedBy)
            case .comment(let comment, let post, let author, let deletedBy): add(comment, post, author, deletedBy)
            case .vote(let vote, let target, let voter):
                lines.append("vote \(target.kind) \(target.id.rawValue) \(voter.agent.rawValue) \(vote.value)")
            case .profile(let profile, let agent):
                lines.append("profile \(agent.agent.rawValue) \(profile.name) \(profile.avatarURL ?? "-")")
            case .owner(let owner): lines.append("owner \(owner.n) \(owner.agent?.agent.rawValue ?? "nobody")")
            case .moderator(let row, let agent): lines.append("moderator \(agent.agent.rawValue) \(row.role)")
            case .ban(let ban, let agent): lines.append("ban \(agent.agent.rawValue) \(ban.action) \(ban.scope)")
            case .membership(let row, let agent):
                lines.append("membership \(agent.agent.rawValue) \(row.isJoined ? "joined" : "left")")
            case .setting(let setting):
                let value = String(decoding: setting.value, as: UTF8.self)
                lines.append("setting \(setting.key) \(value) of \(setting.heads.count)")
            }
        }
        var agents = state
        var authors: Set<AgentKey> = []
        state.forEachEntity { entity in
            if case .post(_, let author, _) = entity { authors.insert(author) }
            if case .comment(_, _, let author, _) = entity { authors.insert(author) }
        }
        for author in authors {
            let karma = agents.karma(of: agents.agentRow(author, name: nil, avatarURL: nil))
            if karma != 0 { lines.append("karma \(author.agent.rawValue) \(karma)") }
        }
        lines.sort()
    }

    private mutating func add(_ post: PostRow, _ author: AgentKey, _ deletedBy: AgentKey?) {
        var line = "post \(post.id.rawValue) by \(author.agent.rawValue) at \(post.creation?.createdAtMs ?? -1)"
        line += " score \(post.score) comments \(post.commentCount) "
        if let deletedBy {
            line += "deleted by \(deletedBy.agent.rawValue) \(post.tombstone?.reason ?? "-")"
        } else {
            line += "\(post.title) | \(post.content ?? "-") | \(post.url ?? "-")"
        }
        lines.append(line)
    }

    private mutating func add(_ comment: CommentRow, _ post: EntityID, _ author: AgentKey, _ deletedBy: AgentKey?) {
        var line = "comment \(comment.id.rawValue) on \(post.rawValue) below \(comment.parent?.rawValue ?? "-")"
        line += " by \(author.agent.rawValue) at \(comment.creation?.createdAtMs ?? -1) score \(comment.score) "
        if let deletedBy {
            line += "deleted by \(deletedBy.agent.rawValue) \(comment.tombstone?.reason ?? "-")"
        } else {
            line += comment.content
        }
        lines.append(line)
    }
}
