import HiveModel
public import HiveSync

extension OracleOutline {
    /// The lines of a real state that the events of a history were folded into.
    /// - Parameter heads: where its logs end, if that is to be compared.
    public init<Crypto>(
        _ state: some FoldState,
        heads: [LogHead] = [],
        of events: OracleEvents<Crypto>
    ) throws {
        self.init()
        var reading = Reading(events: events, state: state)
        try state.forEachEntity { reading.add($0) }
        for head in heads { reading.add(head) }
        lines = try reading.lines().sorted()
    }
}

/// Reads a real state back into the names of a history.
private struct Reading<State: FoldState, Crypto: TestCrypto> {
    let events: OracleEvents<Crypto>
    let state: State
    private var read = OracleOutline()
    private var posts: [EntityID: PostRow] = [:]
    private var comments: [EntityID: (row: CommentRow, post: EntityID)] = [:]
    private var voted: Set<EntityID> = []

    init(events: OracleEvents<Crypto>, state: State) {
        self.events = events
        self.state = state
    }

    private var world: OracleWorld<Crypto> { events.world }

    mutating func add(_ entity: Entity) {
        switch entity {
        case .group, .profile: break
        case .owner(let owner):
            read.lines.append("owner \(owner.n) \(owner.agent.map { world.letter($0.instance) } ?? "nobody")")
        case .member(let member):
            read.lines.append("member \(world.letter(member.instance)) \(member.role.rawValue)")
        case .moderator(let moderator, let agent):
            read.lines.append("moderator \(world.name(agent)) \(moderator.role.rawValue)")
        case .ban(let ban, let agent): read.lines.append("ban \(world.name(agent)) \(events.name(ban.event))")
        case .membership(let membership, let agent):
            read.lines.append("join \(world.name(agent)) \(membership.isJoined ? "join" : "leave")")
        case .setting(let setting):
            read.add(
                setting: OracleSettings.name(setting.key),
                value: (try? JSONValue(parsing: setting.value))?.string ?? "?",
                heads: setting.heads.map { events.name($0) }
            )
        case .post(let post, _, _): posts[post.id] = post
        case .comment(let comment, let post, _, _): comments[comment.id] = (comment, post)
        case .vote(let vote, let target, let voter):
            read.add(vote: vote.counted, of: world.name(voter), on: world.name(target.id))
            voted.insert(target.id)
        }
    }

    mutating func add(_ head: LogHead) {
        let id = EventID(prefix: head.origin.prefix, hash: head.hash)
        read.add(head: events.name(id), of: world.letter(head.origin))
    }

    /// What was read, and what follows from all of it together.
    func lines() throws -> [String] {
        var outline = read
        for (id, post) in posts {
            let name = world.name(id)
            outline.add(
                post: name,
                isVisible: isVisible(post),
                title: post.title,
                isPinned: post.isPinned,
                deletedBy: try post.tombstone.map { try self.name($0.stamp) }
            )
            if isVisible(post) { outline.add(comments: post.commentCount, on: name) }
        }
        for (id, comment) in comments {
            outline.add(
                comment: world.name(id),
                isVisible: comment.row.isLive && posts[comment.post].map(isVisible) ?? false,
                isDeleted: comment.row.tombstone != nil,
                post: world.name(comment.post),
                depth: depth(of: id)
            )
        }
        for id in voted {
            if let score = try state.post(id)?.post.score { outline.add(score: score, of: world.name(id)) }
        }
        return outline.lines
    }

    private func isVisible(_ post: PostRow) -> Bool { post.isLive }

    /// The standing event that has this stamp; a repeat at the place of its original, cut away, has the same.
    private func name(_ stamp: Stamp) throws -> String {
        guard let party = world.parties.first(where: { $0.id.prefix == stamp.prefix }),
            let event = try state.event(origin: party.id, place: stamp.place), event.header.stamp == stamp
        else { return "no event" }
        return events.name(event.id)
    }

    // MARK: Depth

    /// How deep a comment is shown: a parent counts if it is known, on the same post, and on no cycle with it.
    private func depth(of id: EntityID) -> Int {
        var path: [EntityID] = []
        var next: EntityID? = id
        while let current = next, comments[current] != nil {
            if let start = path.firstIndex(of: current) {
                // Everything on a cycle is at top level, what hangs on it below.
                return max(0, start)
            }
            path.append(current)
            next = parent(of: current)
        }
        return path.count - 1
    }

    private func parent(of id: EntityID) -> EntityID? {
        guard let comment = comments[id], let parent = comment.row.parent, comments[parent]?.post == comment.post else {
            return nil
        }
        return parent
    }
}
