import HiveModel
import HiveTestKit

/// The rules of the protocol's section 5 written down once more, in the most literal way: from the set of all events,
/// with no regard to order or cost.
///
/// What the fold must come to.
struct NaiveFold {
    private let events: [(event: Event, payload: EventPayload)]
    private var genesis: GroupCreated?
    private var owner: InstanceID?
    private var roles: [InstanceID: (role: MemberRole, name: String)] = [:]

    init(_ events: [Event]) {
        self.events = events.map { ($0, EventPayload(type: $0.header.type, payload: $0.payload)) }
        for case (let event, .groupCreated(let genesis)) in self.events where event.header.groupID == nil {
            self.genesis = genesis
            owner = event.header.origin
        }
        decideRoster()
    }

    var outline: Outline {
        var outline = Outline()
        guard let genesis else { return outline }
        outline.lines.append("group \(genesis.hive.name) of \(genesis.owner.key.agent.rawValue)")
        outline.lines.append("owner 1 \(genesis.owner.key.agent.rawValue)")
        for (instance, member) in roles {
            outline.lines.append("member \(instance.rawValue) \(member.role) \(member.name)")
        }
        outline.lines += posts() + comments() + votes() + profiles() + karma()
        outline.lines.sort()
        return outline
    }

    // MARK: Roster

    private struct Act {
        var event: Event
        var addition: InstanceAdded
        var id: EventID { event.id }
        var writer: InstanceID { event.header.origin }
        var subject: InstanceID { addition.instance }
    }

    private mutating func decideRoster() {
        guard let genesis, let owner else { return }
        var acts: [Act] = []
        for case (let event, .instanceAdded(let addition)) in events {
            acts.append(Act(event: event, addition: addition))
        }
        let open = acts.filter { $0.subject != $0.writer && $0.subject != owner && $0.addition.role != .owner }
        let byOwner = open.filter { $0.writer == owner }
        func heads(_ valid: [Act], _ subject: InstanceID) -> [Act] {
            let own = valid.filter { $0.subject == subject }
            var replaced: Set<EventID> = []
            var pending = own.flatMap(\.event.header.refs.par)
            while let id = pending.popLast() {
                if replaced.insert(id).inserted { pending += acts.first { $0.id == id }?.event.header.refs.par ?? [] }
            }
            return own.filter { !replaced.contains($0.id) }
        }
        func best(_ candidates: [Act]) -> Act? {
            candidates.max { left, right in
                func key(_ act: Act) -> (Int, Int) {
                    (act.writer == owner ? 1 : 0, act.addition.role == .admin ? 0 : 1)
                }
                return key(left) == key(right)
                    ? left.event.header.stamp < right.event.header.stamp : key(left) < key(right)
            }
        }
        let byAdmin = open.filter { act in
            guard act.writer != owner, act.addition.role != .admin,
                let grant = byOwner.first(where: { $0.id == act.event.header.refs.auth }),
                grant.subject == act.writer, grant.addition.role == .admin,
                best(heads(byOwner, act.writer))?.addition.role != .readonly
            else { return false }
            let subject = heads(byOwner, act.subject)
            return subject.isEmpty || subject.contains { $0.addition.role != .admin }
        }
        let strong = byOwner + byAdmin
        var byMember: [Act] = []
        var grew = genesis.policy.admission == .members
        while grew {
            func mayAdmit(_ instance: InstanceID) -> Bool {
                if instance == owner { return true }
                if let act = best(heads(strong, instance)) { return act.addition.role != .readonly }
                return byMember.contains { $0.subject == instance && $0.addition.role == .member }
            }
            let more = open.filter { act in
                !strong.contains { $0.id == act.id } && act.addition.role != .admin && mayAdmit(act.writer)
            }
            grew = more.count > byMember.count
            byMember = more
        }
        for subject in Set(open.map(\.subject)) {
            let decisive = best(heads(strong, subject)) ?? best(byMember.filter { $0.subject == subject })
            if let decisive { roles[subject] = (decisive.addition.role, decisive.addition.name) }
        }
        roles[owner] = (.owner, genesis.owner.name)
    }

    /// Events of members that may write, whose acting agent is of their own instance.
    private func counting(_ agent: AgentKey, _ event: Event) -> Bool {
        agent.instance == event.header.origin && roles[agent.instance].map { $0.role != .readonly } ?? false
    }

    // MARK: Content

    private struct Creation<Payload> {
        var event: Event
        var payload: Payload
    }

    private var postCreations: [EntityID: Creation<PostCreated>] {
        var found: [EntityID: Creation<PostCreated>] = [:]
        for case (let event, .postCreated(let post)) in events
        where counting(post.author.key, event) && post.post.carries(event.header.origin.prefix)
            && post.createdAtMs ?? 0 <= event.header.time.ms
        {
            if let held = found[post.post], held.event.header.place < event.header.place { continue }
            found[post.post] = Creation(event: event, payload: post)
        }
        return found
    }

    private var commentCreations: [EntityID: Creation<CommentCreated>] {
        var found: [EntityID: Creation<CommentCreated>] = [:]
        for case (let event, .commentCreated(let comment)) in events
        where counting(comment.author.key, event) && comment.comment.carries(event.header.origin.prefix)
            && comment.createdAtMs ?? 0 <= event.header.time.ms
        {
            if let held = found[comment.comment], held.event.header.place < event.header.place { continue }
            found[comment.comment] = Creation(event: event, payload: comment)
        }
        return found
    }

    private func mayChange(_ by: AgentSnapshot, _ event: Event, contentOf author: AgentSnapshot) -> Bool {
        counting(by.key, event) && (by.key == author.key || by.key == genesis?.owner.key)
    }

    private func deletion(of id: EntityID, _ kind: ContentKind, author: AgentSnapshot) -> ContentDeleted? {
        var smallest: (stamp: Stamp, payload: ContentDeleted)?
        for (event, payload) in events {
            let deletion: ContentDeleted
            switch (kind, payload) {
            case (.post, .postDeleted(let payload)), (.comment, .commentDeleted(let payload)): deletion = payload
            default: continue
            }
            guard deletion.target == id, mayChange(deletion.by, event, contentOf: author) else { continue }
            if let smallest, smallest.stamp < event.header.stamp { continue }
            smallest = (event.header.stamp, deletion)
        }
        return smallest?.payload
    }

    /// The newest value of one field.
    private func newest<Value>(_ created: Value, _ stamp: Stamp, _ changes: [(stamp: Stamp, value: Value)]) -> Value {
        changes.filter { $0.stamp > stamp }.max { $0.stamp < $1.stamp }?.value ?? created
    }

    private func posts() -> [String] {
        let comments = commentCreations
        return postCreations.map { id, creation in
            let author = creation.payload.author
            let stamp = creation.event.header.stamp
            let live = comments.filter { comment in
                comment.value.payload.post == id
                    && deletion(of: comment.key, .comment, author: comment.value.payload.author) == nil
            }
            var line = "post \(id.rawValue) by \(author.key.agent.rawValue)"
            line += " at \(creation.payload.createdAtMs ?? stamp.time.ms)"
            line += " score \(score(.post, id)) comments \(live.count) "
            if let deletion = deletion(of: id, .post, author: author) {
                return line + "deleted by \(deletion.by.key.agent.rawValue) \(deletion.reason ?? "-")"
            }
            var titles: [(stamp: Stamp, value: String)] = []
            var contents: [(stamp: Stamp, value: String?)] = []
            var urls: [(stamp: Stamp, value: String?)] = []
            for case (let event, .postUpdated(let update)) in events
            where update.post == id && mayChange(update.by, event, contentOf: author) {
                if case .set(let value) = update.title { titles.append((event.header.stamp, value)) }
                if case .set(let value) = update.content { contents.append((event.header.stamp, value)) }
                if case .set(let value) = update.url { urls.append((event.header.stamp, value)) }
            }
            line += newest(creation.payload.title, stamp, titles)
            line += " | \(newest(creation.payload.content, stamp, contents) ?? "-")"
            return line + " | \(newest(creation.payload.url, stamp, urls) ?? "-")"
        }
    }

    private func comments() -> [String] {
        commentCreations.map { id, creation in
            let (comment, stamp) = (creation.payload, creation.event.header.stamp)
            var line = "comment \(id.rawValue) on \(comment.post.rawValue) below \(comment.parent?.rawValue ?? "-")"
            line += " by \(comment.author.key.agent.rawValue) at \(comment.createdAtMs ?? stamp.time.ms)"
            line += " score \(score(.comment, id)) "
            if let deletion = deletion(of: id, .comment, author: comment.author) {
                return line + "deleted by \(deletion.by.key.agent.rawValue) \(deletion.reason ?? "-")"
            }
            var contents: [(stamp: Stamp, value: String)] = []
            for case (let event, .commentUpdated(let update)) in events
            where update.comment == id && mayChange(update.by, event, contentOf: comment.author) {
                contents.append((event.header.stamp, update.content))
            }
            return line + newest(comment.content, stamp, contents)
        }
    }

    // MARK: Votes, karma, profiles

    private struct Register: Hashable {
        var target: ContentTarget
        var voter: AgentKey
    }

    private var newestVotes: [Register: (stamp: Stamp, value: Int64)] {
        var newest: [Register: (stamp: Stamp, value: Int64)] = [:]
        for case (let event, .voteCast(let vote)) in events where counting(vote.voter, event) {
            let register = Register(target: vote.target, voter: vote.voter)
            if let held = newest[register], held.stamp > event.header.stamp { continue }
            newest[register] = (event.header.stamp, vote.value)
        }
        return newest
    }

    private func score(_ kind: ContentKind, _ id: EntityID) -> Int64 {
        let target = ContentTarget(kind: kind, id: id)
        return newestVotes.reduce(0) { $1.key.target == target ? $0 + $1.value.value : $0 }
    }

    private func votes() -> [String] {
        newestVotes.map { register, vote in
            "vote \(register.target.kind) \(register.target.id.rawValue) \(register.voter.agent.rawValue) \(vote.value)"
        }
    }

    private func karma() -> [String] {
        var authors: [ContentTarget: AgentSnapshot] = [:]
        for (id, creation) in postCreations
        where deletion(of: id, .post, author: creation.payload.author) == nil {
            authors[ContentTarget(kind: .post, id: id)] = creation.payload.author
        }
        for (id, creation) in commentCreations
        where deletion(of: id, .comment, author: creation.payload.author) == nil {
            authors[ContentTarget(kind: .comment, id: id)] = creation.payload.author
        }
        var karma: [EntityID: Int64] = [:]
        for (register, vote) in newestVotes {
            guard let author = authors[register.target]?.key, author != register.voter else { continue }
            karma[author.agent, default: 0] += vote.value
        }
        return karma.filter { $0.value != 0 }.map { "karma \($0.key.rawValue) \($0.value)" }
    }

    private func profiles() -> [String] {
        var newest: [AgentKey: (stamp: Stamp, payload: AgentProfileChanged)] = [:]
        for case (let event, .agentProfileChanged(let profile)) in events {
            let key = AgentKey(instance: event.header.origin, agent: profile.agent)
            guard counting(key, event) else { continue }
            if let held = newest[key], held.stamp > event.header.stamp { continue }
            newest[key] = (event.header.stamp, profile)
        }
        return newest.map { key, held in
            "profile \(key.agent.rawValue) \(held.payload.name) \(held.payload.avatarURL ?? "-")"
        }
    }
}
