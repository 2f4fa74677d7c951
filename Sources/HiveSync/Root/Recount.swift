import HiveModel

/// Counts again what the fold counts as it goes.
///
/// Reads everything; for `openhive verify` and tests.
public struct Recount {

    private var scores: [TargetRow: Int64] = [:]
    private var comments: [RowNumber: Int64] = [:]
    private var karma: [RowNumber: Int64] = [:]

    /// Sentences that name each counter that is wrong, sorted; empty where all are right.
    public static func faults(in state: inout some FoldState) throws -> [String] {
        var entities: [Entity] = []
        try state.forEachEntity { entities.append($0) }
        var recount = Recount()
        for entity in entities { try recount.count(entity, in: &state) }
        return try recount.compare(entities, in: &state).sorted()
    }

    private mutating func count(_ entity: Entity, in state: inout some FoldState) throws {
        switch entity {
        case .vote(let vote, let target, let voter):
            guard let known = try state.voteTarget(target) else { return }
            scores[known.target, default: 0] += vote.counted
            guard known.isLive, let author = known.author else { return }
            if try state.agentRow(voter, name: nil, avatarURL: nil) != author {
                karma[author, default: 0] += vote.counted
            }
        case .comment(let comment, _, _, _):
            if comment.isLive, let post = comment.post { comments[post, default: 0] += 1 }
        default: break
        }
    }

    private func compare(_ entities: [Entity], in state: inout some FoldState) throws -> [String] {
        var faults: Set<String> = []
        var agents: Set<RowNumber> = []
        for entity in entities {
            switch entity {
            case .vote(_, let target, let voter):
                try check(target, in: state, &faults)
                agents.insert(try state.agentRow(voter, name: nil, avatarURL: nil))
            case .post(let post, let author, _):
                try check(ContentTarget(kind: .post, id: post.id), in: state, &faults)
                agents.insert(try state.agentRow(author, name: nil, avatarURL: nil))
            case .comment(let comment, let post, let author, _):
                try check(ContentTarget(kind: .comment, id: comment.id), in: state, &faults)
                try check(ContentTarget(kind: .post, id: post), in: state, &faults)
                agents.insert(try state.agentRow(author, name: nil, avatarURL: nil))
            default: break
            }
        }
        for agent in agents {
            let (held, counted) = (try state.karma(of: agent), karma[agent] ?? 0)
            if held != counted {
                faults.insert("karma of \(try state.agentKey(agent).agent.rawValue) is \(held), counted \(counted)")
            }
        }
        return Array(faults)
    }

    private func check(_ id: ContentTarget, in state: some FoldState, _ faults: inout Set<String>) throws {
        let name = "\(id.kind.rawValue) \(id.id.rawValue)"
        guard let target = try state.voteTarget(id)?.target else {
            faults.insert("\(name) has no row")
            return
        }
        let counted = scores[target] ?? 0
        switch id.kind {
        case .post:
            guard let post = try state.post(id.id)?.post else { return }
            if post.score != counted { faults.insert("score of \(name) is \(post.score), counted \(counted)") }
            let live = comments[target.row] ?? 0
            if post.commentCount != live {
                faults.insert("comment_count of \(name) is \(post.commentCount), counted \(live)")
            }
        case .comment:
            guard let comment = try state.comment(id.id)?.comment else { return }
            if comment.score != counted { faults.insert("score of \(name) is \(comment.score), counted \(counted)") }
        }
    }
}
