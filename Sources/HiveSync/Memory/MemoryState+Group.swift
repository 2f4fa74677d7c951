public import HiveModel

extension MemoryState {
    public func group() -> GroupRow? { groupRow }

    public mutating func putGroup(_ group: GroupRow) { groupRow = group }

    public mutating func addAct(_ key: ActKey, origin: InstanceID, place: Place) {
        let act = ActPlace(key: key, origin: origin, place: place)
        guard !(actIndexes[key] ?? []).contains(where: { actPlaces[$0] == act }) else { return }
        actIndexes[key, default: []].append(actPlaces.count)
        actPlaces.append(act)
    }

    public func acts(_ kind: ActKind) -> [Event] {
        actPlaces.lazy.filter { $0.key.kind == kind }.compactMap { event(origin: $0.origin, place: $0.place) }
    }

    public func acts(_ key: ActKey) -> [Event] {
        (actIndexes[key] ?? []).compactMap { event(origin: actPlaces[$0].origin, place: actPlaces[$0].place) }
    }

    // MARK: What was decided

    public func owners() -> [OwnerRow] { ownerRows }

    public mutating func putOwners(_ owners: [OwnerRow]) { ownerRows = owners }

    public func members() -> [MemberRow] { memberRows }

    public mutating func putMembers(_ members: [MemberRow]) { memberRows = members }

    public func moderators() -> [ModeratorRow] { moderatorRows }

    public mutating func putModerators(_ moderators: [ModeratorRow]) { moderatorRows = moderators }

    public func bans() -> [BanRow] { banRows.values.sorted { $0.agent < $1.agent } }

    public func ban(of agent: RowNumber) -> BanRow? { banRows[agent] }

    public mutating func putBan(_ ban: BanRow?, of agent: RowNumber) { banRows[agent] = ban }

    public func membership(of agent: RowNumber) -> MembershipRow? { membershipRows[agent] }

    public mutating func putMembership(_ membership: MembershipRow, of agent: RowNumber) {
        membershipRows[agent] = membership
    }

    public func settings() -> [SettingRow] {
        settingRows.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    public func setting(_ key: String) -> SettingRow? { settingRows[ActKey(setting: key)] }

    public mutating func putSetting(_ setting: SettingRow?, of key: String) {
        settingRows[ActKey(setting: key)] = setting
    }

    // MARK: Root, rebuilding

    public func stateRoot() -> StateRoot { root }

    public mutating func putStateRoot(_ root: StateRoot) { self.root = root }

    public mutating func clear() {
        profiles = [:]
        karma = Array(repeating: 0, count: agents.count)
        posts = []
        postRows = [:]
        comments = []
        commentRows = [:]
        writesByTarget = [:]
        votes = []
        voteIndexes = [:]
        votesByTarget = [:]
        groupRow = nil
        actPlaces = []
        actIndexes = [:]
        ownerRows = []
        memberRows = []
        moderatorRows = []
        banRows = [:]
        membershipRows = [:]
        settingRows = [:]
        memo = FoldMemo()
        root = StateRoot()
    }

    public func forEachEntity(_ body: (Entity) throws -> Void) rethrows {
        if let groupRow { try body(.group(groupRow)) }
        for owner in ownerRows { try body(.owner(owner)) }
        for member in memberRows { try body(.member(member)) }
        for moderator in moderatorRows { try body(.moderator(moderator, agent: agentKey(moderator.agent))) }
        for ban in bans() { try body(.ban(ban, agent: agentKey(ban.agent))) }
        for (index, agent) in agents.enumerated() {
            if let row = membershipRows[RowNumber(index + 1)] { try body(.membership(row, agent: agent)) }
        }
        for setting in settings() { try body(.setting(setting)) }
        for post in posts {
            guard let creation = post.creation else { continue }
            try body(
                .post(post, author: agentKey(creation.author), deletedBy: post.tombstone.map { agentKey($0.by) })
            )
        }
        for comment in comments {
            guard let creation = comment.creation, let post = comment.post else { continue }
            try body(
                .comment(
                    comment,
                    post: postID(post),
                    author: agentKey(creation.author),
                    deletedBy: comment.tombstone.map { agentKey($0.by) }
                )
            )
        }
        for (key, vote) in votes {
            try body(.vote(vote, target: contentTarget(key.target), voter: agentKey(key.voter)))
        }
        for (index, agent) in agents.enumerated() {
            if let profile = profiles[RowNumber(index + 1)] { try body(.profile(profile, agent: agent)) }
        }
    }

    public mutating func note(_ change: FoldChange) { changes.append(change) }

    func contentTarget(_ target: TargetRow) -> ContentTarget {
        switch target.kind {
        case .post: ContentTarget(kind: .post, id: posts[Int(target.row) - 1].id)
        case .comment: ContentTarget(kind: .comment, id: comments[Int(target.row) - 1].id)
        }
    }
}
