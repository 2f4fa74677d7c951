import HiveModel
import HivePorts
import HiveSync

/// What a post was and became, from the log.
struct HistoryReads {
    let reader: Reader
    let scope: ViewerScope

    /// Oldest first; nil where the post is unknown, deleted or hidden.
    func revisions(ofPost id: String) throws -> [PostRevision]? {
        guard let post = try PostReads.post(id: id, scope, reader) else { return nil }
        guard let hive = try HiveReads.hive(named: post.view.hiveName, scope, reader), let stamp = post.stamp else {
            return nil
        }
        let events = try GroupEvents(hive, reader)
        var revisions: [PostRevision] = []
        if let event = try events.event(origin: post.view.originInstanceID, stamp.place),
            case .postCreated(let said) = EventPayload(of: event)
        {
            var revision = revision(.created, event, by: post.view.author)
            revision.title = said.title
            revision.content = .some(said.content)
            revision.url = .some(said.url)
            revisions.append(revision)
        }
        return try revisions + edits(of: post, events)
    }

    private struct Write {
        var log: Int64
        var seq: Int64
        var agent: Int64
        var place: Place?
    }

    private func edits(of post: PostRecord, _ events: GroupEvents) throws -> [PostRevision] {
        let row = try reader.prepare(GovernanceSQL.edits)
        row.bind(1, post.view.row * 2)
        var writes: [Write] = []
        while try row.step() {
            let stamp = try? row.stamp(5, prefix: StampCode.unpack)
            writes.append(Write(log: row.int(1), seq: row.int(2), agent: row.int(3), place: stamp?.place))
        }
        guard !writes.isEmpty else { return [] }
        let rights = try ModerationRights(events, reader)
        let fence = try authorsFence(post)
        return try writes.compactMap { write in
            guard let event = try events.event(log: write.log, seq: write.seq),
                let by = try AgentReads.agent(row: write.agent, reader)
            else { return nil }
            let isAuthors = write.agent == post.view.author.row && fence.allows(write.place)
            let key = try ModerationRights.key(of: write.agent, reader)
            let isModerators = key.map { rights.mayModerate($0, by: event.header.refs.auth) } ?? false
            switch EventPayload(of: event) {
            case .postUpdated(let said) where isAuthors || isModerators:
                var revision = revision(.updated, event, by: by)
                if case .set(let title) = said.title { revision.title = title }
                if case .set(let content) = said.content { revision.content = .some(content) }
                if case .set(let url) = said.url { revision.url = .some(url) }
                return revision
            case .postPinned(let said) where isModerators:
                return revision(said.isPinned ? .pinned : .unpinned, event, by: by)
            default: return nil
            }
        }
    }

    private func revision(_ kind: PostRevision.Kind, _ event: Event, by agent: AgentView) -> PostRevision {
        PostRevision(kind: kind, eventID: event.id.rawValue, atMs: event.header.stamp.time.ms, by: agent)
    }

    /// Up to where a ban leaves the author's own edits their effect.
    private enum AuthorsFence {
        case none
        case upTo(Place?)

        func allows(_ place: Place?) -> Bool {
            switch self {
            case .none: true
            case .upTo(let last): place.flatMap { place in last.map { place <= $0 } } ?? false
            }
        }
    }

    private func authorsFence(_ post: PostRecord) throws -> AuthorsFence {
        let row = try reader.prepare(DecidedSQL.ban)
        row.bind(1, post.group).bind(2, post.view.author.row)
        guard try row.step(), row.text(1) == MembershipChanged.Action.ban.rawValue,
            row.text(2) == BanScope.later.rawValue
        else { return .none }
        return .upTo(row.optionalInt(3).map { Place(epoch: $0, seq: row.int(4)) })
    }
}
