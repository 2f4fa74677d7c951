import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension CommunityWriter: GovernanceWrites {
    func updateHive(named name: String, _ change: HiveChange, by viewer: Viewer) async throws -> HiveView {
        try await writer.perform { turn in
            try turn.change(try turn.hive(name, viewer: viewer), change, viewer: viewer)
            return try turn.hive(name, viewer: viewer)
        }
    }

    // MARK: Members

    func joinHive(named name: String, by agent: AgentIdentity) async throws {
        try await writer.perform { turn in
            // Whoever was approved may join before it sees anything.
            let hive = try turn.hive(name, viewer: .admin(nil))
            let standing = try turn.transaction.standing(of: agent.row, inHive: hive.name)
            let group = try turn.writableGroup(of: hive, as: agent)
            guard hive.isPublic || standing.isApproved || standing.role != nil else {
                throw HiveError(
                    .forbidden,
                    "The hive \(hive.name) is private: its owner or a moderator has to approve you first."
                )
            }
            guard standing.role == nil else {
                throw HiveError(.badRequest, "\(agent.name) is a member of the hive \(hive.name) already.")
            }
            try turn.emitMembership(.join, of: agent, in: group)
        }
    }

    func leaveHive(named name: String, by agent: AgentIdentity) async throws {
        try await writer.perform { turn in
            let standing = try turn.transaction.standing(of: agent.row, inHive: name)
            let hive = try turn.hive(name, viewer: standing.hasJoined ? .admin(nil) : .agent(agent))
            guard standing.role != .owner else {
                throw HiveError(.badRequest, "The owner of the hive \(hive.name) can't leave it: transfer it first.")
            }
            guard standing.hasJoined else {
                throw HiveError(.badRequest, "\(agent.name) is no member of the hive \(hive.name).")
            }
            try turn.emitMembership(.leave, of: agent, in: try turn.writableGroup(of: hive))
        }
    }

    func approve(_ agent: String, inHive name: String, by viewer: Viewer) async throws {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .moderator)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            guard !hive.isPublic else {
                throw HiveError(.badRequest, "The hive \(hive.name) is public: agents join it by themselves.")
            }
            let held = try turn.state(of: group).ban(of: subject.view.row)
            guard held?.action != .ban else {
                throw HiveError(
                    .conflict,
                    "\(subject.view.name) is banned from the hive \(hive.name): lift the ban first."
                )
            }
            guard held?.action != .approve else { return }
            _ = try turn.judge(subject, .approve, by: governor, in: group)
        }
    }

    // MARK: Bans

    func ban(_ agent: String, inHive name: String, _ order: BanOrder, by viewer: Viewer) async throws -> HiveBan {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .moderator)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            guard try !turn.isOwner(subject.snapshot, in: group) else {
                throw HiveError(.forbidden, "Nobody bans the owner of the hive \(hive.name).")
            }
            let state = try turn.state(of: group)
            let isModerator = try state.moderators().contains { $0.agent == subject.view.row }
            guard !isModerator || governor.rank == .owner else {
                throw HiveError(.forbidden, "Only the owner of the hive \(hive.name) bans a moderator.")
            }
            let scope: BanScope = order.hidesPast ? .all : .later
            let held = try state.ban(of: subject.view.row).flatMap { $0.action == .ban ? $0 : nil }
            if let held, held.scope == scope, held.reason == order.reason { return try turn.view(of: held) }
            let ban = try turn.judge(
                subject,
                .ban,
                by: governor,
                in: group,
                scope: scope,
                // What the first ban hid must not return because its words were changed.
                fence: held.map(\.fence),
                reason: order.reason
            )
            return try turn.view(of: ban)
        }
    }

    func unban(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) async throws {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .moderator)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            guard try turn.state(of: group).ban(of: subject.view.row)?.action == .ban else {
                throw HiveError(.notFound, "\(subject.view.name) is not banned from the hive \(hive.name).")
            }
            _ = try turn.judge(subject, .unban, by: governor, in: group, reason: reason)
        }
    }

    // MARK: Pins and ownership

    func togglePin(ofPost id: String, by viewer: Viewer) async throws -> Bool {
        try await writer.perform { turn in
            let post = try turn.livePost(id, viewer: viewer)
            let hive = try turn.hive(post.hiveName, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .moderator)
            let pin = PostPinned(post: try turn.entityID(post.id), isPinned: !post.isPinned, by: governor.agent)
            try turn.decree(.postPinned(pin), by: governor, in: try turn.groupID(of: hive))
            return try turn.livePost(id, viewer: viewer).isPinned
        }
    }

    func transferHive(named name: String, to agent: String, by viewer: Viewer) async throws -> HiveView {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .owner)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            try turn.transfer(hive, to: subject.snapshot, by: governor, in: group)
            return try turn.hive(name, viewer: .admin(nil))
        }
    }
}

extension WriteTurn {
    /// An agent's own word on being in a hive.
    fileprivate func emitMembership(
        _ action: MembershipChanged.Action,
        of agent: AgentIdentity,
        in group: GroupID
    ) throws {
        let snapshot = try actor(agent, in: group)
        memory.hives.removeAll()
        try emit(.membershipChanged(MembershipChanged(agent: snapshot, action: action, by: snapshot)), in: group)
    }

    /// Bans, unbans or approves an agent.
    /// - Parameter fence: nil = how far the log of the agent's instance is held now.
    fileprivate func judge(
        _ subject: (view: AgentView, snapshot: AgentSnapshot),
        _ action: MembershipChanged.Action,
        by governor: Governor,
        in group: GroupID,
        scope: BanScope = .later,
        fence given: Fence?? = nil,
        reason: String? = nil
    ) throws -> BanRow {
        let judgement = MembershipChanged(
            agent: subject.snapshot,
            action: action,
            by: governor.agent,
            scope: scope,
            fence: try given ?? fence(of: subject.snapshot.key.instance, in: group),
            reason: reason
        )
        let event = try decree(
            .membershipChanged(judgement),
            by: governor,
            replacing: try seenHeads(of: ActKey(.ban, about: subject.snapshot.key), in: group),
            in: group
        )
        guard let decided = try state(of: group).ban(of: subject.view.row), decided.event == event.id else {
            throw Self.noEffect
        }
        return decided
    }

    fileprivate func view(of ban: BanRow) throws -> HiveBan {
        HiveBan(
            agent: try agentView(ban.agent),
            by: try agentView(ban.by),
            reason: ban.reason,
            hidesPast: ban.scope == .all,
            bannedAtMs: ban.stamp.time.ms,
            eventID: ban.event.rawValue
        )
    }
}
