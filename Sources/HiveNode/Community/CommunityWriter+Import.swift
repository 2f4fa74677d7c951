import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension CommunityWriter {
    /// Items of one transaction: short enough that other writers hardly notice.
    private static let itemsPerTransaction = 250

    func importItems(_ items: [ImportItem], hive: String) async throws -> ImportResult {
        var result = ImportResult(posts: 0, comments: 0, votes: 0, agents: 0)
        var start = items.startIndex
        while start < items.endIndex {
            let end = min(start + Self.itemsPerTransaction, items.endIndex)
            let slice = Array(items[start..<end])
            // The reply is that to all items, so the last transaction keeps it; what came before can be repeated.
            let last = end == items.endIndex ? kept : nil
            result = try await writer.perform { [result] turn in
                var lot = ImportLot(turn: turn, hive: hive)
                let sum = result.adding(try lot.run(slice))
                try turn.keep(last, of: sum)
                return sum
            }
            start = end
        }
        return result
    }
}

extension ImportResult {
    fileprivate func adding(_ part: ImportResult) -> ImportResult {
        ImportResult(
            posts: posts + part.posts,
            comments: comments + part.comments,
            votes: votes + part.votes,
            agents: agents + part.agents,
            existing: existing + part.existing,
            ids: ids.merging(part.ids) { $1 }
        )
    }
}

/// One transaction's items of an import.
private struct ImportLot {
    let turn: WriteTurn
    let hive: String
    private var result = ImportResult(posts: 0, comments: 0, votes: 0, agents: 0)
    private var agents: [String: AgentSnapshot] = [:]

    init(turn: WriteTurn, hive: String) {
        self.turn = turn
        self.hive = hive
    }

    mutating func run(_ items: [ImportItem]) throws -> ImportResult {
        let group = try turn.writableGroup(ofHive: hive, viewer: .admin(nil))
        for item in items {
            switch item {
            case .agent(let name):
                _ = try agent(name, in: group, isRequired: false)
            case .post(let key, let author, let title, let content, let url, let createdAtMs):
                let id = id(of: key, in: group)
                guard try isNew(.post, id, key, in: group) else { continue }
                let post = PostCreated(
                    post: id,
                    title: title,
                    content: content,
                    url: url,
                    author: try agent(author, in: group, isRequired: true),
                    createdAtMs: min(createdAtMs, turn.nowMs)
                )
                try turn.emit(.postCreated(post), in: group)
                result.posts += 1
            case .comment(let key, let post, let parent, let author, let content, let createdAtMs):
                let id = id(of: key, in: group)
                guard try isNew(.comment, id, key, in: group) else { continue }
                let comment = CommentCreated(
                    comment: id,
                    post: try known(.post, post, in: group),
                    parent: try parent.map { try known(.comment, $0, in: group) },
                    content: content,
                    author: try agent(author, in: group, isRequired: true),
                    createdAtMs: min(createdAtMs, turn.nowMs)
                )
                try turn.emit(.commentCreated(comment), in: group)
                result.comments += 1
            case .vote(let kind, let key, let voter, let value):
                try vote(kind == .post ? .post : .comment, key, voter, value, in: group)
            }
        }
        return result
    }

    private mutating func vote(
        _ kind: ContentKind,
        _ key: String,
        _ name: String,
        _ value: Int64,
        in group: GroupID
    ) throws {
        guard (-1...1).contains(value) else { throw HiveError(.badRequest, "The vote on \(key) is not -1, 0 or 1.") }
        let target = ContentTarget(kind: kind, id: try known(kind, key, in: group))
        let voter = try agent(name, in: group, isRequired: try !turn.isPseudonymous(group))
        let state = try turn.state(of: group)
        guard let found = try state.voteTarget(target), found.isLive else {
            throw HiveError(.notFound, "What \(name) votes on, \(key), is deleted.")
        }
        let row = try state.agentRow(voter.key, name: nil, avatarURL: nil)
        guard found.author != row else {
            throw HiveError(.badRequest, "\(name) votes on \(key), which \(name) wrote.")
        }
        if try turn.vote(of: voter, row: row, on: target) == value {
            result.existing += 1
            return
        }
        let caster = try turn.voter(row: row, id: voter.key.agent.rawValue, in: group)
        try turn.emit(.voteCast(VoteCast(target: target, voter: caster, value: value)), in: group)
        result.votes += 1
    }

    /// Whether the item is still to be made; one that is here already, deleted ones too, is counted.
    private mutating func isNew(
        _ kind: ContentKind,
        _ id: EntityID,
        _ key: String,
        in group: GroupID
    ) throws -> Bool {
        result.ids[key] = id.rawValue
        guard try exists(kind, id, in: group) else { return true }
        result.existing += 1
        return false
    }

    private func exists(_ kind: ContentKind, _ id: EntityID, in group: GroupID) throws -> Bool {
        let state = try turn.state(of: group)
        return switch kind {
        case .post: try state.post(id)?.post.creation != nil
        case .comment: try state.comment(id)?.comment.creation != nil
        }
    }

    private mutating func known(_ kind: ContentKind, _ key: String, in group: GroupID) throws -> EntityID {
        let id = id(of: key, in: group)
        guard try exists(kind, id, in: group) else {
            throw HiveError(.notFound, "The import names the \(kind.rawValue) \(key), which is not in \(hive) yet.")
        }
        result.ids[key] = id.rawValue
        return id
    }

    /// The id of an import key never changes, so that a repeated import finds what it made.
    private func id(of key: String, in group: GroupID) -> EntityID {
        let text = "openhive-import-v1\n\(group.rawValue)\n\(key)"
        let hash = turn.local.crypto.sha256(Array(text.utf8))
        let raw = turn.local.instance.prefix.rawValue + "_" + Base32.encode(hash.bytes, length: 21)
        guard let id = EntityID(raw) else { preconditionFailure("a prefix and base32 characters are an id") }
        return id
    }

    private mutating func agent(_ name: String, in group: GroupID, isRequired: Bool) throws -> AgentSnapshot {
        if let held = agents[name] { return held }
        var row = try turn.transaction.account(named: name)?.row
        if row == nil {
            let id = turn.local.ids.next(ms: turn.nowMs)
            row = try turn.createAccount(NewAgent(name: name), id: id).row
            result.agents += 1
        }
        guard let row else { throw HiveError(.internalFault, "The agent \(name) could not be made.") }
        let view = try turn.agentView(row)
        guard isRequired else {
            return AgentSnapshot(
                key: AgentKey(instance: turn.local.instance, agent: try turn.entityID(view.id)),
                name: view.name,
                avatarURL: view.avatarURL
            )
        }
        let snapshot = try turn.actor(view, in: group)
        agents[name] = snapshot
        return snapshot
    }
}
