import HiveModel
import HivePorts

extension MemoryCommunity: GovernanceReads {
    func members(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) throws -> Page<HiveMember> {
        try call { state in
            let hive = try state.existingHive(name, viewer)
            let rows = hive.roles.sorted { $0.key < $1.key }.map { row, role in
                HiveMember(agent: state.agents[Int(row) - 1], role: HiveRole(rawValue: role), joinedAtMs: state.nowMs)
            }
            return Page(rows: Array(rows.dropFirst(offset).prefix(limit)), total: Int64(rows.count))
        }
    }

    func applicants(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) throws -> Page<HiveMember> {
        try call { state in
            _ = try state.existingHive(name, viewer)
            return Page(rows: [HiveMember(agent: state.agents[0], role: nil, joinedAtMs: nil)], total: 1)
        }
    }

    func standing(of agent: Int64, inHive name: String) throws -> HiveStanding {
        try call { state in
            guard let hive = state.hives.first(where: { $0.view.name == name }) else {
                throw HiveError(.notFound, "There is no hive '\(name)'.")
            }
            let role = hive.roles[agent].flatMap { HiveRole(rawValue: $0) }
            return HiveStanding(
                role: role,
                hasJoined: role == .member,
                isBanned: hive.bans[agent] != nil,
                isApproved: hive.approved.contains(agent)
            )
        }
    }

    func moderators(ofHive name: String, viewer: Viewer) throws -> [HiveModerator] {
        try call { state in
            let hive = try state.existingHive(name, viewer)
            return hive.roles.sorted { $0.key < $1.key }.compactMap { row, role in
                guard role == "admin" || role == "moderator" else { return nil }
                return state.moderator(row, role)
            }
        }
    }

    func bans(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) throws -> Page<HiveBan> {
        try call { state in
            let hive = try state.existingHive(name, viewer)
            let rows = hive.bans.sorted { $0.key < $1.key }.map(\.value)
            return Page(rows: Array(rows.dropFirst(offset).prefix(limit)), total: Int64(rows.count))
        }
    }

    func settings(ofHive name: String, viewer: Viewer) throws -> HiveSettingsView {
        try call { state in
            let hive = try state.existingHive(name, viewer).view
            return HiveSettingsView(
                description: hive.description,
                isPublic: hive.isPublic,
                retentionDays: 90,
                maxClockDriftMs: 60_000,
                othersJSON: hive.settingsJSON
            )
        }
    }

    func history(ofPost id: String, viewer: Viewer) throws -> [PostRevision]? {
        guard let post = try post(id: id, viewer: viewer) else { return nil }
        let first = PostRevision(
            kind: .created,
            eventID: "e1",
            atMs: post.createdAtMs,
            by: post.author,
            title: post.title,
            content: .some(post.content),
            url: .some(post.url)
        )
        let edit = PostRevision(kind: .updated, eventID: "e2", atMs: post.updatedAtMs, by: post.author, title: "Later")
        return [first, edit]
    }

    func moderationLog(
        ofHive name: String,
        viewer: Viewer,
        limit: Int,
        offset: Int
    ) throws -> [ModerationEntry] {
        try call { state in
            _ = try state.existingHive(name, viewer)
            let agent = state.agents[0]
            let subjects: [(ModerationEntry.Action, ModerationEntry.Subject, AgentView?)] = [
                (.ban, .agent(agent), agent), (.instanceAdded, .instance(Self.otherInstanceID), nil),
                (.settingChanged, .setting(key: "description", valueJSON: "\"new\""), agent),
                (.postDeleted, .content("p1"), agent),
            ]
            return subjects.dropFirst(offset).prefix(limit).map { action, subject, by in
                ModerationEntry(
                    action: action,
                    subject: subject,
                    by: by,
                    originInstanceID: Self.instanceID,
                    reason: "because",
                    atMs: state.nowMs,
                    eventID: "e1",
                    isInForce: true
                )
            }
        }
    }

    func conflicts(inGroup id: String) throws -> [SettingConflict] {
        try call { state in
            guard id == StubSyncAdmin.groupID else { throw HiveError(.notFound, "There is no group '\(id)'.") }
            func head(_ id: String, _ json: String) -> SettingConflict.Head {
                SettingConflict.Head(eventID: id, valueJSON: json, by: state.agents[0], atMs: state.nowMs)
            }
            return [SettingConflict(key: "description", winner: head("e1", "\"a\""), losers: [head("e2", "null")])]
        }
    }
}

extension MemoryCommunity: GovernanceWrites {
    func updateHive(named name: String, _ change: HiveChange, by viewer: Viewer) throws -> HiveView {
        try govern(name, viewer) { state, hive in
            guard change != HiveChange() else { return hive.view }
            hive.view.updatedAtMs = state.tick()
            if let description = change.description { hive.view.description = description }
            if let isPublic = change.isPublic { hive.view.isPublic = isPublic }
            if let settings = change.settingsJSON { hive.view.settingsJSON = settings }
            return hive.view
        }
    }

    func joinHive(named name: String, by agent: AgentIdentity) throws {
        try change(name) { state, hive in
            guard hive.view.isPublic || hive.approved.contains(agent.row) || hive.roles[agent.row] != nil else {
                throw HiveError(.forbidden, "The hive '\(name)' is private.")
            }
            guard hive.roles[agent.row] == nil else { throw HiveError(.badRequest, "A member already.") }
            hive.roles[agent.row] = "member"
            hive.view.memberCount += 1
            _ = state.tick()
        }
    }

    func leaveHive(named name: String, by agent: AgentIdentity) throws {
        try change(name) { state, hive in
            guard let role = hive.roles[agent.row], role != "owner" else {
                throw HiveError(.badRequest, "The owner stays, and others are no members.")
            }
            hive.roles[agent.row] = nil
            hive.view.memberCount -= 1
            _ = state.tick()
        }
    }

    func approve(_ agent: String, inHive name: String, by viewer: Viewer) throws {
        try govern(name, viewer) { state, hive in
            let row = try state.row(of: agent)
            guard !hive.view.isPublic else { throw HiveError(.badRequest, "The hive is public.") }
            guard hive.bans[row] == nil else { throw HiveError(.conflict, "The agent is banned.") }
            hive.approved.insert(row)
            _ = state.tick()
        }
    }

    func appoint(
        _ agent: String,
        inHive name: String,
        _ order: AppointmentOrder,
        by viewer: Viewer
    ) throws -> HiveModerator {
        try govern(name, viewer) { state, hive in
            let row = try state.row(of: agent)
            guard hive.roles[row] != "owner" else { throw HiveError(.badRequest, "The owner.") }
            hive.roles[row] = order.isAdmin ? "admin" : "moderator"
            _ = state.tick()
            return state.moderator(row, order.isAdmin ? "admin" : "moderator")
        }
    }

    func dismiss(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) throws {
        try govern(name, viewer) { state, hive in
            let row = try state.row(of: agent)
            guard hive.roles[row] == "moderator" || hive.roles[row] == "admin" else {
                throw HiveError(.notFound, "No moderator.")
            }
            hive.roles[row] = nil
            _ = state.tick()
        }
    }

    func ban(_ agent: String, inHive name: String, _ order: BanOrder, by viewer: Viewer) throws -> HiveBan {
        try govern(name, viewer) { state, hive in
            let row = try state.row(of: agent)
            let by = viewer.agent.map { state.agents[Int($0.row) - 1] } ?? state.agents[0]
            let ban = HiveBan(
                agent: state.agents[Int(row) - 1],
                by: by,
                reason: order.reason,
                hidesPast: order.hidesPast,
                bannedAtMs: state.tick(),
                eventID: "e1"
            )
            hive.bans[row] = ban
            return ban
        }
    }

    func unban(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) throws {
        try govern(name, viewer) { state, hive in
            guard hive.bans.removeValue(forKey: try state.row(of: agent)) != nil else {
                throw HiveError(.notFound, "Not banned.")
            }
            _ = state.tick()
        }
    }

    func togglePin(ofPost id: String, by viewer: Viewer) throws -> Bool {
        guard let post = try post(id: id, viewer: viewer) else { throw HiveError(.notFound, "No post.") }
        return try govern(post.hiveName, viewer) { state, _ in
            guard let place = state.posts.firstIndex(where: { $0.id == id }) else { return false }
            state.posts[place].isPinned.toggle()
            _ = state.tick()
            return state.posts[place].isPinned
        }
    }

    func transferHive(named name: String, to agent: String, by viewer: Viewer) throws -> HiveView {
        try govern(name, viewer) { state, hive in
            let row = try state.row(of: agent)
            hive.view.ownerID = state.agents[Int(row) - 1].id
            _ = state.tick()
            return hive.view
        }
    }

    // MARK: Parts

    private func change<Result: Sendable>(
        _ name: String,
        _ body: (inout State, inout Hive) throws -> Result
    ) throws -> Result {
        try call { state in
            guard let place = state.hives.firstIndex(where: { $0.view.name == name }) else {
                throw HiveError(.notFound, "There is no hive '\(name)'.")
            }
            var hive = state.hives[place]
            let result = try body(&state, &hive)
            state.hives[place] = hive
            return result
        }
    }

    private func govern<Result: Sendable>(
        _ name: String,
        _ viewer: Viewer,
        _ body: (inout State, inout Hive) throws -> Result
    ) throws -> Result {
        try change(name) { state, hive in
            let role = viewer.agent.flatMap { hive.roles[$0.row] }
            guard viewer.isAdmin || ["owner", "admin", "moderator"].contains(role ?? "") else {
                throw HiveError(.forbidden, "Only the owner and moderators may do this.")
            }
            return try body(&state, &hive)
        }
    }
}

extension MemoryCommunity.State {
    fileprivate func existingHive(_ name: String, _ viewer: Viewer) throws -> MemoryCommunity.Hive {
        guard let hive = try visibleHive(name, viewer) else {
            throw HiveError(.notFound, "There is no hive '\(name)'.")
        }
        return hive
    }

    fileprivate func row(of agent: String) throws -> Int64 {
        guard let found = agents.first(where: { $0.name == agent || $0.id == agent }) else {
            throw HiveError(.notFound, "There is no agent '\(agent)'.")
        }
        return found.row
    }

    fileprivate func moderator(_ row: Int64, _ role: String) -> HiveModerator {
        HiveModerator(
            agent: agents[Int(row) - 1],
            role: HiveRole(rawValue: role) ?? .moderator,
            appointedBy: nil,
            appointedAtMs: nowMs,
            eventID: "e1"
        )
    }
}
