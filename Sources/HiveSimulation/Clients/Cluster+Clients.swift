import HiveModel
import HiveSync

/// What people do on one node, given what that node shows them.
extension Cluster {
    private static var agents: Int { 3 }

    func write(_ count: Int, at node: Int, step: Int) {
        guard nodes[node].isUp else { return }
        var random = SimulationRandom(seed: plan.steps[step].seed)
        for _ in 0..<count {
            guard let write = choose(at: node, &random) else { continue }
            enqueue(WriterJob(work: .write(write), origin: .client(step: step)), at: node)
        }
    }

    /// A client's event is durable, and the client has been told.
    func written(_ event: Event, step: Int, at node: Int) {
        switch EventPayload(of: event) {
        case .instanceAdded(let addition):
            guard let other = nodes.firstIndex(where: { $0.instance == addition.instance }) else { return }
            nodes[other].lowestEpoch = max(nodes[other].lowestEpoch, addition.fromEpoch)
            invited(other)
        case .instanceRemoved: coverage.note(.removal)
        case .ownerChanged(let change):
            coverage.note(.transfer)
            // The new owner says it again.
            guard let other = nodes.firstIndex(where: { $0.instance == change.to.key.instance }), other != node else {
                return
            }
            nodes[other].crown = event.payload
        case .postDeleted(let deletion), .commentDeleted(let deletion):
            let isAuthors = (ledger.posts + ledger.comments).contains { content in
                content.id == deletion.target && content.node == node
                    && nodes[node].agent(content.agent).key == deletion.by.key
            }
            if isAuthors { ledger.noteDeletion(of: deletion.target, by: event.hash) }
        default: break
        }
    }

    private func choose(at node: Int, _ random: inout SimulationRandom) -> LocalWrite? {
        let kind: ClientAct = random.pick(weighted: ClientAct.weights)
        let agent = random.below(Self.agents)
        switch kind {
        case .post: return post(at: node, agent, &random)
        case .comment: return comment(at: node, agent, &random)
        case .vote: return vote(at: node, agent, &random)
        case .editPost: return editPost(at: node, agent, &random)
        case .editComment:
            guard let target = pick(ledger.comments, of: node, &random) else { return nil }
            let by = nodes[node].agent(target.node == node ? target.agent : agent)
            return LocalWrite(
                .commentUpdated(CommentUpdated(comment: target.id, content: text(&random), by: by))
            )
        case .deletePost:
            guard let target = pick(ledger.posts, of: node, &random) else { return nil }
            let by = nodes[node].agent(target.node == node ? target.agent : agent)
            return LocalWrite(.postDeleted(ContentDeleted(target: target.id, by: by, reason: text(&random))))
        case .deleteComment:
            guard let target = pick(ledger.comments, of: node, &random) else { return nil }
            let by = nodes[node].agent(target.node == node ? target.agent : agent)
            return LocalWrite(.commentDeleted(ContentDeleted(target: target.id, by: by)))
        case .profile:
            let by = nodes[node].agent(agent)
            return LocalWrite(
                .agentProfileChanged(
                    AgentProfileChanged(agent: by.key.agent, name: text(&random), avatarURL: nil)
                )
            )
        case .unknownType:
            coverage.note(.unknownType)
            return LocalWrite(type: EventType("poll_created"), payload: Array(#"{"n":1,"poll_id":"x"}"#.utf8))
        }
    }

    private func post(at node: Int, _ agent: Int, _ random: inout SimulationRandom) -> LocalWrite? {
        lastContent += 1
        let id = nodes[node].entity("post-\(lastContent)")
        ledger.notePost(Ledger.Content(id: id, node: node, agent: agent))
        return LocalWrite(
            .postCreated(
                PostCreated(
                    post: id,
                    title: text(&random),
                    content: random.chance(1, of: 3) ? nil : text(&random),
                    url: random.chance(1, of: 3) ? "https://example.org/\(lastContent)" : nil,
                    author: nodes[node].agent(agent)
                )
            )
        )
    }

    private func comment(at node: Int, _ agent: Int, _ random: inout SimulationRandom) -> LocalWrite? {
        guard let post = random.pick(ledger.posts) else { return self.post(at: node, agent, &random) }
        lastContent += 1
        let id = nodes[node].entity("comment-\(lastContent)")
        ledger.noteComment(Ledger.Content(id: id, node: node, agent: agent, post: post.id))
        return LocalWrite(
            .commentCreated(
                CommentCreated(
                    comment: id,
                    post: post.id,
                    parent: random.chance(1, of: 2) ? random.pick(ledger.comments)?.id : nil,
                    content: text(&random),
                    author: nodes[node].agent(agent)
                )
            )
        )
    }

    private func vote(at node: Int, _ agent: Int, _ random: inout SimulationRandom) -> LocalWrite? {
        let isPost = random.chance(2, of: 3)
        guard let target = random.pick(isPost ? ledger.posts : ledger.comments) else { return nil }
        return LocalWrite(
            .voteCast(
                VoteCast(
                    target: ContentTarget(kind: isPost ? .post : .comment, id: target.id),
                    voter: nodes[node].agent(agent).key,
                    value: random.within(-1, 1)
                )
            )
        )
    }

    private func editPost(at node: Int, _ agent: Int, _ random: inout SimulationRandom) -> LocalWrite? {
        guard let target = pick(ledger.posts, of: node, &random) else { return nil }
        return LocalWrite(
            .postUpdated(
                PostUpdated(
                    post: target.id,
                    title: random.chance(1, of: 2) ? .set(text(&random)) : .untouched,
                    content: random.chance(1, of: 2) ? .set(random.chance(1, of: 4) ? nil : text(&random)) : .untouched,
                    url: random.chance(1, of: 4) ? .set(nil) : .untouched,
                    by: nodes[node].agent(target.node == node ? target.agent : agent)
                )
            )
        )
    }

    /// Mostly content made here; now and then another's, which only counts for who may change it.
    private func pick(
        _ contents: [Ledger.Content],
        of node: Int,
        _ random: inout SimulationRandom
    ) -> Ledger.Content? {
        for _ in 0..<4 {
            guard let content = random.pick(contents) else { return nil }
            if content.node == node || random.chance(1, of: 12) { return content }
        }
        return nil
    }

    func text(_ random: inout SimulationRandom) -> String { "text \(random.below(1_000_000))" }
}

enum ClientAct: Hashable, Sendable {
    case post, comment, vote, editPost, editComment, deletePost, deleteComment, profile, unknownType

    static let weights: [(choice: ClientAct, weight: Int)] = [
        (.post, 16), (.comment, 26), (.vote, 34), (.editPost, 9), (.editComment, 6), (.deletePost, 2),
        (.deleteComment, 3), (.profile, 3), (.unknownType, 1),
    ]
}
