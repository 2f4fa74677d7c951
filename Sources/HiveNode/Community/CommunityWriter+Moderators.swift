import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension CommunityWriter {
    func appoint(
        _ agent: String,
        inHive name: String,
        _ order: AppointmentOrder,
        by viewer: Viewer
    ) async throws -> HiveModerator {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: order.isAdmin ? .owner : .admin)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            guard try !turn.isOwner(subject.snapshot, in: group) else {
                throw HiveError(.badRequest, "\(subject.view.name) owns the hive \(hive.name).")
            }
            let held = try turn.moderator(subject.view.row, in: group)
            try turn.checkRank(of: governor, over: held, hive)
            let role: ModeratorRole = order.isAdmin ? .admin : .moderator
            if let held, held.role == role { return try turn.view(of: held, in: group) }
            if held?.role == .admin {
                // A grant once given holds until a removal: an admin's has to end before the lesser one begins.
                try turn.appoint(subject.snapshot, .remove, by: governor, order.reason, in: group)
            }
            try turn.appoint(subject.snapshot, .add(role), by: governor, order.reason, in: group)
            guard let row = try turn.moderator(subject.view.row, in: group), row.role == role else {
                throw WriteTurn.noEffect
            }
            return try turn.view(of: row, in: group)
        }
    }

    func dismiss(_ agent: String, inHive name: String, reason: String?, by viewer: Viewer) async throws {
        try await writer.perform { turn in
            let hive = try turn.hive(name, viewer: viewer)
            let governor = try turn.governor(of: hive, viewer: viewer, least: .admin)
            let group = try turn.groupID(of: hive)
            let subject = try turn.subject(agent, in: group)
            guard let held = try turn.moderator(subject.view.row, in: group) else {
                throw HiveError(.notFound, "\(subject.view.name) is no moderator of the hive \(hive.name).")
            }
            try turn.checkRank(of: governor, over: held, hive)
            try turn.appoint(subject.snapshot, .remove, by: governor, reason, in: group)
            guard try turn.moderator(subject.view.row, in: group) == nil else { throw WriteTurn.noEffect }
        }
    }
}

extension WriteTurn {
    fileprivate func moderator(_ row: RowNumber, in group: GroupID) throws -> ModeratorRow? {
        try state(of: group).moderators().first { $0.agent == row }
    }

    /// Admins of a hive appoint and dismiss moderators; only the owner does so with admins.
    fileprivate func checkRank(of governor: Governor, over held: ModeratorRow?, _ hive: HiveView) throws {
        guard held?.role != .admin || governor.rank == .owner else {
            throw HiveError(.forbidden, "Only the owner of the hive \(hive.name) decides about its admins.")
        }
    }

    fileprivate func appoint(
        _ agent: AgentSnapshot,
        _ change: ModeratorChanged.Change,
        by governor: Governor,
        _ reason: String?,
        in group: GroupID
    ) throws {
        let appointment = ModeratorChanged(
            agent: agent,
            change: change,
            by: governor.agent,
            fence: try fence(of: agent.key.instance, in: group),
            reason: reason
        )
        try decree(
            .moderatorChanged(appointment),
            by: governor,
            replacing: try seenHeads(of: ActKey(.moderator, about: agent.key), in: group),
            in: group
        )
    }

    fileprivate func view(of row: ModeratorRow, in group: GroupID) throws -> HiveModerator {
        let key = try state(of: group).agentKey(row.agent)
        let act = try state(of: group).acts(ActKey(.moderator, about: key)).first { $0.id == row.event }
        var appointer: AgentView?
        if let act, case .moderatorChanged(let said) = EventPayload(of: act) {
            appointer = try agentView(try state(of: group).agentRow(said.by.key, name: nil, avatarURL: nil))
        }
        return HiveModerator(
            agent: try agentView(row.agent),
            role: row.role == .admin ? .admin : .moderator,
            appointedBy: appointer,
            appointedAtMs: act?.header.stamp.time.ms,
            eventID: row.event.rawValue
        )
    }
}
