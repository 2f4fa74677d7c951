import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// In whose name something is decided in a hive, and by what right.
struct Governor {
    enum Rank: Int {
        /// Of the content in question alone.
        case author
        case moderator
        /// Appoints and dismisses moderators.
        case admin
        case owner
    }

    /// An agent of this instance.
    var agent: AgentSnapshot
    var rank: Rank
    /// What its acts name in `refs.auth`; nil for owners and authors.
    var grant: EventID?
    /// The admin of this instance for whom the owner's agent acts.
    var actingAdmin: AgentIdentity?
}

extension WriteTurn {
    /// Who the viewer is where a hive is governed: its owner, a moderator by grant, or, as an admin of the instance
    /// that owns it, the owner's agent.
    func governor(
        of hive: HiveView,
        viewer: Viewer,
        least: Governor.Rank,
        allowsAdmins: Bool = true
    ) throws -> Governor {
        let group = try writableGroup(of: hive)
        let state = try state(of: group)
        let owner = try state.owners().last?.agent
        if let agent = viewer.agent {
            if let owner, owner.instance == local.instance, owner.agent.rawValue == agent.id {
                return Governor(agent: try actor(agent, in: group), rank: .owner)
            }
            if let held = try state.moderators().first(where: { $0.agent == agent.row }) {
                let rank: Governor.Rank = held.role == .admin ? .admin : .moderator
                if rank.rawValue >= least.rawValue {
                    return Governor(agent: try actor(agent, in: group), rank: rank, grant: held.event)
                }
            }
        }
        guard allowsAdmins, viewer.isAdmin, let owner, owner.instance == local.instance else {
            throw Self.ungoverned(hive, owner, viewer, least, allowsAdmins: allowsAdmins)
        }
        let view = try agentView(try state.agentRow(owner, name: nil, avatarURL: nil))
        return Governor(agent: try actor(view, in: group), rank: .owner, actingAdmin: viewer.agent)
    }

    private static func ungoverned(
        _ hive: HiveView,
        _ owner: AgentKey?,
        _ viewer: Viewer,
        _ least: Governor.Rank,
        allowsAdmins: Bool
    ) -> HiveError {
        guard let owner else {
            return HiveError(
                .forbidden,
                "Nobody owns the hive \(hive.name) until its successors name an owner: two owners were named at once."
            )
        }
        let who =
            switch least {
            case .author, .moderator: "its author, and the owner and moderators of the hive \(hive.name),"
            case .admin: "the owner and admins of the hive \(hive.name)"
            case .owner: "the owner of the hive \(hive.name)"
            }
        let home = "The hive is owned on instance \(owner.instance.rawValue): its admins may do it there."
        let isElsewhere = allowsAdmins && viewer.isAdmin
        return HiveError(.forbidden, "Only \(who) may do this." + (isElsewhere ? " " + home : ""))
    }

    /// Writes what a governor or author decided; the event names an admin who acts for the owner.
    @discardableResult
    func decree(
        _ payload: EventPayload,
        by governor: Governor,
        replacing replaced: [EventID] = [],
        in group: GroupID
    ) throws -> Event {
        guard var write = LocalWrite(payload, refs: EventRefs(par: replaced, auth: governor.grant)) else {
            throw HiveError(.internalFault, "An event without a payload can't be written.")
        }
        if let admin = governor.actingAdmin {
            guard let members = (try? JSONValue(parsing: write.payload))?.members else {
                throw HiveError(.internalFault, "A payload is not an object.")
            }
            write.payload = JSONValue.object(unsorted: members + [Self.acting(admin)]).canonicalBytes()
        }
        // Who may do what, and how the hive is set, may be something else from here on.
        memory.hives.removeAll()
        return try emit(write, in: group)
    }

    /// The member that names the admin for whom the owner's agent acts.
    static func acting(_ admin: AgentIdentity) -> JSONMember {
        let value = JSONValue.object(unsorted: [
            JSONMember("agent_id", .string(admin.id)), JSONMember("name", .string(admin.name)),
        ])
        return JSONMember("acting_admin", value)
    }

    /// How far this instance holds the log of another, or its own.
    func fence(of instance: InstanceID, in group: GroupID) throws -> Fence? {
        try state(of: group).head(of: instance).map { Fence(place: $0.place, hash: $0.hash) }
    }

    /// Whom an act is about.
    func subject(_ name: String, in group: GroupID) throws -> (view: AgentView, snapshot: AgentSnapshot) {
        guard let view = try transaction.agent(named: name) else {
            throw HiveError(.notFound, "There is no agent \(name).")
        }
        let key = try state(of: group).agentKey(view.row)
        return (view, AgentSnapshot(key: key, name: view.name, avatarURL: view.avatarURL))
    }

    func isOwner(_ agent: AgentSnapshot, in group: GroupID) throws -> Bool {
        try state(of: group).owners().last?.agent == agent.key
    }

    /// What the group decided otherwise, although the rights seemed to be there.
    static let noEffect = HiveError(
        .conflict,
        "The change would have no effect: others decided the same thing meanwhile. Look again and repeat it."
    )
}
